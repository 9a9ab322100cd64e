"""Campaigns: what the team plans; the mapped class and the queries asked of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.campaign_files import SEGMENT, CampaignDraft, DraftSender, varied
from campaigns.domain.speeds import read_speed, tell_speed
from campaigns.domain.states import CAMPAIGN, CampaignState
from campaigns.domain.trials import DraftTrial, kept_trial, told
from campaigns.domain.windows import read_window, tell_window
from campaigns.domain.wishes import DraftSchedule
from campaigns.storage.tempos import Tempo
from contacts.storage.segments import segment_named
from core.database import Base, Json, Moment
from core.errors import Conflict, NotFound
from core.language import gettext as _

CONTENT = (
    "title",
    "topic",
    "template",
    "subject",
    "preheader",
    "html",
    "text",
    "content",
    "audience",
    "sender_name",
    "sender_email",
    "reply_to",
    "tracking",
    "personal_path",
    "personal_kind",
)
"""What makes a campaign what it is: what the checks looked at, and what a mailing keeps a copy of."""

HOUSE = ".confirmations"
"""The house's own campaign, under a name that no team can give: it is in no list, and nobody steers it."""


class Campaign(Tempo, Base):
    """What the team plans: a topic, an audience, words, and when.

    `timed_for`: "recipient", if the moment is meant on the clock of where each person lives.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'scheduled', 'sending', 'paused', 'finished', 'cancelled')", name="state"),
        CheckConstraint("state <> 'scheduled' OR scheduled_at IS NOT NULL", name="scheduled"),
        CheckConstraint("(personal_path = '') = (personal_kind IS NULL)", name="personal"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    topic: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), default=CampaignState.DRAFT.value, index=True)
    template: Mapped[str] = mapped_column(String(60), default="")
    subject: Mapped[str] = mapped_column(String(255), default="")
    preheader: Mapped[str] = mapped_column(String(255), default="")
    html: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    audience: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender_email: Mapped[str] = mapped_column(String(320), default="")
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    tracking: Mapped[bool] = mapped_column(default=True)
    personal_path: Mapped[str] = mapped_column(String(20), default="")
    personal_kind: Mapped[int | None]
    wished_at: Mapped[str] = mapped_column(String(40), default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="")
    timed_for: Mapped[str] = mapped_column(String(20), default="", server_default="")
    relay: Mapped[str | None] = mapped_column(String(60))
    trial: Mapped[dict[str, Any] | None] = mapped_column(Json)
    scheduled_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def stage(self) -> CampaignState:
        """The state as a value of the state machine."""
        return CampaignState(self.state)

    @property
    def draft(self) -> CampaignDraft:
        """The campaign as a draft, to be written to a file or shown in a form."""
        same = {name: getattr(self, name) for name in (*CONTENT, "name") if name in CampaignDraft.__dataclass_fields__}
        return CampaignDraft(
            **same,
            relay=self.relay or "",
            sender=DraftSender(self.sender_name, self.sender_email, self.reply_to),
            schedule=DraftSchedule(
                self.wished_at,
                self.time_zone,
                self.timed_for,
                self.sending_hours,
                self.sending_zone,
                tell_speed(self.rate_per_minute),
            ),
            trial=kept_trial(self.trial),
        )


def fingerprint(campaign: Campaign) -> str:
    """A digest of everything that the checks look at: it changes when the campaign does."""
    values = {name: getattr(campaign, name) for name in (*CONTENT, "trial")}
    spelt = json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(spelt.encode("ascii")).hexdigest()


def revision(campaign: Campaign) -> str:
    """A digest of everything that the team writes: what the checks look at, and when and how fast it is to go."""
    return sha256(f"{fingerprint(campaign)} {campaign.draft.schedule} {campaign.relay}".encode()).hexdigest()


def find_campaign(session: Session, name: str) -> Campaign:
    """The campaign of that name.

    Raises:
        NotFound: there is none.
    """
    found = campaign_named(session, name)
    if found is None:
        raise NotFound(
            _("There is no campaign “{name}”.").format(name=name), remedy=_("`heedful campaign list` shows all names.")
        )
    return found


def get_campaign(session: Session, campaign_id: int, *, locked: bool = False) -> Campaign:
    """The campaign of that number; `locked`: nobody else changes it before this transaction ends.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Campaign, campaign_id, with_for_update=True if locked else None)
    if found is None:
        raise NotFound(_("There is no campaign {number}.").format(number=campaign_id))
    return found


