"""Partners: whom we may mail for and share with, carefully chosen (P9 to P11), and what was handed to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.storage.closures import is_closed
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


class PartnerHandout(Base):
    """One file that was handed to a partner: contacts, or the opt-out list, which must be acknowledged in time."""

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


def partner_named(session: Session, name: str) -> Partner:
    """A partner, active or not.

    Raises:
        NotFound: there is none of that name.
    """
    partner = session.scalar(select(Partner).where(Partner.name == name))
    if partner is None:
        raise NotFound(f"There is no partner “{name}”.")
    return partner


def all_partners(session: Session) -> Sequence[Partner]:
    """Every partner there ever was, by title."""
    return session.scalars(select(Partner).order_by(Partner.title, Partner.id)).all()


def is_active(session: Session, name: str, *, at: datetime) -> bool:
    """Whether a partner is known, not closed, and owes no answer to our opt-out list at a moment (P11, G15)."""
    partner_id = session.scalar(select(Partner.id).where(Partner.name == name, Partner.created_at <= at))
    if partner_id is None or is_closed(session, f"partner:{name}", at=at):
        return False
    overdue = select(PartnerHandout.id).where(
        PartnerHandout.partner_id == partner_id,
        PartnerHandout.kind == "opt_outs",
        PartnerHandout.due_at <= at,
        (PartnerHandout.acknowledged_at.is_(None)) | (PartnerHandout.acknowledged_at > at),
    )
    return session.scalar(overdue.limit(1)) is None
