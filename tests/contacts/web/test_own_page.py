"""A person's own page beyond the ticks: pauses, less mail, undo, partners, and tabs that were open for too long."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.facts import Door, Kind
from contacts.domain.leaving_tokens import preferences_token
from contacts.domain.permission import standing
from contacts.domain.verdicts import Reason
from contacts.services.unsubscribe import opt_out
from contacts.storage.closures import close_scope
from contacts.storage.gate import verdicts
from contacts.storage.ledger import Event, history_of, record
from contacts.storage.partners import Partner
from contacts.storage.pauses import pauses_of, rhythm_of
from contacts.storage.topics import Topic
from core.clock import now
from core.database import Database
from core.tokens import Keyring
from tests.contacts.people import add_permitted, fact
from tests.forms import fields


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon)


@pytest.fixture
def page(ann: AddressKeys, keyring: Keyring) -> str:
    return "/p/" + preferences_token(keyring, ann.own, 0)


@pytest.fixture
def acme(database: Database, noon: datetime) -> str:
    with database.writing() as session:
        session.add(Topic(name="partner:acme", parent="partners", title="Acme Strings", created_at=noon))
        session.add(
            Partner(
                name="acme", title="Acme Strings", contract_reference="C-1", privacy_email="p@example.com",
                suppression_email="s@example.com", salt=bytes(16), created_at=noon,
            )
        )  # fmt: skip
    return "acme"


def form_of(client: TestClient, page: str, act: str, **given: Any) -> dict[str, Any]:
    shown = fields(client.get(page).text)
    return {"act": act, "seen": shown.get("seen", ["0"])[0], "number": shown.get("number", [""])[0], **given}


def press(client: TestClient, page: str, act: str, **given: Any) -> str:
    """Open the page, press one of its buttons, and read what is said."""
    answer = client.post(page, data=form_of(client, page, act, **given))
    text: str = client.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text
    return text


def on(database: Database, keys: AddressKeys, *scopes: str) -> set[str]:
    with database.reading() as session:
        at = now()
        return {each for each in scopes if verdicts(session, each, [keys.own], at=at).get(keys.own, "no") is None}


def reason(database: Database, keys: AddressKeys, scope: str) -> Reason | None:
    with database.reading() as session:
        return verdicts(session, scope, [keys.own], at=now())[keys.own]


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.mark.parametrize("days", [30, 60, 90])
def test_a_pause_holds_all_mail_and_the_page_says_until_when(client: TestClient, database: Database, ann, page, days):
    assert "Paused" in press(client, page, "pause", days=days)
    assert reason(database, ann, "offers") is Reason.PAUSED
    with database.reading() as session:
        until = pauses_of(session, ann.own, at=now())["everything"]
    assert abs(until - now() - timedelta(days=days)) < timedelta(minutes=1)
    shown = client.get(page).text
    assert f"{until:%Y}" in shown
    assert "End the pause now" in shown
    assert fields(shown)["topic"] == ["updates", "offers"], "a pause ends by itself: what was chosen stays chosen"


def test_a_pause_is_ended_early_by_its_button(client: TestClient, database: Database, ann, page):
    press(client, page, "pause", days=90)
    assert "The pause is over" in press(client, page, "resume")
    assert reason(database, ann, "offers") is None
    assert "Nothing needed changing" in press(client, page, "resume")


def test_less_mail_is_kept_and_taken_back(client: TestClient, database: Database, ann, page):
    for days in (7, 30, 0):
        assert "Saved" in press(client, page, "rhythm", days=days)
        with database.reading() as session:
            assert rhythm_of(session, ann.own) == days
    assert "Nothing needed changing" in press(client, page, "rhythm", days=0)


@pytest.mark.parametrize(
    ("act", "days"), [("pause", "31"), ("pause", "x"), ("rhythm", "1"), ("nonsense", "30"), ("", "")]
)
def test_what_is_no_button_of_the_page_changes_nothing(client: TestClient, database: Database, ann, page, act, days):
    before = count(database)
    assert client.post(page, data={"act": act, "days": days}).status_code == 422
    assert count(database) == before


def test_partners_are_off_until_ticked_and_mail_and_sharing_are_two_things(
    client: TestClient, database: Database, ann, page, acme
):
    assert "Acme Strings" in client.get(page).text
    press(client, page, "save", topic=["offers", "partner:acme"])
    assert on(database, ann, "offers", "updates", "partner:acme", "sharing:acme") == {"offers", "partner:acme"}
    press(client, page, "save", topic=["sharing:acme"])
    assert on(database, ann, "offers", "partner:acme", "sharing:acme") == {"sharing:acme"}


def test_g15_an_inactive_partner_is_not_offered_and_cannot_be_ticked(client, database: Database, ann, page, acme):
    with database.writing() as session:
        close_scope(session, "partner:acme", at=now())
    assert "Acme" not in client.get(page).text
    press(client, page, "save", topic=["offers", "partner:acme", "sharing:acme", "nonsense", "everything"])
    with database.reading() as session:
        assert set(standing(history_of(session, ann.own)).grants) == {"offers", "updates"}


def test_undo_takes_back_the_last_change_made_here(client: TestClient, database: Database, ann, page):
    assert "Undo it" not in client.get(page).text
    assert "Done" in press(client, page, "stop")
    assert on(database, ann, "offers", "updates", "research") == set()
    assert "Undone" in press(client, page, "undo")
    assert on(database, ann, "offers", "updates", "research") == {"offers", "updates"}


def test_an_undo_that_was_overtaken_is_asked_again(client: TestClient, database: Database, ann, page):
    press(client, page, "stop")
    late = form_of(client, page, "undo")
    with database.writing() as session:
        opt_out(session, ann, "everything", Door.MAILTO, at=now())
    before = count(database)
    answer = client.post(page, data=late)
    assert answer.status_code == 409
    assert "Please look once more" in answer.text
    assert "Undo it" not in answer.text
    assert count(database) == before
    assert on(database, ann, "offers", "updates") == set()


@pytest.mark.parametrize("number", ["", "1", "999999", "x", "-1"])
def test_no_number_that_a_browser_makes_up_undoes_anything(client: TestClient, database: Database, ann, page, number):
    press(client, page, "stop")
    assert client.post(page, data={"act": "undo", "number": number}).status_code == 409
    assert on(database, ann, "offers", "updates") == set()


def test_a_stale_tab_switches_nothing_on_that_was_stopped_elsewhere_and_still_stops(
    client: TestClient, database: Database, ann, page
):
    stale = form_of(client, page, "save", topic=["offers", "research"])
    with database.writing() as session:
        opt_out(session, ann, "offers", Door.REPLY, at=now())
    answer = client.post(page, data=stale)
    assert answer.status_code == 409
    assert answer.text.count("It was not switched on") == 2
    assert on(database, ann, "offers", "updates", "research") == set(), "updates was unticked: that is done"
    press(client, page, "save", topic=["offers"])
    assert on(database, ann, "offers", "updates", "research") == {"offers"}, "asked again, and said again"


@pytest.mark.parametrize("act", ["resume", "rhythm"])
def test_a_stale_tab_loosens_no_pause_and_no_rhythm(client: TestClient, database: Database, ann, page, act):
    press(client, page, "rhythm", days=30)
    stale = form_of(client, page, act, days=7)
    press(client, page, "pause", days=90)
    assert client.post(page, data=stale).status_code == 409
    assert client.post(page, data=stale | {"act": "pause", "days": 30}).status_code == 409
    with database.reading() as session:
        assert rhythm_of(session, ann.own) == 30
        assert pauses_of(session, ann.own, at=now())["everything"] > now() + timedelta(days=89)


def test_g11_opening_the_page_changes_nothing_and_sets_no_cookie(
    client: TestClient, database: Database, ann, page, acme
):
    before = count(database)
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = client.request(method, page + "?said=undone&act=stop&seen=99")
        assert "set-cookie" not in answer.headers
    assert "<script" not in client.get(page).text
    assert count(database) == before


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.CHILD, "Two of us"),
        (Kind.ERASURE, "sign up anew"),
        (Kind.COMPLAINT, "sign up anew"),
        (Kind.BOUNCE, "nobody is there"),
        (Kind.HOLD, "read and settled"),
    ],
)
def test_what_stands_in_the_way_is_said_calmly_with_what_can_be_done(
    client: TestClient, database: Database, ann, page, kind, words
):
    with database.writing() as session:
        record(session, [fact(ann, kind, "everything", at=now())], at=now())
    shown = client.get(page).text
    assert words in shown
    assert 'value="stop"' in shown
    assert 'value="save"' not in shown
    assert "/contact" in shown
    assert "Done" in press(client, page, "stop"), "to stop is always possible"
