"""Locks on people: a permit takes a person's lock together with others, an opt-out takes it alone (GUARANTEES 4).

Beside it each permit takes the person's count alone: two senders that each see room for one more would else both send.
Counts are taken after all families, in one order, and whoever holds one waits for no family: so no two wait for each
other.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session


def lock_families(session: Session, families: Collection[bytes], *, alone: bool) -> None:
    """Take the locks of these people until the transaction ends, in one order, so that no two wait for each other.

    The family key is locked, so that a block on a close spelling is seen as well. On SQLite the writing transaction
    is the lock (BEGIN IMMEDIATE).
    """
    if session.get_bind().dialect.name != "postgresql" or not families:
        return
    take = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    _take(session, take, {family[:8] for family in families})


def lock_counts(session: Session, own: Collection[bytes]) -> None:
    """Take these people's counts until the transaction ends, each alone; after the families' locks."""
    if session.get_bind().dialect.name == "postgresql" and own:
        _take(session, "pg_advisory_xact_lock", {key[8:16] for key in own})


def _take(session: Session, take: str, names: Collection[bytes]) -> None:
    numbers = sorted(int.from_bytes(name, "big", signed=True) for name in names)
    session.execute(
        text(f"SELECT {take}(n) FROM unnest(CAST(:numbers AS bigint[])) WITH ORDINALITY AS t(n, i) ORDER BY i"),  # noqa: S608 - two constants
        {"numbers": numbers},
    )
