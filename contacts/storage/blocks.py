"""Blocks: what is stopped for whom; they never expire and hang on nothing that can be deleted (G9)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import Kind
from contacts.domain.permission import BLOCKING, Numbered, blocked_scopes
from contacts.domain.verdicts import RANKS, BlockReason
from core.database import Base, Key, Moment, insert_new


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
    """Bring the blocks up to date with new events; the first event of a block stays its reason."""
    waiting: list[dict[str, Any]] = []
    for event in events:
        if event.fact.kind in BLOCKING:
            waiting += _rows(event, at)
        elif event.fact.kind is Kind.RELEASE:
            insert_new(session, Block, waiting)
            waiting = []
            _release(session, event)
    insert_new(session, Block, waiting)


def _rows(event: Numbered, at: datetime) -> list[dict[str, Any]]:
    fact = event.fact
    return [
        {
            "address_key": fact.own,
            "scope": scope,
            "reason": BLOCKING[fact.kind].value,
            "rank": RANKS[BLOCKING[fact.kind]],
            "family_key": fact.family,
            "event_sequence": event.sequence,
            "since": at,
        }
        for scope in blocked_scopes(fact.kind, fact.scope)
    ]


def _release(session: Session, event: Numbered) -> None:
    session.execute(
        delete(Block).where(
            Block.address_key == event.fact.own,
            Block.scope == event.fact.scope,
            Block.reason == event.fact.details["reason"],
        ),
        execution_options={"synchronize_session": False},
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
