"""A list that names an old address of somebody's stops whoever they became, as every other door does (G19)."""

import pytest

from contacts.domain.addresses import read_address
from contacts.domain.facts import Kind
from contacts.domain.import_modes import ImportMode
from contacts.storage.contacts import contact_by_key
from contacts.storage.former_keys import move_contact
from contacts.storage.ledger import record
from tests.conftest import NOON
from tests.contacts.people import add_permitted, consent, fact, kept
from tests.contacts.services.imported import contact, verdict

OLD, NEW = "hans@example.org", "hans@example.com"


@pytest.fixture
def moved(database, pepper):
    """Somebody with a new address that said yes, whose old one is stopped since the change; both keys."""
    new = pepper.keys(read_address(NEW))
    with database.writing() as session:
        old = add_permitted(session, pepper, OLD, "offers", at=NOON)
        move_contact(session, kept(session, old.own), read_address(NEW), new, at=NOON)
        stop = fact(old, Kind.OPT_OUT, "everything", at=NOON)
        record(session, [stop, consent(new, "offers", at=NOON), consent(new, "updates", at=NOON)], at=NOON)
    return old, new


def test_a_suppression_list_with_the_old_address_stops_the_new_one(bring, database, moved):
    assert verdict(database, moved[1].own, "offers") is None
    assert bring(f"email\n{OLD}\n", mode=ImportMode.RESTRICT).counts["opt_outs"] == 1
    assert verdict(database, moved[1].own, "offers") == "opted_out"


def test_g8_a_row_stops_the_heir_for_what_it_says_and_gives_them_nothing(bring, database, moved):
    bring(f"email,first name,topics,opt-out\n{OLD},Hans,research,updates\n")
    assert verdict(database, moved[1].own, "updates") == "opted_out"
    assert verdict(database, moved[1].own, "offers") is None
    assert verdict(database, moved[1].own, "research") == "no_permission"
    found = contact(database, moved[1].own)
    assert found is not None
    assert found.given_name == ""


def test_g13_a_childs_row_flags_the_heir(bring, database, moved):
    bring(f"email,child\n{OLD},yes\n")
    assert verdict(database, moved[1].own, "offers") == "child"
    with database.reading() as session:
        assert contact_by_key(session, moved[0].own) is None


def test_a_row_of_somebody_who_moved_and_that_stops_nothing_reaches_nobody(bring, database, moved):
    bring(f"email,topics\n{OLD},offers\n")
    assert verdict(database, moved[1].own, "offers") is None
