"""Blocks: what is stopped for whom; they never expire and hang on nothing that can be deleted (G9)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import Kind
from contacts.domain.permission import BLOCKING, Numbered, blocked_scopes
from contacts.domain.verdicts import RANKS, BlockReason
from core.database import Base, Key, Moment
from core.many import Many


class Block(Base):
    """One reason why one scope is stopped for one person."""

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('child', 'erasure', 'complaint', 'bounce', 'opt_out', 'hold')",
            name="reason",
        ),
        Index("ix_block_family_key", "family_key"),
    )

    address_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20), primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    family_key: Mapped[bytes] = mapped_column(Key)
    event_sequence: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(Moment)


def project_blocks(session: Session, events: Sequence[Numbered], *, at: datetime) -> None:
    """Bring the blocks up to date with new events; the first event of a block stays its reason.

    Within `at_once` nothing is waited for.
    """
    waiting: list[tuple[Any, ...]] = []
    for event in events:
        if event.fact.kind in BLOCKING:
            waiting += _rows(event)
        elif event.fact.kind is Kind.RELEASE:
            _stop(session, waiting, at)
            waiting = []
            fact, lifted = event.fact, event.fact.details["reason"]
            _RELEASE.tell(session, {"own": [fact.own], "scope": [fact.scope], "reason": [lifted]})
    _stop(session, waiting, at)


def _rows(event: Numbered) -> list[tuple[Any, ...]]:
    """What `_STOPPED` names, for each scope."""
    fact = event.fact
    reason = BLOCKING[fact.kind]
    return [
        (fact.own, fact.family, scope, reason.value, RANKS[reason], event.sequence)
        for scope in blocked_scopes(fact.kind, fact.scope)
    ]


def _stop(session: Session, rows: Sequence[tuple[Any, ...]], at: datetime) -> None:
    if rows:
        _STOP.tell(session, dict(zip(_STOPPED, zip(*rows, strict=True), strict=True)), at=at)


_STOPPED = {
    "own": "bytea", "family": "bytea", "scope": "varchar", "reason": "varchar", "rank": "smallint", "sequence": "bigint"
}  # fmt: skip
_STOP = Many(
    """
    INSERT INTO block (address_key, scope, reason, rank, family_key, event_sequence, since)
    SELECT own, scope, reason, rank, family, sequence, %(at)s FROM {given} WHERE true
    ORDER BY sequence ON CONFLICT DO NOTHING
    """,
    **_STOPPED,
)
_RELEASE = Many(
    "DELETE FROM block WHERE (address_key, scope, reason) IN (SELECT own, scope, reason FROM {given})",
    own="bytea",
    scope="varchar",
    reason="varchar",
)


def blocks_of(session: Session, own: bytes) -> list[Block]:
    """A person's blocks, weightiest first."""
    return list(session.scalars(select(Block).where(Block.address_key == own).order_by(Block.rank, Block.scope)))


def blocked_among(session: Session, owns: Collection[bytes], scope: str, reason: BlockReason) -> set[bytes]:
    """Which of these people have just this block."""
    rows = select(Block.address_key).where(
        Block.address_key.in_(owns), Block.scope == scope, Block.reason == reason.value
    )
    return {bytes(own) for own in session.scalars(rows)}


def restrictions_among(session: Session, owns: Collection[bytes]) -> dict[bytes, set[tuple[str, str]]]:
    """The blocks of each of these people, as scope and reason."""
    found: dict[bytes, set[tuple[str, str]]] = {own: set() for own in owns}
    rows = select(Block.address_key, Block.scope, Block.reason).where(Block.address_key.in_(owns))
    for own, scope, reason in session.execute(rows):
        found[bytes(own)].add((scope, reason))
    return found
