"""Duplicates are shown with why, compared side by side, and merged by hand (G8)."""

import pytest
from sqlalchemy import select

from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from contacts.storage.ledger import record
from core.operators import Role
from tests.conftest import NOON
from tests.contacts.people import add_permitted, fact
from tests.contacts.services.imported import contact, verdict
from tests.web import csrf, sign_in

LIST = "/console/duplicates"


@pytest.fixture
def people(database, pepper):
    with database.writing() as session:
        named = {"given_name": "Eve", "family_name": "Stone"}
        found = {
            written: add_permitted(session, pepper, written, "updates", at=NOON, **more)
            for written, more in (
                ("ann@example.org", {"given_name": "Ann"}),
                ("ann+news@example.org", {"locale": "de"}),
                ("eve@example.org", named | {"attributes": {"phone": "+49 30 1234", "plan": "gold"}}),
                ("stone@example.com", named | {"attributes": {"phone": "+49 30 1234", "plan": "gold"}}),
                ("other@example.com", named | {"attributes": {"phone": "+49 30 9999"}}),
                ("bob@example.org", {}),
            )
        }
        numbers = {each.address_key: each.id for each in session.scalars(select(Contact))}
        return {written: (keys, numbers[keys.own]) for written, keys in found.items()}


def test_close_spellings_and_namesakes_who_share_something_telling_are_shown(client, database, people):
    sign_in(client, database, Role.EDITOR)
    page = client.get(LIST).text
    assert "Close spellings of one address" in page
    assert "and the same “phone”" in page
    for written in ("ann@example.org", "ann+news@example.org", "eve@example.org", "stone@example.com"):
        assert written in page
    assert "bob@example.org" not in page
    assert "other@example.com" not in page


def test_g8_two_are_compared_and_merged_and_the_opt_out_of_one_holds(client, database, people):
    ann, keep = people["ann@example.org"]
    tagged, drop = people["ann+news@example.org"]
    with database.writing() as session:
        record(session, [fact(tagged, Kind.OPT_OUT, "updates", at=NOON)], at=NOON)
    sign_in(client, database, Role.EDITOR)
    pair = f"{LIST}/{keep}/{drop}"
    assert "The kept address gets: opt-out from Software updates" in client.get(pair).text
    assert contact(database, tagged.own) is not None
    done = client.post(pair, data={"csrf": csrf(client, pair)})
    assert done.headers["location"] == f"/console/contacts/{keep}?said=merged"
    page = client.get(done.headers["location"]).text
    assert "Merged." in page
    assert contact(database, ann.own).locale == "de"
    assert contact(database, tagged.own) is None
    assert verdict(database, ann.own) == "opted_out"


def test_one_contact_is_no_pair_and_an_analyst_merges_nobody(client, database, people):
    _, number = people["bob@example.org"]
    _, other = people["eve@example.org"]
    sign_in(client, database, Role.ANALYST)
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}/{number}/{other}", data={"csrf": csrf(client, "/console/me")}).status_code == 403


def test_a_contact_is_not_compared_with_itself_nor_with_nobody(client, database, people):
    _, number = people["bob@example.org"]
    sign_in(client, database)
    assert client.get(f"{LIST}/{number}/{number}").status_code == 409
    assert client.get(f"{LIST}/{number}/999999").status_code == 404


def test_nothing_alike_is_told_as_well(client, database):
    sign_in(client, database)
    assert "No duplicates found" in client.get(LIST).text
