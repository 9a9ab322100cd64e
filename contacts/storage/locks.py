"""Locks on people: a permit takes a person's lock together with others, an opt-out takes it alone (GUARANTEES 4)."""

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
    numbers = sorted({int.from_bytes(family[:8], "big", signed=True) for family in families})
    session.execute(
        text(f"SELECT {take}(n) FROM unnest(CAST(:numbers AS bigint[])) WITH ORDINALITY AS t(n, i) ORDER BY i"),  # noqa: S608 - two constants
        {"numbers": numbers},
    )
