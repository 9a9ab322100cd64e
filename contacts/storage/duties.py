"""Duties: each opt-out of somebody whom a partner holds, which a list must carry to that partner in time."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment


class PartnerDuty(Base):
    """One event that a partner must hear of; only ever added, so that an old verdict can be judged again."""

    __tablename__ = "partner_duty"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), primary_key=True)
    event_sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(Moment)


def first_untold(session: Session, partner_id: int, told: int, *, at: datetime) -> datetime | None:
    """Since when, as it was at a moment, a partner should hear of something that no list up to `told` carries."""
    return session.scalar(
        select(func.min(PartnerDuty.since)).where(
            PartnerDuty.partner_id == partner_id, PartnerDuty.event_sequence > told, PartnerDuty.since <= at
        )
    )
