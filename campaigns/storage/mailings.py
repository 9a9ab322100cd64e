"""Mailings: one dispatch of a campaign, with a copy of all that it sends; the mapped class and its queries."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.checks import Clearance
from campaigns.domain.states import CAMPAIGN, MAILING, OPEN_MESSAGES, CampaignState, MailingState
from campaigns.storage.campaigns import CONTENT, Campaign, condition_of, fingerprint
from campaigns.storage.messages import Message
from campaigns.storage.tempos import TEMPO, Tempo
from campaigns.storage.variants import keep_trial
from core.bells import ring
from core.database import Base, Json, Moment
from core.errors import Conflict, NotFound
from core.language import gettext as _

WORK = "heedful_work"
"""The bell that senders listen to: a mailing began, went on, or may go faster."""


class MailingKind(StrEnum):
    """Which dispatch of its campaign a mailing is."""

    FIRST = "first"
    REMINDER = "reminder"
    TEST = "test"
    CONFIRMATION = "confirmation"


class Mailing(Tempo, Base):
    """One dispatch of a campaign; later edits of the campaign or its template change nothing here.

    `subject_template`, `html` and `text` are what is rendered; an empty text is retold from the HTML.
    `local_moment`: the hour on the wall at which each person gets it where they live. `paused_by`: the tripwire that
    paused it, with the counts that it saw; `armed_from`: the counts that it judges from, once somebody went on.
    """

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint("kind IN ('first', 'reminder', 'test', 'confirmation')", name="kind"),
        CheckConstraint("state IN ('planned', 'sending', 'paused', 'finished', 'cancelled')", name="state"),
        CheckConstraint("state NOT IN ('sending', 'paused', 'finished') OR frozen_at IS NOT NULL", name="frozen"),
        CheckConstraint("(personal_path = '') = (personal_kind IS NULL)", name="personal"),
        Index("ix_mailing_state", "state", "due_at"),
        Index(
            "uq_mailing_first",
            "campaign_id",
            unique=True,
            sqlite_where=text("kind = 'first' AND state <> 'cancelled'"),
            postgresql_where=text("kind = 'first' AND state <> 'cancelled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(Moment)
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    title: Mapped[str] = mapped_column(String(255))
    topic: Mapped[str] = mapped_column(String(60))
    template: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(255))
    subject_template: Mapped[str] = mapped_column(Text)
    preheader: Mapped[str] = mapped_column(String(255))
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    audience: Mapped[dict[str, Any]] = mapped_column(Json)
    sender_name: Mapped[str] = mapped_column(String(200))
    sender_email: Mapped[str] = mapped_column(String(320))
    reply_to: Mapped[str] = mapped_column(String(320))
    tracking: Mapped[bool]
    personal_path: Mapped[str] = mapped_column(String(20))
    personal_kind: Mapped[int | None]
    local_moment: Mapped[str | None] = mapped_column(String(20))
    paused_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    armed_from: Mapped[dict[str, int] | None] = mapped_column(Json)

    @property
    def stage(self) -> MailingState:
        """The state as a value of the state machine."""
        return MailingState(self.state)


def plan_mailing(
    session: Session,
    campaign: Campaign,
    cleared: Clearance,
    *,
    kind: MailingKind,
    due_at: datetime,
    at: datetime,
) -> Mailing:
    """Plan one dispatch of the campaign as it is now, with the sources that the checks passed.

    Raises:
        Conflict: the campaign was changed since it was checked, or has had its first mailing.
    """
    if cleared.fingerprint != fingerprint(campaign):
        raise Conflict(
            _("The campaign “{name}” was changed after it was checked.").format(name=campaign.name),
            remedy=_("Check it again."),
        )
    if kind is MailingKind.FIRST and _has_first(session, campaign):
        raise Conflict(_("The campaign “{name}” has its mailing already.").format(name=campaign.name))
    copied = {name: getattr(campaign, name) for name in CONTENT}
    copied |= {"subject_template": cleared.subject, "html": cleared.html, "text": cleared.text}
    copied["audience"] = condition_of(session, campaign.audience)
    if kind in {MailingKind.FIRST, MailingKind.REMINDER}:
        copied |= {name: getattr(campaign, name) for name in TEMPO}
        copied["sending_zone"] = campaign.sending_zone or campaign.time_zone
    mailing = Mailing(
        campaign_id=campaign.id,
        kind=kind.value,
        state=MailingState.PLANNED.value,
        due_at=due_at,
        created_at=at,
        **copied,
    )
    session.add(mailing)
    session.flush()
    if kind is MailingKind.FIRST:
        keep_trial(session, mailing.id, campaign.draft, cleared)
    return mailing


def _has_first(session: Session, campaign: Campaign) -> bool:
    first = select(Mailing.id).where(
        Mailing.campaign_id == campaign.id,
        Mailing.kind == MailingKind.FIRST.value,
        Mailing.state != MailingState.CANCELLED.value,
    )
    return session.scalar(first) is not None


def mails_to(address_key: bytes) -> Select[Message, str]:
    """All messages to a person with the names of their campaigns, the newest first."""
    return (
        select(Message, Campaign.name)
        .join(Mailing, Mailing.id == Message.mailing_id)
        .join(Campaign, Campaign.id == Mailing.campaign_id)
        .where(Message.address_key == address_key)
        .order_by(Message.id.desc())
    )


def get_mailing(session: Session, mailing_id: int) -> Mailing:
    """The mailing of that number.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Mailing, mailing_id)
    if found is None:
        raise NotFound(_("There is no mailing {number}.").format(number=mailing_id))
    return found


