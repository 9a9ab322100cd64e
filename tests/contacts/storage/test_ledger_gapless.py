"""Numbers without a gap while many record at once and some give up; and a chain that erasing a person leaves whole."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError

from contacts.domain.addresses import Pepper, read_address
from contacts.domain.facts import Kind
from contacts.storage.blocks import blocks_of
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event, record
from core.database import Database
from tests.contacts.intruders import fault
from tests.contacts.people import add_permitted, fact

THREADS, TURNS = 8, 50
SCOPES = ("offers", "updates", "other", "research", "announcements", "tracking", "everything")


class GivenUpError(Exception):
    """A transaction that ends without a commit."""


def perhaps_give_up(dice: random.Random) -> None:
    if dice.random() < 0.3:
        raise GivenUpError


def test_g18_the_sequence_has_no_gap_when_many_record_at_once_and_some_give_up(
    database: Database, pepper: Pepper, noon: datetime
):
    def record_some(thread: int) -> int:
        dice, kept = random.Random(thread), 0
        for number in range(TURNS):
            keys = pepper.keys(read_address(f"p{dice.randrange(200)}@example.org"))
            facts = [fact(keys, Kind.OPT_OUT, scope, at=noon) for scope in SCOPES[: 1 + number % len(SCOPES)]]
            with suppress(GivenUpError), database.writing() as session:
                new = record(session, facts, at=noon)
                perhaps_give_up(dice)
                kept += len(new)
        return kept

    with ThreadPoolExecutor(THREADS) as pool:
        kept = sum(pool.map(record_some, range(THREADS)))
    with database.reading() as session:
        assert session.execute(select(func.min(Event.sequence), func.max(Event.sequence), func.count())).one() == (
            1,
            kept,
            kept,
        )
    assert fault(database) is None


def test_g18_an_event_that_skips_a_number_is_refused_even_in_the_middle_of_many(
    database: Database, pepper: Pepper, noon: datetime
):
    keys = pepper.keys(read_address("ann@example.org"))
    with database.writing() as session:
        record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
    columns = ", ".join(column.name for column in Event.__table__.columns if column.name != "sequence")
    several = " UNION ALL ".join(f"SELECT {number}, {columns} FROM event WHERE sequence = 1" for number in (2, 3, 5))
    with pytest.raises(DBAPIError, match="one after the other"), database.writing() as session:
        session.execute(text(f"INSERT INTO event (sequence, {columns}) {several}"))
    assert fault(database) is None


def test_g9_erasing_all_else_about_a_person_leaves_the_chain_whole_and_the_block_standing(
    database: Database, pepper: Pepper, noon: datetime
):
    """The ledger knows people by their keys alone: nothing of it must go for a person to be forgotten."""
    with database.writing() as session:
        add_permitted(session, pepper, "bob@example.org", "offers", at=noon)
        keys = add_permitted(session, pepper, "ann@example.org", "offers", "tracking", at=noon)
        record(session, [fact(keys, Kind.ERASURE, "everything", at=noon)], at=noon)
        session.execute(delete(Contact).where(Contact.address_key == keys.own))
    assert fault(database) is None
    with database.reading() as session:
        assert [block.reason for block in blocks_of(session, keys.own)] == ["erasure"] * 3
        words = session.execute(text("SELECT count(*) FROM event WHERE evidence LIKE '%ann%'")).scalar_one()
    assert words == 0
