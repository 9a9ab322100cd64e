"""The terminal: what people asked, listed, shown and settled."""

import json

import pytest
from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.case_kinds import CaseKind
from contacts.domain.facts import Door
from contacts.services.open_case import Asked, open_case
from contacts.storage.peppers import keys_of
from core.clock import now
from core.database import Database
from core.settings import load_settings


@pytest.fixture
def asked(house):
    settings = load_settings()
    database = Database(settings.database_url)
    with database.writing() as session:
        _ask(session, CaseKind.ERASURE, PepperRing.of(settings))
    database.close()
    return house


def _ask(session: Session, kind: CaseKind, ring: PepperRing) -> None:
    address = read_address("ann@example.org")
    keys = keys_of(session, ring, address)
    open_case(session, Asked(kind, Door.CONTACT_FORM, address.delivery, keys, "please"), at=now())


def test_open_requests_are_listed_with_masked_addresses(asked):
    listed = asked("case", "list")
    assert listed.exit_code == 0, listed.output
    assert "erasure" in listed.output
    assert "ann@example.org" not in listed.output
    told = json.loads(asked("case", "list", "--json").output)
    assert (told["overdue"], told["cases"][0]["number"], told["cases"][0]["door"]) == (0, 1, "contact_form")
    assert "Nothing was settled yet" in asked("case", "list", "--closed").output


def test_one_request_is_shown_and_settled_with_a_reason(asked):
    shown = json.loads(asked("case", "show", "1", "--json").output)
    assert (shown["address"], shown["words"]) == ("ann@example.org", "please")
    done = asked("case", "close", "1", "--outcome", "opted_out", "--note", "by telephone", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"number": 1, "outcome": "opted_out", "hold ended": True, "said": "done"}
    assert "Nothing is waiting" in asked("case", "list").output
    topics = json.loads(asked("explain", "ann@example.org", "--json").output)["topics"]
    assert topics["offers"] == "opted_out"


def test_what_is_not_there_or_settled_is_refused(asked):
    assert asked("case", "show", "9").exit_code == 1
    asked("case", "close", "1", "--outcome", "child", "--note", "her mother wrote")
    again = asked("case", "close", "1", "--outcome", "released", "--note", "no")
    assert again.exit_code == 1
    assert "settled already" in again.output
