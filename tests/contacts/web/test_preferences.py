"""A person's own page: everything can be stopped, and only here and by double opt-in can it be allowed again."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.facts import Kind
from contacts.domain.leaving_tokens import preferences_token
from contacts.domain.verdicts import Reason
from contacts.storage.closures import close_scope, reopen_scope
from contacts.storage.contacts import Contact
from contacts.storage.gate import may_track, verdicts
from contacts.storage.ledger import record
from core.database import Database
from core.tokens import Keyring
from tests.contacts.people import add_permitted, fact
from tests.forms import fields

ALL = ["announcements", "updates", "offers", "other", "research"]


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon)


@pytest.fixture
def page(ann: AddressKeys, keyring: Keyring) -> str:
    return "/p/" + preferences_token(keyring, ann.own, 0)


def press(client: TestClient, page: str, act: str, **given: object) -> Any:
    """Open the page as a browser does, and press one of its buttons."""
    seen = fields(client.get(page).text).get("seen", ["0"])[0]
    return client.post(page, data={"act": act, "seen": seen, **given})


def permitted(database: Database, keys: AddressKeys, at: datetime) -> set[str]:
    with database.reading() as session:
        return {topic for topic in ALL if verdicts(session, topic, [keys.own], at=at).get(keys.own, "no") is None}


def stop(database: Database, keys: AddressKeys, kind: Kind, scope: str, at: datetime) -> None:
    with database.writing() as session:
        record(session, [fact(keys, kind, scope, at=at)], at=at)


def test_the_page_shows_what_is_on_and_stop_everything_first(client: TestClient, page):
    shown = client.get(page).text
    assert fields(shown)["topic"] == ["updates", "offers"]
    assert shown.index('value="stop"') < shown.index('value="save"')
    assert "ann@example.org" not in shown
    assert "set-cookie" not in client.get(page).headers


def test_stop_everything_stops_everything(client: TestClient, database: Database, ann, page, noon):
    assert "Done" in press(client, page, "stop").text
    assert permitted(database, ann, noon) == set()


def test_unticking_one_topic_stops_that_topic_alone(client: TestClient, database: Database, ann, page, noon):
    answer = press(client, page, "save", topic=["offers"])
    assert answer.status_code == 303
    assert "Saved" in client.get(answer.headers["location"]).text
    assert permitted(database, ann, noon) == {"offers"}


def test_ticking_a_topic_is_the_persons_own_yes(client: TestClient, database: Database, ann, page, noon):
    press(client, page, "save", topic=["research", "offers"], tracking="1")
    assert permitted(database, ann, noon) == {"research", "offers"}
    with database.reading() as session:
        assert may_track(session, ann.own, at=noon)


@pytest.mark.parametrize("scope", ["everything", "marketing", "offers"])
def test_lifting_a_wide_opt_out_opens_nothing_that_was_not_ticked(
    client: TestClient, database: Database, ann, page, noon, scope
):
    stop(database, ann, Kind.OPT_OUT, scope, noon)
    press(client, page, "save", topic=["offers"])
    assert permitted(database, ann, noon) == {"offers"}


def test_an_archived_topic_stays_stopped_when_it_is_opened_again(client: TestClient, database, ann, page, noon):
    stop(database, ann, Kind.OPT_OUT, "everything", noon)
    with database.writing() as session:
        close_scope(session, "updates", at=noon)
    press(client, page, "save", topic=["offers"])
    with database.writing() as session:
        reopen_scope(session, "updates", at=noon)
    assert permitted(database, ann, noon) == {"offers"}


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.COMPLAINT, Kind.ERASURE, Kind.HOLD])
def test_what_is_no_choice_of_theirs_is_not_lifted_here(client: TestClient, database: Database, ann, page, noon, kind):
    stop(database, ann, kind, "everything", noon)
    answer = press(client, page, "save", topic=ALL, tracking="1")
    assert answer.status_code == 409
    assert permitted(database, ann, noon) == set()


def test_a_bounced_address_is_not_switched_on_by_a_tick(client: TestClient, database: Database, ann, page, noon):
    stop(database, ann, Kind.BOUNCE, "everything", noon)
    press(client, page, "save", topic=ALL)
    with database.reading() as session:
        assert verdicts(session, "offers", [ann.own], at=noon)[ann.own] is Reason.BOUNCED


def test_a_deleted_contact_can_stop_and_cannot_start(client: TestClient, database: Database, ann, page, noon):
    with database.writing() as session:
        session.query(Contact).delete()
    assert client.get(page).status_code == 200
    assert press(client, page, "save", topic=ALL).status_code == 409
    assert press(client, page, "stop").status_code == 200
    assert permitted(database, ann, noon) == set()


def test_an_unsubscribe_token_opens_no_preferences(client: TestClient, ann, keyring):
    from contacts.domain.leaving_tokens import unsubscribe_token

    assert client.post("/p/" + unsubscribe_token(keyring, ann.own, 0, 0), data={"act": "save"}).status_code == 404
