"""A change of address: confirmed by the new address alone; what stops goes along, and no consent ever."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.verdicts import Reason
from contacts.services.change_address import Asked, ask_to_move
from contacts.services.confirm_signup import confirm_signup
from contacts.services.unsubscribe import opt_out
from contacts.storage.address_changes import AddressChange
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from contacts.storage.pauses import rhythm_of
from contacts.storage.signups import Signup, forget_signups
from core.database import Database
from core.settings import Settings
from tests.contacts.people import add_contact, add_permitted, fact

TOPICS = ["announcements", "updates", "offers", "other", "research"]
NEW = "ann@example.com"


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon, given_name="Ann")
        opt_out(session, keys, "research", Door.PAGE, at=noon)
        rhythm = Fact(
            keys.own,
            keys.family,
            Kind.RHYTHM,
            "everything",
            Door.PREFERENCES,
            noon,
            confirmed=True,
            details={"days": 30},
        )
        record(session, [rhythm], at=noon)
        return keys


@pytest.fixture
def new(pepper: Pepper) -> AddressKeys:
    return pepper.keys(read_address(NEW))


@pytest.fixture
def asks(database: Database, ann: AddressKeys, settings: Settings, noon: datetime):
    def ask(address: str = NEW, *, at: datetime = noon, keys: AddressKeys = ann) -> Asked:
        with database.writing() as session:
            return ask_to_move(session, keys, read_address(address), settings, language="en", at=at)

    return ask


def confirm(database: Database, keys: AddressKeys, at: datetime) -> bool:
    with database.writing() as session:
        number = session.scalars(select(Signup.id).where(Signup.address_key == keys.own)).one()
        return confirm_signup(session, number, at=at) is not None


def on(database: Database, keys: AddressKeys, at: datetime) -> set[str]:
    with database.reading() as session:
        return {topic for topic in TOPICS if verdicts(session, topic, [keys.own], at=at).get(keys.own, "no") is None}


def count(database: Database, mapped: type) -> int:
    with database.reading() as session:
        return len(session.scalars(select(mapped)).all())


def test_asking_alone_changes_nothing(database, ann, new, asks, noon):
    assert asks() is Asked.LOOK_INTO_INBOX
    assert on(database, ann, noon) == {"offers", "updates"}
    assert on(database, new, noon) == set()
    with database.reading() as session:
        assert verdicts(session, "confirmation", [new.own], at=noon)[new.own] is None, "the one mail may go"


def test_the_new_address_says_yes_itself_and_what_was_stopped_comes_along(database, ann, new, asks, noon):
    asks()
    assert confirm(database, new, noon)
    assert on(database, new, noon) == {"offers", "updates"}
    assert on(database, ann, noon) == set()
    with database.reading() as session:
        assert verdicts(session, "research", [new.own], at=noon)[new.own] is Reason.OPTED_OUT
        assert rhythm_of(session, new.own) == 30
        moved = contact_by_key(session, new.own)
        assert moved is not None
        assert (moved.address, moved.given_name) == (NEW, "Ann")
        assert contact_by_key(session, ann.own) is None
    assert count(database, AddressChange) == 0
    assert count(database, Contact) == 1


def test_what_was_stopped_after_the_asking_stays_stopped_at_the_new_address(database, ann, new, asks, noon):
    asks()
    with database.writing() as session:
        opt_out(session, ann, "everything", Door.MAILTO, at=noon)
    confirm(database, new, noon)
    assert on(database, new, noon) == set()


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.COMPLAINT, Kind.HOLD, Kind.ERASURE])
def test_what_came_between_goes_along_and_holds_at_the_new_address(database, ann, new, asks, noon, kind):
    asks()
    with database.writing() as session:
        record(session, [fact(ann, kind, "everything", at=noon)], at=noon)
    confirm(database, new, noon)
    assert on(database, new, noon) == set()


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.COMPLAINT, Kind.HOLD, Kind.ERASURE])
def test_nothing_moves_while_something_stands_in_the_way(database, ann, asks, noon, kind):
    with database.writing() as session:
        record(session, [fact(ann, kind, "everything", at=noon)], at=noon)
    assert asks() is Asked.NOT_HERE
    assert count(database, Signup) == 0


def test_a_dead_mailbox_is_no_hindrance_and_its_bounce_stays_behind(database, ann, new, asks, noon):
    with database.writing() as session:
        opt_out(session, ann, "everything", Door.DELIVERY, at=noon)
    assert asks() is Asked.LOOK_INTO_INBOX
    confirm(database, new, noon)
    assert on(database, new, noon) == {"offers", "updates"}


def test_to_a_close_spelling_of_the_same_address_one_can_move_as_well(database, pepper, ann, asks, noon):
    close = pepper.keys(read_address("ann+mail@example.org"))
    asks("ann+mail@example.org")
    confirm(database, close, noon)
    assert on(database, close, noon) == {"offers", "updates"}


def test_an_address_that_is_a_contact_already_keeps_its_own_row_and_the_old_one_stays_stopped(
    database, pepper, ann, new, asks, noon
):
    with database.writing() as session:
        add_contact(session, pepper, NEW, at=noon, given_name="Other")
    asks()
    confirm(database, new, noon)
    assert count(database, Contact) == 2
    assert on(database, ann, noon) == set()
    assert on(database, new, noon) == {"offers", "updates"}


def test_known_unknown_and_childrens_addresses_get_the_same_answer(database, pepper, ann, new, asks, noon):
    with database.writing() as session:
        record(session, [fact(new, Kind.CHILD, "everything", at=noon)], at=noon)
    assert asks() is Asked.LOOK_INTO_INBOX
    assert count(database, Signup) == 0, "of a child nothing is kept"
    assert asks("new@example.net") is Asked.LOOK_INTO_INBOX
    assert asks("ann@example.org") is Asked.LOOK_INTO_INBOX
    assert count(database, Signup) == 1


def test_only_the_last_wish_counts_and_what_is_not_confirmed_is_forgotten(database, ann, new, asks, noon):
    asks("first@example.net")
    asks()
    assert count(database, AddressChange) == count(database, Signup) == 1
    with database.writing() as session:
        forget_signups(session, at=noon + timedelta(days=8))
    assert count(database, AddressChange) == 0
    assert count(database, Signup) == 0


def test_who_asks_the_same_twice_keeps_the_link_that_was_mailed(database, ann, new, asks, noon):
    asks()
    with database.reading() as session:
        first = session.scalars(select(Signup.id)).one()
    assert asks(at=noon + timedelta(minutes=1)) is Asked.LOOK_INTO_INBOX
    with database.reading() as session:
        assert session.scalars(select(Signup.id)).one() == first


def test_it_cannot_be_asked_without_end_nor_by_who_has_nothing_on_or_is_no_contact(database, pepper, asks, noon):
    said = [asks(f"new{each}@example.net") for each in range(6)]
    assert said == [Asked.LOOK_INTO_INBOX] * 5 + [Asked.TOO_OFTEN]
    with database.writing() as session:
        bare = add_contact(session, pepper, "bare@example.org", at=noon)
    assert asks(keys=bare) is Asked.NOTHING_ON
    assert asks(keys=pepper.keys(read_address("nobody@example.org"))) is Asked.NOT_HERE
