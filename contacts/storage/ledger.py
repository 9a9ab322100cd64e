"""The ledger: every event about a person's permission, only ever added, each chained to the one before (G18)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Dialect,
    Index,
    LargeBinary,
    String,
    Text,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import GENESIS, Door, Fact, Kind, chained_hash
from contacts.domain.lifting import require_right
from contacts.domain.mentions import without_addresses
from contacts.domain.permission import Numbered
from contacts.storage.blocks import project_blocks
from contacts.storage.consents import project_consents
from contacts.storage.erasures import project_erasures
from contacts.storage.locks import lock_families
from contacts.storage.pauses import project_pauses
from contacts.storage.shared_people import Looked, look_who_must_hear, project_duties, whom_partners_hold
from contacts.storage.signups import end_requests
from core.bulk import insert_many
from core.database import Base, Json, Key, Moment
from core.kept import Kept, at_once
from core.many import Many

_TROUBLE = text("kind IN ('complaint', 'bounce')")


class Event(Base):
    """One fact; triggers refuse to change or remove it."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('consent', 'notice', 'opt_out', 'complaint', 'bounce', 'child', 'erasure', 'hold', 'release', "
            "'pause', 'rhythm', 'shared', 'disclosed')",
            name="kind",
        ),
        Index("ix_event_address_key", "address_key", "sequence"),
        Index("ix_event_family_key", "family_key"),
        Index("ix_event_at", "at"),
        Index("ix_event_trouble", "recorded_at", sqlite_where=_TROUBLE, postgresql_where=_TROUBLE),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    address_key: Mapped[bytes] = mapped_column(Key)
    family_key: Mapped[bytes] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(60))
    door: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str | None] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(Text)
    policy_version: Mapped[str | None] = mapped_column(String(40))
    confirmed: Mapped[bool] = mapped_column(Boolean)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    def as_fact(self) -> Fact:
        """The fact that was recorded."""
        return Fact(
            own=bytes(self.address_key),
            family=bytes(self.family_key),
            kind=Kind(self.kind),
            scope=self.scope,
            door=Door(self.door),
            at=self.at,
            source=self.source,
            evidence=self.evidence,
            policy_version=self.policy_version,
            confirmed=self.confirmed,
            details=self.details,
        )


class LedgerHead(Base):
    """The end of the chain: one row, whose lock makes the sequence gapless."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


def begin_ledger(session: Session) -> None:
    """Write the head of an empty ledger, the first time."""
    if session.get(LedgerHead, 1) is None:
        session.add(LedgerHead(id=1, sequence=0, hash=GENESIS))
        session.flush()


def record(session: Session, facts: Sequence[Fact], *, at: datetime) -> list[int]:
    """Add facts, and bring blocks and consents up to date; the numbers they got.

    The people's locks are taken first, alone (GUARANTEES 4), then the head's: whoever holds a permit's lock on one of
    them is waited for. Call it once in a transaction, or with locks taken in one order.

    Raises:
        Forbidden: a fact would lift something through a door that may not; nothing is recorded.
    """
    if not facts:
        return []
    facts = [_lasting(fact) for fact in facts]
    for fact in facts:
        require_right(fact)
    lock_families(session, {fact.family for fact in facts}, alone=True)
    head, looked = _head_taken(session, facts)
    numbered, rows, digest = [], [], bytes(head.hash)
    for sequence, fact in enumerate(facts, start=head.sequence + 1):
        digest = chained_hash(digest, sequence, at, fact)
        numbered.append(Numbered(sequence, fact))
        rows.append(_row(sequence, fact, at, digest))
    insert_many(session, Event, rows)
    with at_once(session):
        _MOVE_ON.tell(session, {"sequence": [numbered[-1].sequence], "hash": [digest]})
        project_blocks(session, numbered, at=at)
    project_consents(session, numbered, at=at)
    project_pauses(session, numbered)
    end_requests(session, numbered)
    project_erasures(session, numbered, at=at)
    project_duties(session, numbered, looked, at=at)
    return [each.sequence for each in numbered]


def _head_taken(session: Session, facts: Sequence[Fact]) -> tuple[Any, Looked | None]:
    """The head, locked. Whoever records waits from here on: what is read under its lock is asked together with it."""
    dialect = session.get_bind().dialect
    head, asking = _head(dialect), whom_partners_hold(dialect)
    with at_once(session):
        taken = head.ahead(session, {})
        looked = look_who_must_hear(session, facts, asking)
    (found,) = taken()
    return found, looked


@lru_cache(maxsize=8)
def _head(dialect: Dialect) -> Kept:
    taken = select(LedgerHead.sequence, LedgerHead.hash).where(LedgerHead.id == 1).with_for_update()
    return Kept(taken, [], dialect)


_MOVE_ON = Many(
    "UPDATE ledger_head SET sequence = given.sequence, hash = given.hash FROM {given} WHERE ledger_head.id = 1",
    sequence="bigint",
    hash="bytea",
)


def _lasting(fact: Fact) -> Fact:
    """The fact without addresses in its evidence: what is here for ever must outlive nobody's erasure."""
    said = without_addresses(fact.evidence)
    return fact if said is fact.evidence else replace(fact, evidence=said)


def _row(sequence: int, fact: Fact, at: datetime, digest: bytes) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "address_key": fact.own,
        "family_key": fact.family,
        "kind": fact.kind.value,
        "scope": fact.scope,
        "door": fact.door.value,
        "at": fact.at,
        "recorded_at": at,
        "source": fact.source,
        "evidence": fact.evidence,
        "policy_version": fact.policy_version,
        "confirmed": fact.confirmed,
        "details": fact.details,
        "hash": digest,
    }


def events_of(session: Session, own: bytes) -> list[Event]:
    """A person's events, oldest first."""
    return list(session.scalars(select(Event).where(Event.address_key == own).order_by(Event.sequence)))


def events_numbered(session: Session, numbers: Collection[int]) -> list[Event]:
    """The events of these numbers, oldest first."""
    return list(session.scalars(select(Event).where(Event.sequence.in_(numbers)).order_by(Event.sequence)))


def history_of(session: Session, own: bytes) -> list[Numbered]:
    """A person's facts with their numbers, for the pure rules."""
    return [Numbered(event.sequence, event.as_fact()) for event in events_of(session, own)]


def relatives_of(session: Session, own: bytes, family: bytes) -> list[list[Numbered]]:
    """The facts of each other address of the same family."""
    events = session.scalars(
        select(Event).where(Event.family_key == family, Event.address_key != own).order_by(Event.sequence)
    )
    grouped: dict[bytes, list[Numbered]] = {}
    for event in events:
        grouped.setdefault(bytes(event.address_key), []).append(Numbered(event.sequence, event.as_fact()))
    return list(grouped.values())


def known_keys(session: Session, keys: Collection[bytes]) -> set[bytes]:
    """Which of these people the ledger has heard of, contact or not: a deleted list forgets nobody."""
    found = session.scalars(select(Event.address_key).where(Event.address_key.in_(keys)).distinct())
    return {bytes(key) for key in found}


def ledger_head(session: Session) -> tuple[int, bytes]:
    """The number and hash of the last event."""
    head = session.execute(select(LedgerHead.sequence, LedgerHead.hash).where(LedgerHead.id == 1)).one()
    return head.sequence, bytes(head.hash)


def hold_still(session: Session) -> int:
    """Let nobody record anything until this transaction ends; the number of the last event."""
    return session.scalars(select(LedgerHead.sequence).where(LedgerHead.id == 1).with_for_update()).one()
