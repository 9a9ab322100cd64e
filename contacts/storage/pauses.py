"""Pauses and rhythms: how long a person wants no mail, and how often at most; both are theirs to set and to end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import Kind
from contacts.domain.permission import PAUSE, Numbered, pause_end, rhythm_days
from core.database import Base, Key, Moment

RHYTHMS = (7, 30)
"""Days in which one mail may come at most."""


class Pause(Base):
    """Until when one scope is paused for one person."""

    __tablename__ = "pause"

    address_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment)
    event_sequence: Mapped[int] = mapped_column(BigInteger)


class Rhythm(Base):
    """In how many days one person wants one mail at most, all topics together."""

    __tablename__ = "rhythm"
    __table_args__ = (CheckConstraint("days IN (7, 30)", name="days"),)

    address_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    days: Mapped[int]
    event_sequence: Mapped[int] = mapped_column(BigInteger)


_CONCERNED = frozenset({Kind.PAUSE, Kind.RHYTHM, Kind.ERASURE, Kind.RELEASE})


def project_pauses(session: Session, events: Sequence[Numbered]) -> None:
    """Bring pauses and rhythms up to date with new events."""
    for event in events:
        if event.fact.kind in _CONCERNED:
            _project(session, event)


def _project(session: Session, event: Numbered) -> None:
    fact, own = event.fact, event.fact.own
    if fact.kind is Kind.PAUSE:
        session.merge(Pause(address_key=own, scope=fact.scope, until=pause_end(fact), event_sequence=event.sequence))
    elif fact.kind is Kind.RHYTHM and (days := rhythm_days(fact)):
        session.merge(Rhythm(address_key=own, days=days, event_sequence=event.sequence))
    elif fact.kind is Kind.RHYTHM:
        session.execute(delete(Rhythm).where(Rhythm.address_key == own))
    elif fact.kind is Kind.ERASURE:
        session.execute(delete(Pause).where(Pause.address_key == own))
        session.execute(delete(Rhythm).where(Rhythm.address_key == own))
    elif fact.details["reason"] == PAUSE:
        session.execute(delete(Pause).where(Pause.address_key == own, Pause.scope == fact.scope))
    session.flush()


def pauses_of(session: Session, own: bytes, *, at: datetime) -> dict[str, datetime]:
    """A person's pauses that are not over, with their ends."""
    rows = session.execute(select(Pause.scope, Pause.until).where(Pause.address_key == own, Pause.until > at))
    return {scope: until for scope, until in rows}  # noqa: C416 - rows are no pairs to the type checker


def rhythm_of(session: Session, own: bytes) -> int:
    """In how many days a person wants one mail at most; 0 where they did not say."""
    return session.scalar(select(Rhythm.days).where(Rhythm.address_key == own)) or 0
