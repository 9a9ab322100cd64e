"""Handouts: every file that was handed to a partner, and by when they must acknowledge the opt-out lists among them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Json, Moment
from core.errors import NotFound

CONTACTS = "contacts"
OPT_OUTS = "opt_outs"


class PartnerHandout(Base):
    """One file that was handed to a partner: contacts, or the opt-out list, which must be acknowledged in time.

    A handout of contacts without a digest was broken off: what it recorded counts as handed over all the same.
    `event_sequence` is the last event that it took into account.
    """

    __tablename__ = "partner_handout"
    __table_args__ = (
        CheckConstraint("kind IN ('contacts', 'opt_outs')", name="kind"),
        CheckConstraint("kind <> 'opt_outs' OR due_at IS NOT NULL", name="due"),
        Index("ix_partner_handout_partner_id", "partner_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    kind: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(Moment)
    operator: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text, default="")
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    event_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_by: Mapped[str] = mapped_column(String(200), default="")


def handouts_of(session: Session, partner_id: int) -> Sequence[PartnerHandout]:
    """Everything that was handed to a partner, newest first."""
    return session.scalars(
        select(PartnerHandout).where(PartnerHandout.partner_id == partner_id).order_by(PartnerHandout.id.desc())
    ).all()


def unanswered(session: Session, partner_id: int, *, at: datetime) -> datetime | None:
    """When the first of the lists was due that a partner has not acknowledged at a moment; None if there is none."""
    return session.scalar(
        select(func.min(PartnerHandout.due_at)).where(
            PartnerHandout.partner_id == partner_id,
            PartnerHandout.kind == OPT_OUTS,
            PartnerHandout.made_at <= at,
            or_(PartnerHandout.acknowledged_at.is_(None), PartnerHandout.acknowledged_at > at),
        )
    )


def fed_up_to(session: Session, partner_id: int, *, at: datetime) -> int:
    """The last event that the lists which were made by a moment took into account."""
    return (
        session.scalar(
            select(func.max(PartnerHandout.event_sequence)).where(
                PartnerHandout.partner_id == partner_id,
                PartnerHandout.kind == OPT_OUTS,
                PartnerHandout.made_at <= at,
            )
        )
        or 0
    )


def last_acknowledged(session: Session, partner_id: int) -> PartnerHandout | None:
    """The newest list of which the partner said that they heed it."""
    return session.scalar(
        select(PartnerHandout)
        .where(
            PartnerHandout.partner_id == partner_id,
            PartnerHandout.kind == OPT_OUTS,
            PartnerHandout.acknowledged_at.is_not(None),
        )
        .order_by(PartnerHandout.id.desc())
        .limit(1)
    )


def acknowledge_up_to(session: Session, partner_id: int, number: int, *, at: datetime, operator: str) -> int:
    """Note that a partner heeds a list, and with it every list before; how many were waiting for that.

    Raises:
        NotFound: this partner was given no such list.
    """
    ours = (PartnerHandout.partner_id == partner_id, PartnerHandout.kind == OPT_OUTS)
    if session.scalar(select(PartnerHandout.id).where(*ours, PartnerHandout.id == number)) is None:
        raise NotFound(f"This partner was given no opt-out list {number}.")
    waiting = list(
        session.scalars(
            select(PartnerHandout.id).where(
                *ours, PartnerHandout.id <= number, PartnerHandout.acknowledged_at.is_(None)
            )
        )
    )
    session.execute(
        update(PartnerHandout)
        .where(PartnerHandout.id.in_(waiting), PartnerHandout.acknowledged_at.is_(None))
        .values(acknowledged_at=at, acknowledged_by=operator)
    )
    return len(waiting)
