"""The contact-us page: holds or stops the address at once, answers everybody alike, and is counted."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.verdicts import Reason
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import cases_of
from contacts.storage.gate import Wish, ask, verdicts
from contacts.storage.ledger import Event
from core.clock import now
from core.database import Database
from core.settings import Settings
from tests.contacts.people import add_permitted
from tests.web import browser

KINDS = {
    "stop": "opt_out",
    "delete": "erasure",
    "copy": "access",
    "correct": "correction",
    "child": "child",
    "other": "question",
}
HELD = {"stop", "delete", "child"}


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "ann@example.org", "offers", "tracking", at=noon)


def write(client: TestClient, reason: str, address: str = "ann@example.org", **more: str):
    return client.post("/contact", data={"reason": reason, "address": address, "words": "please", **more})


def verdict(database: Database, keys: AddressKeys, scope: str = "offers") -> Reason | None:
    with database.reading() as session:
        return verdicts(session, scope, [keys.own], at=now())[keys.own]


@pytest.mark.parametrize("reason", list(KINDS))
def test_each_reason_makes_a_case_with_a_due_day_and_holds_where_mail_is_to_stop(
    client: TestClient, database: Database, ann, reason
):
    answer = write(client, reason)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    with database.reading() as session:
        (case,) = cases_of(session, ann.own)
        assert (case.kind, case.door, case.words) == (KINDS[reason], "contact_form", "please")
        assert timedelta(days=1) < case.due_at - case.opened_at <= timedelta(days=30)
        held = {block.scope for block in blocks_of(session, ann.own) if block.reason == "hold"}
    assert held >= ({"everything", "tracking", "sharing"} if reason in HELD else set())
    assert bool(held) == (reason in HELD)
    assert (verdict(database, ann) is None) == (reason not in HELD)
    assert ("no more mail goes" in answer.text) == (reason in HELD)


def test_g19_to_stop_here_is_an_opt_out_like_through_any_door(client: TestClient, database: Database, ann):
    write(client, "stop")
    assert verdict(database, ann) is Reason.OPTED_OUT
    with database.reading() as session:
        found = session.execute(select(Event.kind, Event.scope, Event.door).where(Event.kind == "opt_out")).all()
    assert [tuple(row) for row in found] == [("opt_out", "everything", "contact_form")]


@pytest.mark.parametrize("reason", list(KINDS))
def test_known_and_unknown_addresses_get_the_same_answer(client: TestClient, database: Database, ann, reason):
    assert write(client, reason).text == write(client, reason, "nobody@example.com").text


def test_who_asks_again_adds_to_the_case_that_is_open(client: TestClient, database: Database, ann):
    for words in ("please", "please", "and my name, too"):
        write(client, "delete", words=words)
    with database.reading() as session:
        (case,) = cases_of(session, ann.own)
        assert case.words.count("please") == 1
        assert "my name" in case.words


def test_p8_card_numbers_are_masked_before_they_are_stored(client: TestClient, database: Database, ann):
    write(client, "other", words="my card 4111 1111 1111 1111 was charged")
    with database.reading() as session:
        (case,) = cases_of(session, ann.own)
        assert "4111 1111" not in case.words
        assert "1111" in case.words


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "", "address": "ann@example.org"}, "reason"),
        ({"reason": "nonsense", "address": "ann@example.org"}, "reason"),
        ({"reason": "stop", "address": "ann at example"}, "address"),
        ({"reason": "other", "address": "ann@example.org", "words": " "}, "words"),
        ({"reason": "other", "address": "ann@example.org", "words": "x" * 4001}, "words"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_lost(
    client: TestClient, database, ann, given, field
):
    answer = client.post("/contact", data=given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert given["address"] in answer.text
    with database.reading() as session:
        assert cases_of(session, ann.own) == []


def test_too_many_are_refused_but_who_wants_to_stop_is_stopped(client: TestClient, database: Database, ann, pepper):
    answer = [write(client, "other", f"p{number}@example.com") for number in range(31)][-1]
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Done at once" in write(client, "stop").text
    assert verdict(database, ann) is Reason.OPTED_OUT


def test_a_program_that_fills_in_everything_gets_the_same_answer_and_no_case(
    client: TestClient, database: Database, ann
):
    assert write(client, "delete", website="https://spam.example").text == write(client, "delete").text
    with database.reading() as session:
        assert len(cases_of(session, ann.own)) == 1


def test_g11_the_page_changes_nothing_when_it_is_opened(client: TestClient, database: Database, ann):
    answer = client.get("/contact?reason=delete&address=ann@example.org")
    assert answer.status_code == 200
    assert re.search(r'value="delete" checked', answer.text)
    assert "ann@example.org" not in answer.text
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert verdict(database, ann) is None


def test_g1_done_is_not_said_while_a_message_is_being_handed_over(settings: Settings, database: Database, ann):
    with database.writing() as session:
        ask(session, [Wish(1, ann.own, ann.family, "offers")], sender_id=1, at=now())
    with browser(settings.model_copy(update={"confirm_seconds": 0.05}), database) as client:
        answer = write(client, "delete")
    assert "may still arrive" in answer.text
    assert "Done" not in answer.text
