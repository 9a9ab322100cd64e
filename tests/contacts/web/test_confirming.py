"""Confirming a sign-up: by one press, once, for exactly what was asked; and what it lifts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Kind
from contacts.domain.joining_tokens import joining_token
from contacts.domain.verdicts import Reason
from contacts.storage.closures import close_scope
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.ledger import Event, record
from contacts.storage.signup_forms import SignupForm, SignupWording, wording_of
from contacts.storage.signups import Signup, forget_signups
from contacts.storage.topics import all_topic_names
from core.database import Database
from core.tokens import Keyring
from tests.contacts.people import add_contact, consent, fact
from tests.contacts.signing_up import add_newsletter, confirm_path, count, filled_in

FORM = "/join/newsletter"
ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def newsletter(database: Database, noon: datetime) -> Iterator[None]:
    """A form, and a clock that stands still."""
    with time_machine.travel(noon, tick=False):
        with database.writing() as session:
            add_newsletter(session, at=noon)
        yield


@pytest.fixture
def keys(pepper: Pepper) -> AddressKeys:
    """Ann's."""
    return pepper.keys(read_address(ANN))


def permitted(database: Database, keys: AddressKeys, at: datetime) -> set[str]:
    """What she may be written to about."""
    with database.reading() as session:
        scopes = [*all_topic_names(session), "tracking"]
        return {scope for scope in scopes if verdicts(session, scope, [keys.own], at=at).get(keys.own, "no") is None}


def test_g11_a_visit_to_the_link_changes_nothing_and_a_press_confirms(
    client: TestClient, database: Database, keyring: Keyring, keys: AddressKeys, noon: datetime
):
    client.post(FORM, data=filled_in(ANN, "updates", "research"))
    link = confirm_path(database, keyring)
    pages = [client.get(link) for _ in range(3)]
    for page in pages:
        assert (page.status_code, page.text.count("<button"), page.headers.get("set-cookie")) == (200, 1, None)
        assert ("<script" in page.text, ANN in page.text) == (False, False)
    assert client.head(link).status_code == 200
    assert (count(database, Contact), count(database, Event)) == (0, 0)
    assert client.post(link).status_code == 200
    assert permitted(database, keys, noon) == {"updates", "research"}


def test_a_consent_names_version_wording_source_evidence_time_and_where_it_came_from(
    client: TestClient, database: Database, keyring: Keyring, keys: AddressKeys, noon: datetime
):
    client.post(FORM, data=filled_in(ANN), headers={"origin": "https://shop.example.com"})
    link = confirm_path(database, keyring)
    with time_machine.travel(noon + timedelta(hours=3), tick=False):
        client.post(link)
    with database.reading() as session:
        event = session.scalars(select(Event)).one()
        digest = session.scalars(select(SignupWording.hash)).one()
        assert (event.kind, event.scope, event.door, event.confirmed) == ("consent", "updates", "double_opt_in", True)
        assert (event.source, event.policy_version, event.at) == ("mailing_list", "2026-01", noon + timedelta(hours=3))
        assert "form “newsletter” on https://shop.example.com" in event.evidence
        assert event.details == {
            "form": "newsletter",
            "wording_hash": digest,
            "page": "https://shop.example.com",
            "asked_at": "2026-11-22T12:00:00+00:00",
        }
        assert wording_of(session, digest).statement == "We write to you about what you tick."
        contact = contact_by_key(session, keys.own)
        assert contact is not None
        assert (contact.address, contact.source, contact.source_at) == (ANN, "mailing_list", noon)
        assert "newsletter" in contact.evidence
        form = session.scalars(select(SignupForm)).one()
        assert (form.asked, form.confirmed) == (1, 1)


def test_confirming_twice_answers_the_same_and_records_once(client: TestClient, database: Database, keyring: Keyring):
    client.post(FORM, data=filled_in(ANN))
    link = confirm_path(database, keyring)
    first, second, look = client.post(link), client.post(link), client.get(link)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert look.content == first.content
    assert count(database, Event) == 1


@pytest.mark.parametrize("scope", ["updates", "everything"])
def test_g10_a_used_link_says_what_was_stopped_since_and_lifts_nothing(
    client: TestClient, database: Database, keyring: Keyring, keys: AddressKeys, noon: datetime, scope: str
):
    client.post(FORM, data=filled_in(ANN, "updates", "research"))
    link = confirm_path(database, keyring)
    assert "Since then you have stopped" not in client.post(link).text
    with database.writing() as session:
        record(session, [fact(keys, Kind.OPT_OUT, scope, at=noon)], at=noon)
    before, left = count(database, Event), permitted(database, keys, noon)
    assert left == ({"research"} if scope == "updates" else set())
    for answer in (client.get(link), client.post(link), client.get(link)):
        assert answer.status_code == 200
        assert "You confirmed on" in answer.text
        assert "Since then you have stopped" in answer.text
        assert ("This still holds:" in answer.text) == bool(left)
        assert "this holds from now on" not in answer.text
        assert f'href="{FORM}"' in answer.text
    assert (count(database, Event), permitted(database, keys, noon)) == (before, left)


