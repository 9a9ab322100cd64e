"""Who is dead and who was only cut off: after the database was away nobody is buried in haste."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from campaigns.services.deliver import BEATS_OF_SILENCE, Books, Vigil
from campaigns.storage.senders import Sender, start_sender, stop_sender
from core.holding import Holding
from tests.conftest import NOON


class Sending:
    """A sender without lines, whose clock goes on by a second at each beat."""

    def __init__(self, database: Any, settings: Any) -> None:
        with database.writing() as session:
            self.number = start_sender(session, "one", NOON)
        self.holding = Holding(database, f"sender-{self.number}")
        assert self.holding.take()
        self.beats = 0
        self.books = Books(database, settings, self.number, self.now, self.holding)
        self.vigil = Vigil(database, self.now, own=self.number, read_ticks=lambda: float(self.beats))

    def beat(self) -> None:
        self.beats += 1
        self.books.beat()
        self.vigil.bury_the_dead()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.beats)


def stopped(database: Any, one: Sending) -> bool:
    with database.reading() as session:
        return session.get_one(Sender, one.number).stopped_at is not None


def test_a_sender_whose_name_nobody_holds_is_buried(database, settings):
    living, dead = Sending(database, settings), Sending(database, settings)
    dead.holding.give_back()
    for _ in range(BEATS_OF_SILENCE + 1):
        living.beat()
    assert stopped(database, dead)
    assert not stopped(database, living)
    living.holding.give_back()


def test_a_sender_that_was_believed_dead_says_that_it_lives(database, settings):
    living = Sending(database, settings)
    with database.writing() as session:
        stop_sender(session, living.number, NOON)
    living.beat()
    assert not stopped(database, living)
    living.holding.give_back()


@pytest.mark.parametrize("ended", ["all", "one"])
@pytest.mark.parametrize("comes_back", [True, False])
def test_g1_a_sender_whose_session_was_ended_is_not_buried_while_it_lives(postgresql_url, settings, comes_back, ended):
    from core.database import Database

    database = Database(postgresql_url)
    slow, quick = Sending(database, settings), Sending(database, settings)
    which = "ORDER BY pid" if ended == "all" else "ORDER BY pid LIMIT 1"
    with database.writing() as session:
        held = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' {which}"
        session.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({held}) AS ending"))
    for _ in range(BEATS_OF_SILENCE + 2):
        quick.beat()
        if comes_back:
            slow.beat()
    assert stopped(database, slow) is not comes_back
    assert not stopped(database, quick)
    for one in (quick, slow):
        one.holding.give_back()
    database.close()
