"""Locks on people to the letter: which are taken, alone or together with others, and in which order."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from contacts.storage.locks import lock_families, lock_for_permits
from core.database import Database
from tests.patience import comes_to_an_end

ALONE, TOGETHER = "ExclusiveLock", "ShareLock"
LOWEST, MIDDLE, HIGHEST = b"\xff" * 8, b"\x00" * 7 + b"\x05", b"\x7f" + b"\x00" * 7
NUMBERS = {LOWEST: -1, MIDDLE: 5, HIGHEST: 0x7F << 56}
"""As a lock is named: the first of these would be the highest without its sign."""
REST = bytes(range(100, 116))
HELD = text(
    "SELECT (classid::bigint << 32) | objid::bigint AS number, mode, granted FROM pg_locks"
    " WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    yield opened
    opened.close()


def held(database: Database) -> set[tuple[int, str, bool]]:
    """Every lock of this kind that somebody has or waits for: its number, how, and whether it was got."""
    with database.reading() as session:
        return {(row.number, row.mode, row.granted) for row in session.execute(HELD)}


@pytest.mark.parametrize(("alone", "mode"), [(True, ALONE), (False, TOGETHER)])
def test_a_persons_lock_is_the_beginning_of_the_family_until_the_end(postgresql: Database, alone: bool, mode: str):
    with postgresql.writing() as session:
        lock_families(session, [key + REST for key in NUMBERS], alone=alone)
        assert held(postgresql) == {(number, mode, True) for number in NUMBERS.values()}
    assert held(postgresql) == set()


def test_a_permit_takes_the_family_together_with_others_and_the_count_alone(postgresql: Database):
    with postgresql.writing() as session:
        lock_for_permits(session, [MIDDLE + REST, LOWEST + REST], [REST[:8] + HIGHEST + REST])
        together = {(number, TOGETHER, True) for number in (5, -1)}
        assert held(postgresql) == together | {(NUMBERS[HIGHEST], ALONE, True)}


def test_nobody_is_locked_where_nobody_is_named(database: Database):
    with database.writing() as session:
        lock_families(session, [], alone=True)
        lock_for_permits(session, [], [])
        assert database.dialect == "sqlite" or held(database) == set()


def test_on_sqlite_the_writing_transaction_is_the_lock(sqlite_url: str):
    database = Database(sqlite_url)
    with database.writing() as session:
        lock_families(session, [LOWEST + REST], alone=True)
        lock_for_permits(session, [LOWEST + REST], [LOWEST + REST])
    database.close()


def while_somebody_has(
    postgresql: Database, has: Callable[[Session], None], wants: Callable[[Session], None]
) -> set[tuple[int, str, bool]]:
    """All locks, seen when the second transaction waits for the first."""

    def second() -> None:
        with postgresql.writing() as other:
            wants(other)

    waiting = threading.Thread(target=second)
    with postgresql.writing() as session, comes_to_an_end(60):
        has(session)
        waiting.start()
        seen = held(postgresql)
        while all(granted for _, _, granted in seen):
            seen = held(postgresql)
    waiting.join(60)
    assert not waiting.is_alive()
    return seen


@pytest.mark.parametrize(("alone", "mode"), [(True, ALONE), (False, TOGETHER)])
def test_families_are_taken_in_the_order_of_their_numbers(postgresql: Database, alone: bool, mode: str):
    seen = while_somebody_has(
        postgresql,
        lambda session: lock_families(session, [MIDDLE], alone=True),
        lambda session: lock_families(session, [HIGHEST, MIDDLE, LOWEST], alone=alone),
    )
    assert seen == {(5, ALONE, True), (-1, mode, True), (5, mode, False)}


def test_counts_come_after_all_families_in_the_order_of_their_numbers(postgresql: Database):
    seen = while_somebody_has(
        postgresql,
        lambda session: lock_families(session, [MIDDLE], alone=True),
        lambda session: lock_for_permits(session, [HIGHEST], [REST[:8] + each for each in (MIDDLE, LOWEST)]),
    )
    assert seen == {(5, ALONE, True), (NUMBERS[HIGHEST], TOGETHER, True), (-1, ALONE, True), (5, ALONE, False)}


def test_two_permits_of_one_family_do_not_wait_for_each_other_and_an_opt_out_does(postgresql: Database):
    with postgresql.writing() as first, postgresql.writing() as second:
        lock_for_permits(first, [LOWEST], [REST[:8] + MIDDLE])
        lock_for_permits(second, [LOWEST], [REST[:8] + HIGHEST])
        assert (-1, TOGETHER, True) in held(postgresql)
    seen = while_somebody_has(
        postgresql,
        lambda session: lock_for_permits(session, [LOWEST], [REST[:8] + MIDDLE]),
        lambda session: lock_families(session, [LOWEST], alone=True),
    )
    assert (-1, ALONE, False) in seen
