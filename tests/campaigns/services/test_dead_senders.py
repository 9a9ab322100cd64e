"""Who is dead and who was only cut off: after the database was away nobody is buried in haste."""

from typing import Any

import pytest
from sqlalchemy import text

from campaigns.services.deliver import BEATS_OF_MERCY, Books
from campaigns.storage.senders import Sender, start_sender, stop_sender
from core.holding import Holding
from tests.conftest import NOON


def sender(database: Any, settings: Any) -> Books:
    with database.writing() as session:
        number = start_sender(session, "one", NOON)
    holding = Holding(database, f"sender-{number}")
    assert holding.take()
    return Books(database, settings, number, lambda: NOON, holding)


def stopped(database: Any, books: Books) -> bool:
    with database.reading() as session:
        return session.get_one(Sender, books.sender_id).stopped_at is not None


def test_a_sender_whose_name_nobody_holds_is_buried(database, settings):
    living, dead = sender(database, settings), sender(database, settings)
    dead.holding.give_back()
    living.beat()
    assert stopped(database, dead)
    assert not stopped(database, living)
    living.holding.give_back()


def test_a_sender_that_was_believed_dead_says_that_it_lives(database, settings):
    living = sender(database, settings)
    with database.writing() as session:
        stop_sender(session, living.sender_id, NOON)
    living.beat()
    assert not stopped(database, living)
    living.holding.give_back()


@pytest.mark.parametrize("comes_back", [True, False])
def test_after_an_outage_the_others_get_time_to_come_back(postgresql_url, settings, comes_back):
    from core.database import Database

    database = Database(postgresql_url)
    quick, slow = sender(database, settings), sender(database, settings)
    with database.writing() as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    quick.beat()
    assert not stopped(database, slow)
    for _ in range(BEATS_OF_MERCY):
        if comes_back:
            slow.beat()
        quick.beat()
    assert stopped(database, slow) is not comes_back
    for books in (quick, slow):
        books.holding.give_back()
    database.close()
