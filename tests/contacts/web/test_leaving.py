"""The ways out, over the real application: nothing on GET, always on POST, and only the truth is said."""

import threading
import time
from datetime import datetime

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.facts import Kind
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask, verdicts
from contacts.storage.ledger import Event
from contacts.storage.permits import settle
from core.database import Database
from core.settings import Settings
from core.tokens import Keyring
from tests.contacts.people import add_permitted
from tests.web import browser


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon)


@pytest.fixture
def link(ann: AddressKeys, keyring: Keyring) -> str:
    return "/u/" + unsubscribe_token(keyring, ann.own, 0, 12)


def verdict(database: Database, keys: AddressKeys, topic: str, at: datetime) -> Reason | None:
    with database.reading() as session:
        return verdicts(session, topic, [keys.own], at=at)[keys.own]


def events(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def test_g11_opening_the_page_changes_nothing(client: TestClient, database: Database, ann, link):
    before = events(database)
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        answer = client.request(method, link)
        assert answer.status_code in {200, 405}
        assert "set-cookie" not in answer.headers
    assert events(database) == before


def test_the_page_shows_one_button_and_a_masked_address(client: TestClient, link):
    page = client.get(link)
    assert "a•••@e•••.org" in page.text
    assert "ann@example.org" not in page.text
    assert page.text.count("<button") == 1
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "script" not in page.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"", None),
        (b"\xff\xfe\x00garbage", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b'{"List-Unsubscribe": "One-Click"}', "application/json"),
        (b"List-Unsubscribe=One-Click" * 10_000, "text/plain"),
        (b"a=%zz&%=&&&==", "application/x-www-form-urlencoded; charset=nonsense"),
    ],
)
def test_g12_one_click_takes_any_body(client: TestClient, database: Database, ann, link, noon, body, kind):
    headers = {"content-type": kind} if kind else {}
    for _ in range(3):
        answer = client.post(link, content=body, headers=headers)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
    assert verdict(database, ann, "offers", noon) is Reason.OPTED_OUT
    assert verdict(database, ann, "updates", noon) is Reason.OPTED_OUT


def test_g10_a_link_works_after_contact_and_topics_are_gone(client: TestClient, database: Database, ann, keyring, noon):
    with database.writing() as session:
        session.query(Contact).delete()
    answer = client.post("/u/" + unsubscribe_token(keyring, ann.own, 999, 999))
    assert answer.status_code == 200
    with database.writing() as session:
        add_permitted(
            session, Pepper("a-pepper-of-the-tests-that-is-long-enough"), "ann@example.org", "offers", at=noon
        )
    assert verdict(database, ann, "offers", noon) is Reason.OPTED_OUT


def test_a_topic_link_offers_everything_first_and_stops_what_was_pressed(
    client: TestClient, database, ann, keyring, noon
):
    link = "/u/" + unsubscribe_token(keyring, ann.own, 3, 12)
    page = client.get(link).text
    assert page.index('value="everything"') < page.index("Special offers")
    client.post(link, data={"from": "page"})
    assert verdict(database, ann, "offers", noon) is Reason.OPTED_OUT
    assert verdict(database, ann, "updates", noon) is None
    client.post(link, data={"from": "page", "scope": "everything"})
    assert verdict(database, ann, "updates", noon) is Reason.OPTED_OUT


@pytest.mark.parametrize(
    "typed", ["ann@example.org", "  ANN@Example.ORG ", "Ann <ann@example.org>", "mailto:ann@example.org"]
)
def test_g19_typing_the_address_does_the_same(client: TestClient, database: Database, ann, noon, typed):
    answer = client.post("/unsubscribe", data={"address": typed})
    assert answer.status_code == 200
    assert verdict(database, ann, "offers", noon) is Reason.OPTED_OUT


def test_an_unknown_address_gets_the_same_answer_and_is_kept_out_later(client: TestClient, database, pepper, noon, ann):
    known = client.post("/unsubscribe", data={"address": "ann@example.org"}).text
    unknown = client.post("/unsubscribe", data={"address": "amy@example.org"}).text
    assert known == unknown
    with database.writing() as session:
        amy = add_permitted(session, pepper, "amy@example.org", "offers", at=noon)
    assert verdict(database, amy, "offers", noon) is Reason.OPTED_OUT


def test_what_is_no_address_is_said_beside_the_field(client: TestClient, database: Database, ann):
    before = events(database)
    answer = client.post("/unsubscribe", data={"address": "ann at example"})
    assert answer.status_code == 422
    assert "ann at example" in answer.text
    assert events(database) == before


def test_a_damaged_link_is_404_and_shows_the_page_that_needs_none(client: TestClient, link):
    for method in ("GET", "POST"):
        answer = client.request(method, link[:-1] + ("A" if link[-1] != "A" else "B"))
        assert answer.status_code == 404
        assert "/unsubscribe" in answer.text


def test_g2_nothing_is_confirmed_that_was_not_stored(settings: Settings, database: Database, link, noon):
    with browser(settings, database) as client:
        broken = Database(settings.database_url.replace("heedful", "no-such-place/heedful"))
        with browser(settings, broken) as away:
            answer = away.post(link)
        broken.close()
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "Done" not in answer.text
        assert client.get(link).status_code == 200


def test_g1_done_is_said_only_when_no_permit_is_open(client: TestClient, database: Database, ann, link, noon):
    with database.writing() as session:
        permit = int(ask(session, [Wish(1, ann.own, ann.family, "offers")], sender_id=1, at=noon)[1])
    settled_at: list[float] = []

    def hand_over() -> None:
        time.sleep(0.3)
        settled_at.append(time.monotonic())
        with database.writing() as session:
            settle(session, {permit: "sent"}, at=noon)

    sender = threading.Thread(target=hand_over)
    sender.start()
    answer = client.post(link)
    said_at = time.monotonic()
    sender.join()
    assert said_at > settled_at[0]
    assert "Done" in answer.text
    with database.writing() as session:
        assert ask(session, [Wish(2, ann.own, ann.family, "offers")], sender_id=1, at=noon) == {2: Reason.OPTED_OUT}


def test_g1_the_page_says_when_one_message_may_still_arrive(settings: Settings, database: Database, ann, link, noon):
    with database.writing() as session:
        ask(session, [Wish(1, ann.own, ann.family, "offers")], sender_id=1, at=noon)
    with browser(settings.model_copy(update={"confirm_seconds": 0.05}), database) as client:
        answer = client.post(link)
    assert answer.status_code == 200
    assert "may still arrive" in answer.text
    assert "Done" not in answer.text


def test_each_door_writes_the_same_kind_of_event(client: TestClient, database: Database, ann, link):
    client.post(link, content=b"List-Unsubscribe=One-Click")
    client.post(link, data={"from": "page"})
    client.post("/unsubscribe", data={"address": "ann@example.org"})
    with database.reading() as session:
        found = session.execute(
            select(Event.kind, Event.scope, Event.door).where(Event.kind == Kind.OPT_OUT.value)
        ).all()
    assert [tuple(row) for row in found] == [
        ("opt_out", "everything", "one_click"),
        ("opt_out", "everything", "page"),
        ("opt_out", "everything", "open_page"),
    ]


def test_g10_a_link_that_stops_never_leads_to_the_page_that_may_say_yes(client: TestClient, link):
    for form in ({"from": "page"}, {"from": "page", "scope": "everything"}, {"List-Unsubscribe": "One-Click"}):
        done = client.post(link, data=form)
        assert done.status_code == 200
        assert "/p/" not in done.text
    assert "/p/" not in client.get(link).text
