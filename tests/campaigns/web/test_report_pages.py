from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from campaigns.domain.states import MessageState
from campaigns.storage.campaigns import Campaign, find_campaign, get_campaign
from campaigns.storage.clicks import Followed, store_click
from campaigns.storage.links import store_links
from campaigns.storage.messages import Message, get_message, list_messages
from contacts.domain.facts import Kind
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import a_sender, add_contact, add_reader, add_readers, make_draft, sending, tell
from tests.web import csrf, sign_in

LIST = "/console/campaigns"
PAGE = f"{LIST}/1"


@pytest.fixture
def under_way(database: Database, noon: datetime) -> int:
    """Five readers: two sent (one clicked), one unknown (whose number is given), two planned; two left out."""
    with database.writing() as session:
        add_readers(session, 5)
        tell(session, add_reader(session, "kid@example.org"), Kind.CHILD, ["everything"])
        add_contact(session, "stranger@example.org")
        mailing = sending(session)
        planned = list_messages(session, mailing.id, state=MessageState.PLANNED)
        first, second, third, *_rest = sorted(planned, key=lambda message: message.contact_id)
        for message in (first, second):
            message.state, message.handed_over_at, message.next_try_at = "sent", noon, None
        third.state, third.reason, third.sender_id, third.next_try_at = "unknown", "gone", a_sender(session), None
        session.flush()
        links = store_links(session, mailing.campaign_id, ["https://example.org/new"])
        clicked = Followed(
            first.id, first.contact_id, first.address_key, mailing.topic, tracking=True, handed_over_at=noon
        )
        store_click(session, clicked, links["https://example.org/new"], noon + timedelta(minutes=5))
        return third.id


def test_g7_the_report_shows_every_outcome_and_every_reason(
    client: TestClient, database: Database, under_way: int
) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(PAGE).text
    for words in (
        "still planned",
        "outcome unknown",
        "left out from the start",
        "is marked as a child",
        "never gave permission for this topic",
        "https://example.org/new",
        'hx-trigger="every 2s"',
    ):
        assert words in page
    assert "do not add up" not in page


def test_the_live_piece_stops_asking_when_nothing_is_sent_any_more(
    client: TestClient, database: Database, under_way: int
) -> None:
    sign_in(client, database, Role.EDITOR)
    assert "every 2s" in client.get(f"{PAGE}/live").text
    client.post(f"{PAGE}/cancel", data={"csrf": csrf(client, PAGE)})
    assert "every 2s" not in client.get(f"{PAGE}/live").text


def test_a_campaign_is_paused_resumed_and_cancelled(client: TestClient, database: Database, under_way: int) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE)}
    for act, state in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        answer = client.post(f"{PAGE}/{act}", data=form)
        assert answer.headers["location"].startswith(f"{PAGE}?said=")
        with database.reading() as session:
            assert get_campaign(session, 1).state == state
    refused = client.post(f"{PAGE}/resume", data=form)
    assert refused.status_code == 409
    assert "not paused" in refused.text


def test_an_analyst_steers_nothing(client: TestClient, database: Database, under_way: int) -> None:
    sign_in(client, database, Role.ANALYST)
    assert "Cancel the rest" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/pause", data={"csrf": csrf(client, "/console/contacts")}).status_code == 403


def test_g6_an_operator_settles_what_is_unknown(client: TestClient, database: Database, under_way: int) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(f"{PAGE}/unknown").text
    assert "reader2@example.org" in page
    form = {"csrf": csrf(client, f"{PAGE}/unknown")}
    assert client.post(f"{PAGE}/unknown/{under_way}", data=form | {"outcome": "withheld"}).status_code == 422
    assert client.post(f"{PAGE}/unknown/999", data=form | {"outcome": "sent"}).status_code == 404
    assert client.post(f"{PAGE}/unknown/{under_way}", data=form | {"outcome": "sent"}).status_code == 303
    with database.reading() as session:
        assert get_message(session, under_way).state == "sent"
    assert client.post(f"{PAGE}/unknown/{under_way}", data=form | {"outcome": "planned"}).status_code == 409
    assert "There is none." in client.get(f"{PAGE}/unknown").text


def test_a_message_of_another_campaign_is_not_settled_here(
    client: TestClient, database: Database, under_way: int
) -> None:
    with database.writing() as session:
        session.add(Campaign(**{**_columns(find_campaign(session, "spring")), "name": "other"}))
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, f"{PAGE}/unknown"), "outcome": "sent"}
    assert client.post(f"{LIST}/2/unknown/{under_way}", data=form).status_code == 404
    with database.reading() as session:
        assert session.get_one(Message, under_way).state == "unknown"


def _columns(campaign: Campaign) -> dict[str, object]:
    return {name: getattr(campaign, name) for name in Campaign.__table__.columns.keys() if name != "id"}  # noqa: SIM118


def test_only_a_draft_is_deleted(client: TestClient, database: Database, under_way: int, noon: datetime) -> None:
    from campaigns.storage.campaigns import put_draft

    with database.writing() as session:
        put_draft(session, make_draft("autumn"), noon)
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE)}
    assert client.post(f"{PAGE}/delete", data=form).status_code == 409
    assert client.post(f"{LIST}/2/delete", data=form).headers["location"] == f"{LIST}?said=deleted"
    assert client.get(f"{LIST}/2").status_code == 404


def test_a_contacts_story_tells_mails_and_clicks(client: TestClient, database: Database, under_way: int) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get("/console/contacts/1").text
    assert "Got a mail: Spring" in page
    assert "Clicked on https://example.org/new" in page
    assert "Left out of: Spring" in client.get("/console/contacts/6").text
