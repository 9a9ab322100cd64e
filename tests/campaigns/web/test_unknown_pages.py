from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from campaigns.domain.states import MessageState
from campaigns.storage.claims import claim
from campaigns.storage.handovers import bury, settle_and_ask
from campaigns.storage.messages import count_states
from contacts.storage.gate import Wish
from core.clock import now
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import a_sender, add_readers, sending
from tests.web import csrf, sign_in

PAGE = "/console/campaigns/1/unknown"


@pytest.fixture
def lost(database: Database) -> None:
    """Three messages whose sender died, one of them after it had asked again."""
    at = now()
    with database.writing() as session:
        add_readers(session, 3)
        sending(session, at=at)
        sender = a_sender(session, "north")
        for number, later in ((1, 0), (2, 1)):
            claims = claim(session, sender, at=at, lease=timedelta(minutes=5), most=number)
            people = [(each.message_id, each.contact.address_key, each.contact.family_key) for each in claims]
            moment = at + timedelta(seconds=later)
            settle_and_ask(session, sender, [Wish(*each, "announcements") for each in people], at=moment)
        bury(session, sender, at=at + timedelta(minutes=1))


def _states(database: Database) -> dict[MessageState, int]:
    with database.reading() as session:
        return count_states(session, 1).by_state


def test_g6_what_is_known_about_each_is_told(client: TestClient, database: Database, lost: None) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(PAGE).text
    assert "3 messages whose outcome is unknown" in page
    assert page.count("it probably arrived") == 1
    assert page.count("it may not have arrived") == 2
    assert "north" in page
    assert "reader0@example.org" in page


def test_p1_an_analyst_sees_masked_addresses_and_no_buttons(client: TestClient, database: Database, lost: None) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(PAGE).text
    assert "r•••@e•••.org" in page
    assert "reader0@" not in page
    assert "Send again" not in page
    assert client.get(f"{PAGE}/all?mailing=1&outcome=sent").status_code == 403


def test_g6_all_are_decided_after_a_question_with_their_number(
    client: TestClient, database: Database, lost: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    asked = client.get(f"{PAGE}/all?mailing=1&outcome=planned").text
    assert "Send them again: 3 messages" in asked
    assert "gets it twice" in asked
    assert _states(database) == {MessageState.UNKNOWN: 3}
    form = {"csrf": csrf(client, PAGE), "mailing": "1", "outcome": "sent"}
    late = client.post(f"{PAGE}/all", data=form | {"expected": "2"})
    assert late.status_code == 409
    assert "There are 3 by now, and you were told of 2" in late.text
    assert _states(database) == {MessageState.UNKNOWN: 3}
    assert client.post(f"{PAGE}/all", data=form | {"expected": "3"}).headers["location"] == f"{PAGE}?said=changed"
    assert _states(database) == {MessageState.SENT: 3}
    assert "There is none." in client.get(PAGE).text


def test_what_is_no_decision_changes_nothing(client: TestClient, database: Database, lost: None) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE), "mailing": "1", "outcome": "sent", "expected": "3"}
    changes = (
        ({"mailing": "7"}, 404),
        ({"outcome": "withheld"}, 422),
        ({"expected": "many"}, 422),
        ({"mailing": ""}, 422),
    )
    for change, status in changes:
        assert client.post(f"{PAGE}/all", data=form | change).status_code == status
    assert _states(database) == {MessageState.UNKNOWN: 3}


def test_many_are_shown_by_pages(
    client: TestClient, database: Database, lost: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.web.unknown_pages.SHOWN", 2)
    sign_in(client, database, Role.EDITOR)
    first = client.get(PAGE).text
    assert "Next page" in first
    rest = client.get(f"{PAGE}?after={first.partition('?after=')[2].partition(chr(34))[0]}").text
    assert "First page" in rest
    assert rest.count("it may not have arrived") + rest.count("it probably arrived") == 1
