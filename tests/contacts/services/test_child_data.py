"""Children: whoever tells us of one, their data goes in time, the block stays, and nothing is collected anew (G13)."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

import campaigns.storage.letters_kept
import surveys.storage.answers_kept
from contacts.domain.addresses import AddressKeys, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.import_modes import ImportMode
from contacts.domain.policy import Source
from contacts.domain.rows import Defaults
from contacts.services.finish_erasures import BATCH, SECOND_LOOK, finish_erasures
from contacts.services.flag_child import flag_child
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.services.place_hold import place_hold
from contacts.storage.blocks import blocks_of
from contacts.storage.cases import Receipt
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.erasures import Erasure
from contacts.storage.ledger import record
from tests.contacts.people import add_permitted

KIM = "kim@example.org"
DAYS = 14
KEEPERS = (campaigns.storage.letters_kept.LETTERS, surveys.storage.answers_kept.ANSWERS)
Finish = Callable[..., object]


@pytest.fixture
def kim(database, pepper, noon) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, KIM, "offers", at=noon, given_name="Kim")


@pytest.fixture
def finish(database, ring, settings) -> Finish:
    def run(at: datetime, child_days: int = DAYS) -> object:
        return finish_erasures(database, settings.data_dir, ring, at=at, child_days=child_days)

    return run


def people(database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Contact)).all())


def flag(database, keys: AddressKeys, at: datetime, door: Door = Door.OPERATOR) -> None:
    with database.writing() as session:
        flag_child(session, keys, door, at=at, evidence="a letter from the mother")


@pytest.mark.parametrize("door", [Door.OPERATOR, Door.API, Door.SURVEY, Door.SIGN_UP, Door.IMPORT, Door.TERMINAL])
def test_g13_a_childs_data_goes_after_the_set_days_and_the_block_stays(database, kim, noon, finish, door):
    flag(database, kim, noon, door)
    finish(noon + timedelta(days=DAYS, seconds=-1))
    assert people(database) == 1
    finish(noon + timedelta(days=DAYS))
    assert people(database) == 0
    with database.reading() as session:
        assert {block.reason for block in blocks_of(session, kim.own)} == {"child"}
        assert [each.act for each in session.scalars(select(Receipt))] == ["child_deletion"]


def test_g13_at_once_means_at_the_next_tick(database, kim, noon, finish):
    flag(database, kim, noon)
    finish(noon, child_days=0)
    assert people(database) == 0


def test_g13_a_mistake_that_was_corrected_in_time_keeps_the_data(database, kim, noon, finish):
    flag(database, kim, noon)
    details = {"reason": "child", "operators": [1, 2]}
    with database.writing() as session:
        released = [
            Fact(kim.own, kim.family, Kind.RELEASE, scope, Door.OPERATOR, noon, evidence="passport", details=details)
            for scope in ("everything", "tracking", "sharing")
        ]
        record(session, released, at=noon)
    finish(noon + timedelta(days=DAYS))
    assert people(database) == 1


def test_p13_a_legal_hold_keeps_a_childs_data(database, kim, noon, finish):
    flag(database, kim, noon)
    with database.writing() as session:
        place_hold(session, kim, "claim 2 O 41/26", operator="operator 1", at=noon)
    finish(noon + timedelta(days=DAYS))
    assert people(database) == 1


def test_g13_more_children_than_one_batch_are_deleted_batch_by_batch(database, pepper, noon, finish):
    with database.writing() as session:
        keys = [add_permitted(session, pepper, f"kid{each}@example.org", at=noon) for each in range(BATCH + 5)]
        facts = [Fact(each.own, each.family, Kind.CHILD, "everything", Door.IMPORT, noon) for each in keys]
        strangers = [pepper.keys(read_address(f"stranger{each}@example.org")) for each in range(BATCH)]
        facts += [Fact(each.own, each.family, Kind.CHILD, "everything", Door.IMPORT, noon) for each in strangers]
        record(session, facts, at=noon)
    for _ in range(3):  # one run ends after some seconds, the next one goes on
        finish(noon, child_days=0)
    finish(noon + SECOND_LOOK, child_days=0)
    assert people(database) == 0
    with database.reading() as session:
        assert all(each.settled_at for each in session.scalars(select(Erasure)))


@pytest.mark.parametrize("mode", list(ImportMode))
def test_g13_an_import_fills_nothing_in_for_a_child_before_and_collects_nothing_after(
    database, kim, noon, finish, ring, settings, mode
):
    flag(database, kim, noon)
    text = f"email,given_name,family_name,shoe\n{KIM},Kimberly,Fernsby,38\n"
    options = ImportOptions(
        rejects_folder=settings.data_dir / "rejects",
        defaults=Defaults(source=Source.MAILING_LIST, source_at=noon, evidence="a form"),
        mode=mode,
    )
    import_contacts(database, io.BytesIO(text.encode()), options, ring=ring, at=noon)
    with database.reading() as session:
        contact = contact_by_key(session, kim.own)
        assert contact is not None
        assert (contact.given_name, contact.family_name, contact.attributes) == ("Kim", "", {})
    finish(noon + timedelta(days=DAYS))
    import_contacts(database, io.BytesIO(text.encode()), options, ring=ring, at=noon + timedelta(days=DAYS))
    assert people(database) == 0
    assert len(KEEPERS) == 2
