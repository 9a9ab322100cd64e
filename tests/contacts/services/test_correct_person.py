"""Putting right what is held: names and attributes; a new address takes every stop along and no permission."""

import pytest
from sqlalchemy import select

from contacts.domain.addresses import read_address
from contacts.domain.facts import Kind
from contacts.domain.verdicts import Reason
from contacts.services.correct_person import Corrected, Correction, correct_person
from contacts.storage.cases import Receipt
from contacts.storage.contacts import contact_by_key
from contacts.storage.former_keys import former_keys_of, person_of
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from core.errors import BadInput, Conflict, NotFound
from tests.contacts.people import add_contact, add_permitted, consent, fact, kept

OLD, NEW = "ann@example.org", "ann.curie@example.com"


@pytest.fixture
def ann(database, pepper, noon):
    with database.writing() as session:
        return add_permitted(
            session,
            pepper,
            OLD,
            "offers",
            at=noon,
            given_name="Ann",
            attributes={"plan": "gold", "seats": 3, "vip": True},
        )


@pytest.fixture
def new(pepper):
    return pepper.keys(read_address(NEW))


def correct(session, keys, noon, *, address: str = "", pepper=None, **fields: str) -> Corrected:
    moved = read_address(address) if address else None
    attributes = {name[2:]: fields.pop(name) for name in list(fields) if name.startswith("a_")}
    wanted = Correction(fields, attributes, moved, pepper.keys(moved) if moved else None)
    return correct_person(session, keys, wanted, at=noon, operator="operator 1", case_id=7)


def test_gdpr_16_names_and_attributes_are_put_right_and_a_receipt_stays(database, ann, noon):
    with database.writing() as session:
        done = correct(session, ann, noon, given_name="Anna", family_name="Curie", a_seats="4", a_vip="no", a_plan="")
    assert done.changed == ("given_name", "family_name", "attributes")
    with database.reading() as session:
        contact = kept(session, ann.own)
        assert (contact.name, contact.attributes) == ("Anna Curie", {"seats": 4, "vip": False})
        (receipt,) = session.scalars(select(Receipt))
        assert (receipt.act, receipt.case_id, set(receipt.counts)) == ("correction", 7, set(done.changed))


def test_what_stands_there_already_gives_no_receipt(database, ann, noon):
    with database.writing() as session:
        assert correct(session, ann, noon, given_name="Ann").changed == ()
        assert session.scalars(select(Receipt)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [{"shoe": "38"}, {"time_zone": "Nowhere"}, {"a_shoe": "38"}, {"a_seats": "many"}, {"given_name": "x" * 300}],
)
def test_a_value_that_cannot_be_kept_changes_nothing(database, ann, noon, wrong):
    with database.writing() as session, pytest.raises(BadInput):
        correct(session, ann, noon, **({"family_name": "Curie"} | wrong))
    with database.reading() as session:
        assert kept(session, ann.own).family_name == ""


def test_somebody_who_is_no_contact_has_nothing_to_put_right(database, new, noon):
    with database.writing() as session, pytest.raises(NotFound):
        correct(session, new, noon, given_name="Ann")


def test_g8_a_new_address_takes_every_stop_along_and_no_permission(database, ann, new, noon, pepper):
    with database.writing() as session:
        record(session, [fact(ann, Kind.OPT_OUT, "research", at=noon)], at=noon)
        assert correct(session, ann, noon, address=NEW, pepper=pepper).changed == ("address",)
    with database.writing() as session:
        assert contact_by_key(session, ann.own) is None
        assert verdicts(session, "offers", [new.own], at=noon) == {new.own: Reason.NO_PERMISSION}
        assert verdicts(session, "research", [new.own], at=noon) == {new.own: Reason.OPTED_OUT}
        assert [each.own for each in former_keys_of(session, new.own)] == [ann.own]
        assert person_of(session, new.own).keys == {ann.own, new.own}


def test_g8_what_the_new_address_once_agreed_to_does_not_come_back_to_life(database, ann, new, noon, pepper):
    with database.writing() as session:
        record(session, [consent(new, "updates", at=noon)], at=noon)
        correct(session, ann, noon, address=NEW, pepper=pepper)
        assert verdicts(session, "updates", [new.own], at=noon) == {new.own: Reason.OPTED_OUT}


def test_another_spelling_of_the_same_address_changes_no_key(database, ann, noon, pepper):
    with database.writing() as session:
        correct(session, ann, noon, address="Ann@example.org", pepper=pepper)
        assert kept(session, ann.own).address == "Ann@example.org"
        assert verdicts(session, "offers", [ann.own], at=noon) == {ann.own: None}
        assert former_keys_of(session, ann.own) == []


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.ERASURE])
def test_g13_nobody_moves_to_the_address_of_a_child_or_of_who_was_erased(database, ann, new, noon, pepper, kind):
    with database.writing() as session:
        record(session, [fact(new, kind, "everything", at=noon)], at=noon)
        with pytest.raises(Conflict):
            correct(session, ann, noon, address=NEW, pepper=pepper)


def test_nobody_moves_to_another_contacts_address(database, ann, noon, pepper):
    with database.writing() as session:
        add_contact(session, pepper, NEW, at=noon)
        with pytest.raises(Conflict):
            correct(session, ann, noon, address=NEW, pepper=pepper)


def test_there_and_back_again_is_one_person_with_two_keys(database, ann, new, noon, pepper):
    with database.writing() as session:
        correct(session, ann, noon, address=NEW, pepper=pepper)
        correct(session, new, noon, address=OLD, pepper=pepper)
        assert person_of(session, ann.own).keys == {ann.own, new.own}
        assert verdicts(session, "offers", [ann.own], at=noon) == {ann.own: Reason.OPTED_OUT}
