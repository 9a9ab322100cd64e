"""A child's date of birth typed with somebody's address: the team is told of a contact, and the typist of nothing."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.storage.cases import Case
from contacts.storage.signups import is_child
from core.database import Database
from tests.contacts.people import add_permitted
from tests.contacts.signing_up import CHILD, add_newsletter, count, filled_in
from tests.web import sign_in

FORM = "/join/newsletter"
ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def ann(database: Database, pepper: Pepper, noon: datetime):
    with time_machine.travel(noon, tick=False):
        with database.writing() as session:
            add_newsletter(session, at=noon)
            keys = add_permitted(session, pepper, ANN, "offers", at=noon)
        yield keys


def typed(client: TestClient, address: str, browser: str = "one"):
    return client.post(FORM, data=filled_in(address, born=CHILD), headers={"user-agent": browser})


def test_g13_of_a_contact_the_team_gets_a_request_and_the_answer_is_the_same_for_anybody(
    client: TestClient, database: Database, ann: AddressKeys, noon: datetime
):
    stranger = typed(client, "young@example.org", "another")
    assert count(database, Case) == 0, "of no contact nothing is kept but the block"
    answer = typed(client, ANN)
    assert (answer.status_code, answer.content) == (stranger.status_code, stranger.content)
    assert sorted(answer.headers.items()) == sorted(stranger.headers.items())
    with database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert is_child(session, ann.own)
        assert (case.kind, case.door, case.address, case.holds) == ("child", "sign_up", ANN, True)
        assert case.words == "A child's date of birth was entered with this address at the form newsletter."
        assert noon + timedelta(days=2) <= case.due_at < noon + timedelta(days=14)


def test_whoever_types_it_again_opens_no_second_request(client: TestClient, database: Database):
    for browser in ("one", "two", "three"):
        typed(client, ANN, browser)
    assert count(database, Case) == 1


def test_the_request_stands_in_the_console_with_the_door_it_came_by(client: TestClient, database: Database):
    typed(client, ANN)
    sign_in(client, database)
    assert "sign-up form" in client.get("/console/requests").text
