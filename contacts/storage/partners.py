"""Partners: whom we may mail for and share with, carefully chosen (P9 to P11); made inactive, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.partnerships import STANDSTILLS, Standstill, Terms
from contacts.domain.scopes import partner_of
from contacts.storage.closures import is_closed
from contacts.storage.duties import first_untold
from contacts.storage.handouts import fed_up_to, unanswered
from core.database import Base, Json, Moment
from core.errors import NotFound


class Partner(Base):
    """A partner company; made inactive, never deleted. `salt` makes the keys of its opt-out list its own."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    contract_reference: Mapped[str] = mapped_column(String(200))
    privacy_email: Mapped[str] = mapped_column(String(320))
    suppression_email: Mapped[str] = mapped_column(String(320))
    fields: Mapped[list[Any]] = mapped_column(Json, default=list)
    acknowledge_days: Mapped[int] = mapped_column(default=7)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    created_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def topic(self) -> str:
        """The topic that campaigns for this partner have."""
        return f"partner:{self.name}"

    @property
    def sharing(self) -> str:
        """The scope that permits handing this partner somebody's data."""
        return f"sharing:{self.name}"


class PartnerChange(Base):
    """What was agreed with a partner from a moment on, and who wrote it down; only ever added."""

    __tablename__ = "partner_change"
    __table_args__ = (Index("ix_partner_change_partner_id", "partner_id", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    operator: Mapped[str] = mapped_column(String(200))
    terms: Mapped[dict[str, Any]] = mapped_column(Json)


@dataclass(frozen=True)
class Reminder:
    """Something that a partner or we must do by a moment, or everything for this partner stops."""

    partner: Partner
    what: Standstill
    due_at: datetime

    def is_late(self, at: datetime) -> bool:
        """Whether it has stopped already."""
        return self.due_at <= at


def partner_named(session: Session, name: str) -> Partner:
    """A partner, active or not.

    Raises:
        NotFound: there is none of that name.
    """
    partner = session.scalar(select(Partner).where(Partner.name == name))
    if partner is None:
        raise NotFound(f"There is no partner “{name}”.", remedy="`heedful partner list` shows all names.")
    return partner


def all_partners(session: Session) -> Sequence[Partner]:
    """Every partner there ever was, by title."""
    return session.scalars(select(Partner).order_by(Partner.title, Partner.id)).all()


def keep_terms(session: Session, partner: Partner, terms: Terms, *, at: datetime, operator: str) -> None:
    """Write down what is agreed with a partner from now on; what was agreed before stays readable."""
    for name, value in terms.as_json().items():
        setattr(partner, name, value)
    session.add(partner)
    session.flush()
    session.add(PartnerChange(partner_id=partner.id, changed_at=at, operator=operator, terms=terms.as_json()))
    session.flush()


def terms_of(partner: Partner) -> Terms:
    """What is agreed with a partner now."""
    return Terms(
        partner.title,
        partner.contract_reference,
        partner.privacy_email,
        partner.suppression_email,
        tuple(partner.fields),
        partner.acknowledge_days,
    )


def changes_of(session: Session, partner: Partner) -> Sequence[PartnerChange]:
    """What was agreed with a partner over time, newest first."""
    return session.scalars(
        select(PartnerChange).where(PartnerChange.partner_id == partner.id).order_by(PartnerChange.id.desc())
    ).all()


def reminder_for(session: Session, partner: Partner, *, at: datetime) -> Reminder | None:
    """What is next to be done, as it was known at a moment: the list acknowledged, or a new one given.

    A list is due so many days after somebody whom the partner holds has opted out, as were agreed at that moment.
    """
    answer_due = unanswered(session, partner.id, at=at)
    found = [Reminder(partner, Standstill.UNACKNOWLEDGED, answer_due)] if answer_due else []
    since = first_untold(session, partner.id, fed_up_to(session, partner.id, at=at), at=at)
    if since is not None:
        found.append(Reminder(partner, Standstill.LIST_DUE, since + timedelta(days=_days_at(session, partner, at))))
    return min(found, key=lambda each: each.due_at, default=None)


def _days_at(session: Session, partner: Partner, at: datetime) -> int:
    agreed = session.scalar(
        select(PartnerChange.terms)
        .where(PartnerChange.partner_id == partner.id, PartnerChange.changed_at <= at)
        .order_by(PartnerChange.id.desc())
        .limit(1)
    )
    return int(agreed["acknowledge_days"]) if agreed else partner.acknowledge_days


def reminders(session: Session, *, at: datetime) -> list[Reminder]:
    """What is to be done for all partners that are not closed, the most urgent first."""
    found = [
        reminder_for(session, partner, at=at)
        for partner in all_partners(session)
        if not is_closed(session, partner.topic, at=at)
    ]
    return sorted((each for each in found if each), key=lambda each: each.due_at)


def standstill(session: Session, name: str, *, at: datetime) -> Standstill | None:
    """Why nothing is mailed for a partner nor handed to them at a moment (P11, G15); None if nothing is in the way."""
    partner = session.scalar(select(Partner).where(Partner.name == name, Partner.created_at <= at))
    if partner is None:
        return Standstill.UNKNOWN
    if is_closed(session, partner.topic, at=at):
        return Standstill.INACTIVE
    next_due = reminder_for(session, partner, at=at)
    return next_due.what if next_due and next_due.is_late(at) else None


def is_active(session: Session, name: str, *, at: datetime) -> bool:
    """Whether a partner is known, not closed, told of every opt-out in time, and has answered in time (P11, G15)."""
    return standstill(session, name, at=at) is None


def standstill_sentence(session: Session, name: str, why: Standstill) -> str:
    """Why a partner is at a standstill, as the team reads it."""
    title = session.scalar(select(Partner.title).where(Partner.name == name))
    return STANDSTILLS[why].format(title=title or name)


def on_behalf_of(session: Session, topic: str) -> str:
    """The title of the partner that a topic belongs to; empty for a topic of our own."""
    partner = partner_of(topic)
    return (session.scalar(select(Partner.title).where(Partner.name == partner)) or "") if partner else ""