def campaign_named(session: Session, name: str) -> Campaign | None:
    """The team's campaign of that name, if there is one."""
    return session.scalar(select(Campaign).where(Campaign.name == name, Campaign.name != HOUSE))


def list_campaigns(
    session: Session, *, state: CampaignState | None = None, limit: int = 100, offset: int = 0
) -> list[Campaign]:
    """The team's campaigns, the newest first."""
    query = select(Campaign).where(Campaign.name != HOUSE).order_by(Campaign.id.desc()).limit(limit).offset(offset)
    if state is not None:
        query = query.where(Campaign.state == state.value)
    return list(session.scalars(query))


def count_campaigns(session: Session) -> dict[CampaignState, int]:
    """How many campaigns are in each state."""
    rows = session.execute(select(Campaign.state, func.count()).where(Campaign.name != HOUSE).group_by(Campaign.state))
    counted = dict.fromkeys(CampaignState, 0)
    return counted | {CampaignState(state): number for state, number in rows}


def put_draft(session: Session, draft: CampaignDraft, at: datetime) -> Campaign:
    """Create the campaign, or change it while it is a draft.

    Raises:
        Conflict: it is no draft any more.
    """
    campaign = campaign_named(session, draft.name)
    if campaign is None:
        campaign = Campaign(name=draft.name, created_at=at, state=CampaignState.DRAFT.value)
        session.add(campaign)
    elif campaign.stage is not CampaignState.DRAFT:
        raise Conflict(
            _("The campaign “{name}” is {state}; only a draft can be changed.").format(
                name=draft.name, state=campaign.state
            ),
            remedy=_("Take it back to draft first, or give the file another name."),
        )
    _fill(campaign, draft)
    campaign.updated_at = at
    session.flush()
    return campaign


def _fill(campaign: Campaign, draft: CampaignDraft) -> None:
    plain = ("title", "topic", "template", "subject", "preheader", "html", "text", "tracking")
    for name in plain:
        setattr(campaign, name, getattr(draft, name))
    values = asdict(draft)
    campaign.content, campaign.audience = values["content"], values["audience"]
    campaign.sender_name, campaign.sender_email = draft.sender.name, draft.sender.email
    campaign.reply_to = draft.sender.reply_to
    campaign.relay = draft.relay or None
    when = draft.schedule
    campaign.wished_at, campaign.time_zone, campaign.timed_for = when.at, when.zone, when.timed_for
    campaign.sending_hours, campaign.sending_zone = tell_window(read_window(when.hours)), when.hours_in
    campaign.rate_per_minute = read_speed(when.rate)
    campaign.trial = told(values["trial"]) if draft.trial != DraftTrial() else None


def as_variant(campaign: Campaign, number: int) -> Campaign:
    """The campaign as variant `number` of its trial says it: to be looked at, never to be kept."""
    same = {name: getattr(campaign, name) for name in ("id", "name", "state", "personal_path", "personal_kind")}
    variant = Campaign(**same)
    _fill(variant, varied(campaign.draft, number))
    return variant


def move_campaign(session: Session, campaign: Campaign, new: CampaignState, at: datetime) -> None:
    """Move the campaign, whatever another process did meanwhile.

    Raises:
        Conflict: the move is not allowed from the state that the campaign is in now.
    """
    CAMPAIGN.require(campaign.stage, new, name=campaign.name)
    moved = session.execute(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.state.in_(CAMPAIGN.sources(new)))
        .values(state=new.value, updated_at=at)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(campaign)
    if moved is None:
        CAMPAIGN.require(campaign.stage, new, name=campaign.name)


def delete_draft(session: Session, campaign: Campaign) -> None:
    """Delete a campaign of which no mail was ever planned.

    Raises:
        Conflict: it is no draft, or has had a mailing, a test too; history is kept.
    """
    kept = _("Cancel the campaign instead: what was planned or sent is kept.")
    if campaign.stage is not CampaignState.DRAFT:
        raise Conflict(_("Only a draft can be deleted."), remedy=kept)
    try:
        with session.begin_nested():
            session.execute(delete(Campaign).where(Campaign.id == campaign.id))
    except IntegrityError:
        raise Conflict(_("Mail of this campaign was planned already."), remedy=kept) from None


def condition_of(session: Session, audience: Mapping[str, Any]) -> dict[str, Any]:
    """The condition that an audience stands for now: its own, or that of the segment it names.

    Raises:
        NotFound: there is no such segment.
    """
    if SEGMENT not in audience:
        return dict(audience)
    return dict(segment_named(session, audience[SEGMENT]).condition)
