"""Who waits for work is woken by the commit that brings it, and again after the line was cut."""

import threading

from sqlalchemy import text

from core import bells
from core.bells import Bell, ring
from core.database import Database


class Ear:
    """Counts what it hears."""

    def __init__(self) -> None:
        self.heard = threading.Semaphore(0)

    def hears(self, seconds: float = 10) -> bool:
        return self.heard.acquire(timeout=seconds)

    def __call__(self) -> None:
        self.heard.release()


def test_a_commit_is_heard_and_what_is_rolled_back_is_not(postgresql_url: str):
    database, ear = Database(postgresql_url), Ear()
    bell = Bell(database, "work", ear)
    bell.hang()
    assert ear.hears()
    assert bell.works
    with database.reading() as session:  # is rolled back
        session.execute(text("SELECT pg_notify('work', '')"))
    with database.writing() as session:
        ring(session, "another")
    assert not ear.hears(0.1)
    with database.writing() as session:
        ring(session, "work")
        assert not ear.hears(0.05)
    assert ear.hears()
    bell.take_down()
    database.close()


def test_a_bell_whose_line_was_cut_is_hung_again(postgresql_url: str, monkeypatch):
    monkeypatch.setattr(bells, "AGAIN_SECONDS", 0.02)
    database, ear = Database(postgresql_url), Ear()
    bell = Bell(database, "work", ear)
    bell.hang()
    assert ear.hears()
    with database.writing() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
                 "AND datname = current_database()")
        )  # fmt: skip
    assert ear.hears()
    with database.writing() as session:
        ring(session, "work")
    assert ear.hears()
    bell.take_down()
    database.close()


def test_on_sqlite_there_is_no_bell_and_nobody_misses_it(sqlite_url: str):
    database, ear = Database(sqlite_url), Ear()
    bell = Bell(database, "work", ear)
    bell.hang()
    with database.writing() as session:
        ring(session, "work")
    bell.take_down()
    assert (bell.works, ear.hears(0)) == (False, False)
    database.close()