def test_whoever_changes_the_form_meanwhile_does_not_change_what_is_agreed_to(
    client: TestClient, database: Database, keyring: Keyring
):
    client.post(FORM, data=filled_in(ANN))
    link = confirm_path(database, keyring)
    with database.writing() as session:
        form = session.scalars(select(SignupForm)).one()
        form.wording, form.topics = "We write about anything at all.", ["offers", "other"]
    assert "We write to you about what you tick." in client.get(link).text
    client.post(link)
    with database.reading() as session:
        assert [each.scope for each in session.scalars(select(Event))] == ["updates"]


def test_what_somebody_else_asks_later_does_not_change_what_a_mailed_link_means(
    client: TestClient, database: Database, keyring: Keyring, noon: datetime
):
    client.post(FORM, data=filled_in(ANN, "updates"))
    link = confirm_path(database, keyring)
    with database.writing() as session:
        session.scalars(select(Signup)).one().mailed_at = noon
    client.post(FORM, data=filled_in(ANN, "offers"))
    assert confirm_path(database, keyring) != link
    client.post(link)
    with database.reading() as session:
        assert [each.scope for each in session.scalars(select(Event))] == ["updates"]


def test_a_link_ends_after_seven_days_and_the_address_is_forgotten(
    client: TestClient, database: Database, keyring: Keyring, noon: datetime
):
    client.post(FORM, data=filled_in(ANN))
    link = confirm_path(database, keyring)
    later = noon + timedelta(days=7)
    with time_machine.travel(later, tick=False):
        ended = [client.get(link), client.post(link)]
        assert {(each.status_code, each.content) for each in ended} == {(410, ended[0].content)}
    with database.writing() as session:
        forget_signups(session, at=later - timedelta(seconds=1))
    assert count(database, Signup) == 1
    with database.writing() as session:
        forget_signups(session, at=later)
    assert (count(database, Signup), count(database, Event)) == (0, 0)
    assert client.post(link).status_code == 410


def test_a_link_that_is_not_ours_is_a_calm_page(client: TestClient, keyring: Keyring):
    assert client.get("/join/confirm/nonsense").status_code == 404
    assert client.post("/join/confirm/" + joining_token(keyring, 999)).status_code == 410


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.ERASURE])
def test_confirming_lifts_what_the_person_may_lift_and_opens_only_what_was_chosen(
    client: TestClient,
    database: Database,
    keyring: Keyring,
    keys: AddressKeys,
    pepper: Pepper,
    noon: datetime,
    kind: Kind,
):
    with database.writing() as session:
        add_contact(session, pepper, ANN, at=noon)
        record(session, [consent(keys, each, at=noon) for each in ("offers", "announcements", "tracking")], at=noon)
        record(session, [fact(keys, kind, "everything", at=noon)], at=noon)
    client.post(FORM, data=filled_in(ANN))
    before = permitted(database, keys, noon)
    client.post(confirm_path(database, keyring))
    assert permitted(database, keys, noon) - before == {"updates"}


@pytest.mark.parametrize(("kind", "reason"), [(Kind.CHILD, Reason.CHILD), (Kind.HOLD, Reason.HELD)])
def test_g13_confirming_lifts_neither_a_child_flag_nor_a_hold(
    client: TestClient,
    database: Database,
    keyring: Keyring,
    keys: AddressKeys,
    noon: datetime,
    kind: Kind,
    reason: Reason,
):
    client.post(FORM, data=filled_in(ANN))
    link = confirm_path(database, keyring)
    with database.writing() as session:
        record(session, [fact(keys, kind, "everything", at=noon)], at=noon)
    answer = client.post(link)
    assert answer.status_code == (410 if kind is Kind.CHILD else 200)
    assert permitted(database, keys, noon) == set()
    with database.writing() as session:
        assert (contact_by_key(session, keys.own) is None) is (kind is Kind.CHILD)
        assert verdicts(session, "updates", [keys.own], at=noon).get(keys.own, reason) is reason
        forget_signups(session, at=noon)
        assert (session.scalar(select(Signup.id)) is None) is (kind is Kind.CHILD)


def test_what_is_known_of_a_contact_stays(
    client: TestClient, database: Database, keyring: Keyring, keys: AddressKeys, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        add_contact(session, pepper, ANN, at=noon, source="purchase", evidence="order 7", given_name="Ann")
    client.post(FORM, data=filled_in(ANN))
    client.post(confirm_path(database, keyring))
    with database.reading() as session:
        contact = contact_by_key(session, keys.own)
        assert contact is not None
        assert (contact.source, contact.evidence, contact.given_name) == ("purchase", "order 7", "Ann")
    assert permitted(database, keys, noon) == {"updates"}


def test_what_is_not_offered_any_more_is_not_agreed_to(
    client: TestClient, database: Database, keyring: Keyring, noon: datetime
):
    client.post(FORM, data=filled_in(ANN, "updates", "offers"))
    link = confirm_path(database, keyring)
    close(database, "offers", noon)
    page = client.get(link)
    assert "Software updates" in page.text
    assert "Special offers" not in page.text
    close(database, "updates", noon)
    assert client.post(link).status_code == 410
    assert count(database, Event) == 0


def close(database: Database, scope: str, at: datetime) -> None:
    """Archive a topic."""
    with database.writing() as session:
        close_scope(session, scope, at=at)
