"""Erasures: deletions that the ledger ordered, and how far each is; what is open after a crash is done by the clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Select, String, delete, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import Fact, Kind
from contacts.domain.permission import Numbered
from contacts.domain.verdicts import BlockReason
from contacts.storage.cases import LegalHold
from core.bulk import insert_many
from core.database import Base, Key, Moment

MOST = 5_000
"""Orders that are looked at together."""

_OPEN = text("settled_at IS NULL")


class Cause(StrEnum):
    """Why somebody's things are deleted."""

    ERASURE = "erasure"
    CHILD = "child"


CAUSES = {Kind.ERASURE: Cause.ERASURE, Kind.CHILD: Cause.CHILD}
_LIFTED = {BlockReason.ERASURE.value: Cause.ERASURE, BlockReason.CHILD.value: Cause.CHILD}


class Erasure(Base):
    """One order to delete: `rows_at` when the rows went, `files_at` the files, `settled_at` after a second look.

    There is one for each event of kind erasure or child, whatever door it came through; the address is not kept.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("cause IN ('erasure', 'child')", name="cause"),
        CheckConstraint("files_at IS NULL OR rows_at IS NOT NULL", name="rows_first"),
        CheckConstraint("settled_at IS NULL OR files_at IS NOT NULL", name="files_next"),
        Index("ix_erasure_address_key", "address_key"),
        Index("ix_erasure_open", "cause", "ordered_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    event_sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    address_key: Mapped[bytes] = mapped_column(Key)
    family_key: Mapped[bytes] = mapped_column(Key)
    cause: Mapped[str] = mapped_column(String(10))
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    rows_at: Mapped[datetime | None] = mapped_column(Moment)
    files_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Order:
    """An order to delete as a value that outlives its session."""

    number: int
    own: bytes
    family: bytes
    cause: Cause
    rows_at: datetime | None


_ORDER = (Erasure.event_sequence, Erasure.address_key, Erasure.family_key, Erasure.cause, Erasure.rows_at)


def _orders(session: Session, query: Select[int, bytes, bytes, str, datetime | None]) -> list[Order]:
    rows = session.execute(query.order_by(Erasure.event_sequence))
    return [Order(number, bytes(own), bytes(family), Cause(cause), at) for number, own, family, cause, at in rows]


def project_erasures(session: Session, events: Sequence[Numbered], *, at: datetime) -> None:
    """Order what new events ask to delete; a block that is lifted takes its order back, done or not."""
    waiting: list[dict[str, Any]] = []
    for event in events:
        if event.fact.kind in CAUSES:
            waiting.append(_row(event, at))
        elif event.fact.kind is Kind.RELEASE:
            insert_many(session, Erasure, waiting)
            waiting = []
            _take_back(session, event.fact)
    insert_many(session, Erasure, waiting)


def _row(event: Numbered, at: datetime) -> dict[str, Any]:
    return {
        "event_sequence": event.sequence,
        "address_key": event.fact.own,
        "family_key": event.fact.family,
        "cause": CAUSES[event.fact.kind].value,
        "ordered_at": at,
    }


def _take_back(session: Session, fact: Fact) -> None:
    cause = _LIFTED.get(fact.details["reason"])
    if cause is not None:
        session.execute(
            delete(Erasure).where(
                Erasure.address_key == fact.own, Erasure.cause == cause.value, Erasure.settled_at.is_(None)
            ),
            execution_options={"synchronize_session": False},
        )


def held(session: Session, keys: Collection[bytes]) -> LegalHold | None:
    """The oldest legal hold on any of these keys that nobody has lifted."""
    query = select(LegalHold).where(LegalHold.address_key.in_(keys), LegalHold.lifted_at.is_(None))
    return session.scalar(query.order_by(LegalHold.id).limit(1))


def rows_due(session: Session, *, children_before: datetime, most: int = MOST) -> list[Order]:
    """Orders whose rows are still there and may go: nothing of a person under a legal hold, nothing too early."""
    under_hold = select(LegalHold.id).where(LegalHold.address_key == Erasure.address_key, LegalHold.lifted_at.is_(None))
    query = select(*_ORDER).where(
        Erasure.settled_at.is_(None),
        Erasure.rows_at.is_(None),
        or_(Erasure.cause == Cause.ERASURE.value, Erasure.ordered_at <= children_before),
        ~under_hold.correlate(Erasure).exists(),
    )
    # left out on SQLite, where the transaction is the lock
    return _orders(session, query.limit(most).with_for_update(skip_locked=True))


def files_due(session: Session, *, most: int = MOST) -> list[Order]:
    """Orders whose rows have gone and whose files have not."""
    query = select(*_ORDER).where(
        Erasure.settled_at.is_(None), Erasure.rows_at.is_not(None), Erasure.files_at.is_(None)
    )
    return _orders(session, query.limit(most))


def looks_due(session: Session, *, before: datetime, most: int = MOST) -> list[Order]:
    """Orders that were done some time ago and want their second look."""
    return _orders(session, select(*_ORDER).where(Erasure.settled_at.is_(None), Erasure.files_at <= before).limit(most))


def note(session: Session, numbers: Collection[int], **moments: datetime) -> None:
    """Write down how far these orders are."""
    session.execute(
        update(Erasure).where(Erasure.event_sequence.in_(numbers)).values(**moments),
        execution_options={"synchronize_session": False},
    )


def erasures_of(session: Session, keys: Collection[bytes]) -> list[Erasure]:
    """Every order about a person, oldest first."""
    query = select(Erasure).where(Erasure.address_key.in_(keys)).order_by(Erasure.event_sequence)
    return list(session.scalars(query))
