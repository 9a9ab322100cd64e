"""What a sender asks of the database, and what it hands over no more once it does not hold its name."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from campaigns.domain.states import MessageState
from campaigns.sending import books as books_module
from campaigns.sending.books import LEASE, Books
from campaigns.sending.vigils import name_of
from campaigns.storage.claims import Outcome
from campaigns.storage.handovers import NOT_HELD, Ended, bury
from campaigns.storage.messages import Message
from campaigns.storage.senders import Sender, overtaken, start_sender
from contacts.storage.gate import Wish
from contacts.storage.permits import Permit
from core.database import Database
from core.errors import Unavailable
from core.holding import Holding
from tests.campaigns.scenes import add_readers, sending
from tests.conftest import NOON, made_settings


def books_of(database: Any, settings: Any) -> Books:
    """A sender that holds its name."""
    with database.writing() as session:
        sender_id = start_sender(session, "machine:1", NOON)
    holding = Holding(database, name_of(sender_id))
    assert holding.take()
    return Books(database, settings, sender_id, lambda: NOON, holding)


def wishes(books: Books, number: int) -> list[Wish]:
    """Messages claimed, and the wishes to hand them over."""
    with books.database.writing() as session:
        add_readers(session, number)
        sending(session)
    tasks = books.claim(number)
    people = [task.claim.contact for task in tasks]
    return [
        Wish(task.claim.message_id, person.address_key, person.family_key, "announcements")
        for task, person in zip(tasks, people, strict=True)
    ]


def end_the_session_that_holds(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))


def sent(wish: Wish, permit: object) -> Ended:
    assert isinstance(permit, int)
    return Ended(Outcome(wish.message_id, MessageState.SENT, code=250, handed_over_at=NOON), permit, "sent")


def test_g1_a_sender_that_lost_its_database_session_gets_no_permit_before_it_holds_its_name_again(
    postgresql_url, tmp_path
):
    settings = made_settings(postgresql_url, tmp_path)
    database = Database(postgresql_url)
    books = books_of(database, settings)
    first, second = wishes(books, 2)
    assert isinstance(books.answer([first])[0], int)
    end_the_session_that_holds(database)
    with pytest.raises(DBAPIError):
        books.answer([second])
    with Holding(database, name_of(books.sender_id)) as another:
        assert another.take()
        with pytest.raises(Unavailable):
            books.answer([second])
    assert isinstance(books.answer([second])[0], int)
    assert books.holding is not None
    books.holding.give_back()
    database.close()


def test_what_was_handed_over_after_its_sender_was_taken_for_dead_is_counted(postgresql_url, tmp_path):
    settings = made_settings(postgresql_url, tmp_path)
    database = Database(postgresql_url)
    books = books_of(database, settings)
    asked = wishes(books, 2)
    permits = books.answer(asked)
    end_the_session_that_holds(database)
    with database.writing() as session:
        bury(session, books.sender_id, at=NOON)
    books.beat()
    books.answer([sent(wish, permit) for wish, permit in zip(asked, permits, strict=True)])
    with database.reading() as session:
        assert overtaken(session) == 2
        assert session.scalars(select(Permit.outcome)).all() == ["unknown"] * 2
        assert session.scalars(select(Message.state)).all() == ["sent"] * 2
    assert books.holding is not None
    books.holding.give_back()
    database.close()


def test_a_beat_renews_the_lease_now_and_then(database, settings, monkeypatch):
    books = books_of(database, settings)
    wishes(books, 1)
    with database.writing() as session:
        session.execute(update(Message).values(lease_until=NOON))
    books.beat()
    assert lease(database) == NOON
    monkeypatch.setattr(books_module, "RENEW_SECONDS", -1.0)
    books.beat()
    assert lease(database) == NOON + LEASE
    assert books.holding is not None
    books.holding.give_back()


def test_a_beat_waits_for_no_message_that_is_being_settled(postgresql_url, tmp_path, monkeypatch):
    settings = made_settings(postgresql_url, tmp_path)
    database = Database(postgresql_url)
    books = books_of(database, settings)
    wishes(books, 2)
    monkeypatch.setattr(books_module, "RENEW_SECONDS", -1.0)
    with database.writing() as session:
        session.execute(update(Message).where(Message.id == 1).values(lease_until=NOON))
        books.beat()
    with database.reading() as session:
        assert session.scalars(select(Message.lease_until).order_by(Message.id)).all() == [NOON, NOON + LEASE]
    assert books.holding is not None
    books.holding.give_back()
    database.close()


def lease(database: Any) -> object:
    with database.reading() as session:
        return session.scalar(select(Message.lease_until))


def test_g1_permits_that_others_settled_meanwhile_are_proven_to_stand_no_more(database, settings):
    books = books_of(database, settings)
    asked = wishes(books, 2)
    first, second = books.answer(asked)
    assert isinstance(first, int)
    with database.writing() as session:
        session.execute(update(Permit).where(Permit.id == first).values(outcome="unknown", settled_at=NOON))
    assert books.prove([first, second, None]) == [NOT_HELD, second, None]
    assert books.prove([None]) == [None]
    assert books.holding is not None
    books.holding.give_back()


def test_a_sender_that_held_its_name_all_the_while_is_not_asked_whether_it_was_overtaken(database, settings):
    books = books_of(database, settings)
    (wish,) = wishes(books, 1)
    (permit,) = books.answer([wish])
    with database.writing() as session:
        session.execute(update(Permit).values(outcome="unknown", settled_at=NOON))
    books.answer([sent(wish, permit)])
    with database.reading() as session:
        assert overtaken(session) == 0
    assert books.holding is not None
    books.holding.give_back()


def test_g1_a_permit_is_asked_for_only_under_a_lease_that_was_renewed_lately(database, settings, monkeypatch):
    books = books_of(database, settings)
    (wish,) = wishes(books, 1)
    with database.writing() as session:
        session.execute(update(Message).values(lease_until=NOON + timedelta(seconds=1)))
    monkeypatch.setattr(books_module, "RENEW_SECONDS", -1.0)
    books.answer([wish])
    with database.reading() as session:
        assert session.scalar(select(Message.lease_until)) == NOON + LEASE
        assert session.get_one(Sender, books.sender_id).machine == "machine"
    assert books.holding is not None
    books.holding.give_back()
