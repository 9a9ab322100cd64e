"""The API takes a person in as an import takes a row: it adds who is new, and can only restrict who is known (G8)."""

import pytest

from contacts.domain.addresses import read_address
from contacts.domain.headings import Field
from contacts.storage.contacts import Contact
from contacts.storage.ledger import events_of
from contacts.web.contact_api import _FIELDS, ContactGiven
from core.operators import Role
from tests.api import program
from tests.conftest import NOON
from tests.contacts.people import add_permitted
from tests.contacts.services.imported import contact, events, number_of, state_of, verdict

ANN = {
    "address": "Ann <Ann@example.org>",
    "given_name": "Ann",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "attributes": {"plan": "gold", "seats": 3, "beta": True},
    "source": "registration",
    "source_time": "2026-03-01",
    "evidence": "sign-up form",
    "topics": ["updates", "research"],
}
BIT = {name: ANN[name] for name in ("address", "source", "source_time", "evidence")}


@pytest.fixture
def key(pepper):
    return lambda address: pepper.keys(read_address(address)).own


def test_somebody_new_is_added_with_what_they_said_yes_to(client, database, key):
    answer = program(client, database).post("/contacts", ANN)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"counts": {"added": 1, "consents": 2}, "said": "done"}
    ann = contact(database, key("ann@example.org"))
    assert (ann.address, ann.given_name, ann.locale, ann.time_zone) == ("Ann@example.org", "Ann", "de", "Europe/Berlin")
    assert ann.attributes == {"plan": "gold", "seats": 3, "beta": True}
    assert verdict(database, key("ann@example.org")) is None
    assert {(each.door, "token" in each.details) for each in events(database, key("ann@example.org"))} == {
        ("api", True)
    }


def test_g8_the_same_call_again_changes_nothing(client, database):
    caller = program(client, database)
    caller.post("/contacts", ANN)
    before = state_of(database)
    assert caller.post("/contacts", ANN).json() == {"counts": {"known": 1}, "said": "done"}
    assert state_of(database) == before


def test_g8_somebody_known_gets_no_permission_by_a_call(client, database, key):
    caller = program(client, database)
    caller.post("/contacts", BIT)
    counts = caller.post("/contacts", BIT | {"topics": ["updates"], "mode": "update"}).json()["counts"]
    assert counts == {"known": 1}
    assert caller.post("/contacts", BIT | {"topics": ["updates"]}).json()["counts"]["consents_of_known"] == 1
    assert verdict(database, key("ann@example.org")) == "no_permission"


def test_a_call_says_what_stops_somebody_and_it_holds(client, database, key):
    caller = program(client, database)
    caller.post("/contacts", ANN)
    caller.post("/contacts", BIT | {"opted_out": ["research"]})
    assert verdict(database, key("ann@example.org"), "research") == "opted_out"
    caller.post("/contacts", BIT | {"birth_date": "2020-01-01"})
    assert verdict(database, key("ann@example.org")) == "child"
    caller.post("/contacts", BIT | {"opted_out": [], "child": False, "topics": ["updates"]})
    assert verdict(database, key("ann@example.org")) == "child"


def test_g13_of_a_child_that_is_new_nothing_is_kept_but_the_block(client, database, key):
    counts = program(client, database).post("/contacts", ANN | {"child": True}).json()["counts"]
    assert counts == {"children": 1}
    assert contact(database, key("ann@example.org")) is None
    assert number_of(database, Contact) == 0
    assert events(database, key("ann@example.org"))[-1].kind == "child"


def test_what_stops_somebody_counts_even_where_the_rest_is_wrong(client, database, key):
    answer = program(client, database).post("/contacts", ANN | {"language": "Klingon", "opted_out": ["everything"]})
    assert answer.status_code == 422
    assert answer.json()["field"] == "language"
    assert "was recorded" in answer.json()["remedy"]
    with database.reading() as session:
        assert [each.kind for each in events_of(session, key("ann@example.org"))] == ["opt_out"]
    assert contact(database, key("ann@example.org")) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"language": "Klingon"}, "language"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"source": "a friend"}, "source"),
        ({"source": None}, "source"),
        ({"topics": ["gossip"]}, "topics"),
        ({"opted_out": ["gossip"]}, "opted_out"),
        ({"birth_date": "yesterday"}, "birth_date"),
        ({"mode": "restrict"}, "mode"),
        ({"mode": "force"}, "mode"),
        ({"address": "nobody"}, "address"),
        ({"attributes": {"a": {"b": 1}}}, "attributes"),
        ({"given_name": "\0"}, "given_name"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_stores_nothing(client, database, said, field):
    answer = program(client, database).post("/contacts", ANN | said)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert number_of(database, Contact) == 0


def test_p8_a_card_number_is_masked_wherever_it_is_said(client, database, key):
    said = ANN | {"evidence": "card 4111 1111 1111 1111", "attributes": {"note": "4111111111111111"}}
    program(client, database).post("/contacts", said)
    ann = contact(database, key("ann@example.org"))
    assert "4111" not in ann.evidence[:-4]
    assert "4111" not in str(ann.attributes)[:-8]


def test_a_contact_is_found_by_any_spelling_and_masked_for_an_analyst(client, database, pepper):
    with database.writing() as session:
        add_permitted(session, pepper, "ann@example.org", "updates", at=NOON, given_name="Ann")
    found = program(client, database).post("/contacts/find", {"address": "ANN@Example.org."})
    assert (found.json()["address"], found.json()["given_name"]) == ("ann@example.org", "Ann")
    masked = program(client, database, Role.ANALYST).post("/contacts/find", {"address": "ann@example.org"})
    assert masked.json()["address"] == "a•••@e•••.org"
    missing = program(client, database).post("/contacts/find", {"address": "nobody@example.org"})
    assert missing.status_code == 404
    assert "nobody" not in missing.text


def test_g17_an_address_is_explained_topic_by_topic(client, database, pepper):
    with database.writing() as session:
        add_permitted(session, pepper, "ann@example.org", "updates", at=NOON)
    told = program(client, database, Role.ANALYST).post("/explain", {"address": "ann@example.org"}).json()
    said = {each["topic"]: (each["permitted"], each["reason"]) for each in told["topics"]}
    assert told["known"]
    assert said["updates"] == (True, None)
    assert said["offers"] == (False, "no_permission")
    assert all(each["sentence"] for each in told["topics"])


def test_the_topics_are_listed(client, database):
    told = program(client, database, Role.ANALYST).get("/topics").json()
    assert [each["name"] for each in told["topics"]] == ["announcements", "updates", "offers", "other", "research"]


def test_every_field_of_a_call_is_a_column_of_an_import():
    assert {*_FIELDS, "mode"} == set(ContactGiven.model_fields)
    assert set(Field) - set(_FIELDS.values()) == {Field.FULL_NAME, Field.IGNORE}