def mailings_of(session: Session, campaign_id: int) -> list[Mailing]:
    """All mailings of a campaign, tests too, the oldest first."""
    return list(session.scalars(select(Mailing).where(Mailing.campaign_id == campaign_id).order_by(Mailing.id)))


def due_mailings(session: Session, at: datetime) -> list[int]:
    """The numbers of the planned mailings whose hour has come, those of paused campaigns left out."""
    query = select(Mailing.id).where(*_is_due(at)).order_by(Mailing.due_at, Mailing.id)
    return list(session.scalars(query))


def _is_due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    held = exists().where(Campaign.id == Mailing.campaign_id, Campaign.state == CampaignState.PAUSED.value)
    free = or_(Mailing.kind == MailingKind.TEST.value, ~held)
    return Mailing.state == MailingState.PLANNED.value, Mailing.due_at <= at, free


def begin_mailing(session: Session, mailing_id: int, at: datetime) -> Mailing | None:
    """Take a due mailing from planned to sending; None if another clock took it or somebody called it off."""
    taken = session.execute(
        update(Mailing)
        .where(Mailing.id == mailing_id, *_is_due(at))
        .values(state=MailingState.SENDING.value, frozen_at=at)
        .returning(Mailing.id)
        .execution_options(synchronize_session="fetch")
    ).first()
    if taken is None:
        return None
    mailing = get_mailing(session, mailing_id)
    session.refresh(mailing)
    ring(session, WORK)
    if mailing.kind != MailingKind.TEST.value:
        _move_campaigns(session, [mailing.campaign_id], CampaignState.SENDING, at)
    return mailing


def move_mailings(session: Session, campaign_id: int, new: MailingState, *, at: datetime) -> list[int]:
    """Move all mailings of a campaign that can go there; returns their numbers. Tests are left alone."""
    values: dict[str, Any] = {"state": new.value}
    if new in {MailingState.FINISHED, MailingState.CANCELLED}:
        values["finished_at"] = at
    elif new is MailingState.SENDING:
        values["finished_at"] = None
    sources = [state for state in MAILING.sources(new) if new is not MailingState.SENDING or state is _PAUSED]
    moved = session.scalars(
        update(Mailing)
        .where(
            Mailing.campaign_id == campaign_id,
            Mailing.kind != MailingKind.TEST.value,
            Mailing.state.in_(sources),
        )
        .values(values)
        .returning(Mailing.id)
        .execution_options(synchronize_session="fetch")
    )
    if new is MailingState.SENDING:
        ring(session, WORK)
    return list(moved)


_PAUSED = MailingState.PAUSED


def set_rates(session: Session, campaign_id: int, rate_per_minute: float | None) -> None:
    """Let all mailings of a campaign go at most so fast, tests left out."""
    session.execute(
        update(Mailing)
        .where(Mailing.campaign_id == campaign_id, Mailing.kind != MailingKind.TEST.value)
        .values(rate_per_minute=rate_per_minute)
        .execution_options(synchronize_session="fetch")
    )
    ring(session, WORK)


def reopen_mailing(session: Session, mailing: Mailing, at: datetime) -> None:
    """Let a finished mailing send again, because a message of it was put back."""
    if mailing.stage is not MailingState.FINISHED:
        return
    mailing.state, mailing.finished_at = MailingState.SENDING.value, None
    session.flush()
    ring(session, WORK)
    if mailing.kind != MailingKind.TEST.value:
        _move_campaigns(session, [mailing.campaign_id], CampaignState.SENDING, at)


def finish_mailings(session: Session, at: datetime) -> list[int]:
    """Finish every mailing that has no open message left, and its campaign with it; returns the mailings' numbers."""
    open_message = exists().where(Message.mailing_id == Mailing.id, Message.state.in_(OPEN_MESSAGES))
    finished = session.execute(
        update(Mailing)
        .where(Mailing.state == MailingState.SENDING.value, ~open_message)
        .values(state=MailingState.FINISHED.value, finished_at=at)
        .returning(Mailing.id, Mailing.campaign_id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if finished:
        _move_campaigns(session, [campaign_id for _id, campaign_id in finished], CampaignState.FINISHED, at)
    return sorted(mailing_id for mailing_id, _campaign in finished)


def _move_campaigns(session: Session, campaign_ids: list[int], new: CampaignState, at: datetime) -> None:
    """Follow with the campaign; it is finished only when no mailing of it is under way."""
    query = update(Campaign).where(Campaign.id.in_(campaign_ids), Campaign.state.in_(CAMPAIGN.sources(new)))
    if new is CampaignState.FINISHED:
        under_way = (MailingState.SENDING.value, MailingState.PAUSED.value)
        query = query.where(
            Campaign.state == CampaignState.SENDING.value,
            ~exists().where(
                Mailing.campaign_id == Campaign.id,
                Mailing.kind != MailingKind.TEST.value,
                Mailing.state.in_(under_way),
            ),
        )
    session.execute(query.values(state=new.value, updated_at=at).execution_options(synchronize_session="fetch"))
