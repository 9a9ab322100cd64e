"""Locks on people: a permit takes a person's lock together with others, an opt-out takes it alone (GUARANTEES 4).

Beside it each permit takes the person's count alone: two senders that each see room for one more would else both send.
Counts are taken after all families, in one order, and whoever holds one waits for no family: so no two wait for each
other.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from core.kept import tell_postgresql


def lock_families(session: Session, families: Collection[bytes], *, alone: bool) -> None:
    """Take the locks of these people until the transaction ends, in one order, so that no two wait for each other.

    The family key is locked, so that a block on a close spelling is seen as well. On SQLite the writing transaction
    is the lock (BEGIN IMMEDIATE).
    """
    if session.get_bind().dialect.name == "postgresql" and families:
        tell_postgresql(session, _ALONE if alone else _SHARED, families=_names(families, 0))


def lock_for_permits(session: Session, families: Collection[bytes], own: Collection[bytes]) -> None:
    """Take these people's locks together with others, then their counts, each alone."""
    if session.get_bind().dialect.name == "postgresql" and own:
        tell_postgresql(session, _FOR_PERMITS, families=_names(families, 0), counts=_names(own, 8))


def _names(keys: Collection[bytes], start: int) -> list[int]:
    return sorted({int.from_bytes(key[start : start + 8], "big", signed=True) for key in keys})


_ALONE = """
SELECT count(CAST(pg_advisory_xact_lock(n) AS text)) AS taken
FROM (SELECT n FROM unnest(CAST(%(families)s AS bigint[])) WITH ORDINALITY AS t (n, i) ORDER BY i) AS ordered
"""
_SHARED = """
SELECT count(CAST(pg_advisory_xact_lock_shared(n) AS text)) AS taken
FROM (SELECT n FROM unnest(CAST(%(families)s AS bigint[])) WITH ORDINALITY AS t (n, i) ORDER BY i) AS ordered
"""
_COUNTED = """
SELECT count(CAST(pg_advisory_xact_lock(n) AS text)) AS taken
FROM (SELECT n FROM unnest(CAST(%(counts)s AS bigint[])) WITH ORDINALITY AS t (n, i) ORDER BY i) AS ordered
"""
_FOR_PERMITS = f"{_SHARED} UNION ALL {_COUNTED}"
"""One after the other; what is taken is counted as text, so that none is left out as not needed."""
