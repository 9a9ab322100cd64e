"""Permits: no message is handed over without one, and an opt-out waits until none that it covers is open."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.scopes import covers
from core.database import Base, Database, Key, Moment, Number
from core.many import Many

FIRST_LOOK = 0.005
LOOK_AT_LEAST_EVERY = 0.1
"""Seconds between two looks at open permits: soon at first, then less and less often, for many may be waiting."""


class Permit(Base):
    """Leave to write the last byte of one message; open until its outcome settles it.

    `judged_sequence` is the ledger's last event when the verdict was read, so that it can be judged again (G17).

    No index speaks of what settling changes, and PostgreSQL leaves room on each page: a permit is then settled where it
    lies, and its indexes are left alone.
    """

    __tablename__ = "permit"
    __table_args__ = (
        CheckConstraint("outcome IN ('sent', 'deferred', 'failed', 'unknown')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        Index("ix_permit_address_key", "address_key", "scope", "granted_at"),
        Index("ix_permit_message_id", "message_id"),
        {"sqlite_autoincrement": True, "postgresql_with": {"fillfactor": 75}},
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    address_key: Mapped[bytes] = mapped_column(Key)
    scope: Mapped[str] = mapped_column(String(60))
    sender_id: Mapped[int] = mapped_column(BigInteger)
    granted_at: Mapped[datetime] = mapped_column(Moment)
    judged_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(10))


@dataclass(frozen=True)
class Grant:
    """What permits given in one moment share; `judged_sequence` is the ledger's last event then."""

    scope: str
    sender_id: int
    at: datetime
    judged_sequence: int


def grant(session: Session, people: Mapping[int, bytes], shared: Grant) -> dict[int, int]:
    """Store a permit for each message to each of these people, in one statement; the permits' numbers by message."""
    if not people:
        return {}
    rows: dict[str, Collection[Any]] = {"message": people.keys(), "own": people.values()}
    return {row.message_id: row.id for row in _GRANT.ask(session, rows, **vars(shared))}


_GRANT = Many(
    """
    INSERT INTO permit (message_id, address_key, scope, sender_id, granted_at, judged_sequence)
    SELECT message, own, %(scope)s, %(sender_id)s, %(at)s, %(judged_sequence)s FROM {given}
    RETURNING message_id, id
    """,
    message="bigint",
    own="bytea",
)


def settle(session: Session, outcomes: Mapping[int, str], *, at: datetime) -> None:
    """Close permits with what became of their messages: sent, deferred, failed or unknown. Settled ones stay."""
    if outcomes:
        _SETTLE.tell(session, {"id": outcomes.keys(), "outcome": outcomes.values()}, at=at)


_SETTLE = Many(
    """
    UPDATE permit SET outcome = given.outcome, settled_at = %(at)s FROM {given}
    WHERE permit.id = given.id AND permit.outcome IS NULL
    """,
    id="bigint",
    outcome="varchar",
)


def open_permits_of(session: Session, sender_id: int, messages: Collection[int]) -> dict[int, int]:
    """A sender's open permits for some of its messages, by message."""
    rows = session.execute(
        select(Permit.message_id, Permit.id).where(
            Permit.message_id.in_(messages), Permit.sender_id == sender_id, Permit.outcome.is_(None)
        )
    )
    return {message_id: permit_id for message_id, permit_id in rows}  # noqa: C416 - rows are no pairs to the type checker


def last_permit_of(session: Session, message_id: int) -> Permit | None:
    """The permit that was given last for a message, whatever became of it."""
    return session.scalar(select(Permit).where(Permit.message_id == message_id).order_by(Permit.id.desc()).limit(1))


def covered_and_open(session: Session, own: Collection[bytes], scope: str) -> int:
    """How many open permits of these people an opt-out from `scope` covers."""
    scopes = session.scalars(select(Permit.scope).where(Permit.address_key.in_(own), Permit.outcome.is_(None)))
    return sum(covers(scope, each) for each in scopes)


def wait_for_handovers(database: Database, own: Collection[bytes], scope: str, *, seconds: float) -> bool:
    """Wait until no message to these people that `scope` covers is being handed over; False if the time ran out.

    Call it after the opt-out is committed: from then on no new permit is given, so this comes to an end.
    """
    deadline, pause = time.monotonic() + seconds, FIRST_LOOK
    while True:
        try:
            with database.reading() as session:
                if not covered_and_open(session, own, scope):
                    return True
        except OperationalError:
            return False  # it is recorded, and nobody can say what is being handed over: the honest answer is "late"
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, LOOK_AT_LEAST_EVERY)
