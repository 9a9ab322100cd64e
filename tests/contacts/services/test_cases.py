"""Cases: they hold an address at once, and their end lifts nothing but that hold."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.case_kinds import CaseKind, CaseOutcome
from contacts.domain.facts import Door
from contacts.domain.verdicts import Reason
from contacts.services.erase_person import erase_person
from contacts.services.open_case import Asked, open_case
from contacts.services.settle_case import Settlement, settle_case
from contacts.services.unsubscribe import opt_out
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import closed_cases, count_overdue, open_cases
from contacts.storage.cases import Case
from contacts.storage.gate import may_track, verdicts
from contacts.storage.ledger import Event
from contacts.storage.signups import Signup
from core.database import Database
from core.errors import BadInput, Conflict, Forbidden
from tests.contacts.people import add_permitted

DONE = Settlement(CaseOutcome.RELEASED, "it was a mistake", "me@example.org", Door.OPERATOR)
Opener = Callable[..., int]


@pytest.fixture
def ann(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "ann@example.org", "offers", "tracking", at=noon)


@pytest.fixture
def opens(database: Database, ann: AddressKeys, noon: datetime) -> Opener:
    def opener(kind: CaseKind, *, at: datetime = noon, words: str = "please", keys: AddressKeys = ann) -> int:
        with database.writing() as session:
            asked = Asked(kind, Door.CONTACT_FORM, "ann@example.org", keys, words)
            return open_case(session, asked, at=at).id

    return opener


def settle(database: Database, number: int, at: datetime, how: Settlement = DONE) -> bool:
    with database.writing() as session:
        case = session.get(Case, number)
        assert case is not None
        return settle_case(session, case, how, at=at)


def verdict(database: Database, keys: AddressKeys, at: datetime) -> Reason | None:
    with database.reading() as session:
        return verdicts(session, "offers", [keys.own], at=at)[keys.own]


@pytest.mark.parametrize("kind", [CaseKind.OPT_OUT, CaseKind.ERASURE, CaseKind.CHILD, CaseKind.OBJECTION])
def test_a_case_about_stopping_holds_mail_and_tracking_until_it_is_settled(database, ann, opens, noon, kind):
    number = opens(kind)
    assert verdict(database, ann, noon) is Reason.HELD
    with database.reading() as session:
        assert not may_track(session, ann.own, at=noon)
    assert settle(database, number, noon)
    assert verdict(database, ann, noon) is None
    with database.reading() as session:
        assert may_track(session, ann.own, at=noon)


@pytest.mark.parametrize("kind", [CaseKind.ACCESS, CaseKind.CORRECTION, CaseKind.QUESTION])
def test_a_case_about_something_else_holds_nothing(database, ann, opens, noon, kind):
    number = opens(kind)
    assert verdict(database, ann, noon) is None
    assert not settle(database, number, noon)


def test_the_hold_stays_while_another_open_case_holds(database, ann, opens, noon):
    first, second = opens(CaseKind.CHILD), opens(CaseKind.ERASURE)
    assert not settle(database, first, noon)
    assert verdict(database, ann, noon) is Reason.HELD
    assert settle(database, second, noon)
    assert verdict(database, ann, noon) is None


def test_the_end_of_a_hold_lifts_no_opt_out(database, ann, opens, noon):
    number = opens(CaseKind.ERASURE)
    with database.writing() as session:
        opt_out(session, ann, "everything", Door.MAILTO, at=noon)
    settle(database, number, noon)
    assert verdict(database, ann, noon) is Reason.OPTED_OUT


def test_a_child_case_holds_even_the_mail_that_asks_whether_a_sign_up_was_meant(database, ann, opens, noon):
    with database.writing() as session:
        session.add(
            Signup(
                address="ann@example.org", address_key=ann.own, family_key=ann.family, form_id=1, topics=["offers"],
                source="mailing_list", wording_hash="", policy_version="2026-01", requested_at=noon,
                expires_at=noon + timedelta(days=7),
            )
        )  # fmt: skip
    with database.reading() as session:
        assert verdicts(session, "confirmation", [ann.own], at=noon)[ann.own] is None
    opens(CaseKind.CHILD)
    with database.reading() as session:
        assert verdicts(session, "confirmation", [ann.own], at=noon)[ann.own] is Reason.HELD


def test_who_asks_the_same_twice_has_one_case_and_one_hold_and_keeps_the_first_due_day(database, opens, noon):
    first = opens(CaseKind.ERASURE)
    again = opens(CaseKind.ERASURE, at=noon + timedelta(days=3), words="are you there?")
    assert first == again
    with database.reading() as session:
        (case,) = open_cases(session)
        assert case.due_at == noon + timedelta(days=30)
        assert "are you there?" in case.words
        assert len(session.scalars(select(Event.sequence).where(Event.kind == "hold")).all()) == 3


def test_a_settled_case_is_settled_once_and_says_why(database, opens, noon):
    number = opens(CaseKind.QUESTION)
    silent = Settlement(CaseOutcome.ANSWERED, "  ", "me@example.org", Door.OPERATOR)
    with pytest.raises(BadInput):
        settle(database, number, noon, silent)
    settle(database, number, noon, Settlement(CaseOutcome.ANSWERED, "card 4111 1111 1111 1111", "me", Door.TERMINAL))
    with pytest.raises(Conflict):
        settle(database, number, noon)
    with database.reading() as session:
        (case,) = closed_cases(session)
        assert (case.outcome, case.operator) == ("answered", "me")
        assert "4111 1111" not in case.notes


@pytest.mark.parametrize("door", [Door.API, Door.IMPORT, Door.PREFERENCES, Door.CONTACT_FORM, Door.REPLY])
def test_g8_only_the_team_ends_a_hold(database, ann, opens, noon, door):
    number = opens(CaseKind.ERASURE)
    with pytest.raises(Forbidden):
        settle(database, number, noon, Settlement(CaseOutcome.RELEASED, "because", "", door))
    assert verdict(database, ann, noon) is Reason.HELD
    with database.reading() as session:
        assert len(open_cases(session)) == 1, "nothing was settled by halves"


def numbers(session: Session, **more: object) -> list[int]:
    return [case.id for case in open_cases(session, **more)]  # type: ignore[arg-type]  # test values


def test_open_cases_come_by_the_day_they_are_due_page_by_page(database, pepper, opens, noon):
    keys = [pepper.keys(read_address(f"p{each}@example.org")) for each in range(3)]
    late = opens(CaseKind.ACCESS, keys=keys[0])
    early = opens(CaseKind.QUESTION, keys=keys[1])
    same = opens(CaseKind.QUESTION, keys=keys[2])
    with database.reading() as session:
        assert numbers(session) == [early, same, late]
        (first,) = [case for case in open_cases(session) if case.id == early]
        assert numbers(session, after=(first.due_at, early)) == [same, late]
        assert numbers(session, most=1) == [early, same]
        assert count_overdue(session, at=noon) == 0
        assert count_overdue(session, at=noon + timedelta(days=29)) == 2
        assert count_overdue(session, at=noon + timedelta(days=31)) == 3


@pytest.mark.parametrize("kind", list(CaseKind))
def test_gdpr_17_an_erasure_closes_what_is_open_and_nothing_becomes_overdue(database, ann, opens, noon, kind):
    number = opens(kind)
    other = opens(CaseKind.QUESTION, keys=AddressKeys(b"o" * 32, b"o" * 32))
    with database.writing() as session:
        erase_person(session, ann, Door.OPERATOR, at=noon + timedelta(hours=1), operator="operator 1")
    with database.reading() as session:
        assert [each.id for each in open_cases(session)] == [other]
        closed = closed_cases(session)
        assert [(each.id, each.outcome, each.address, each.words) for each in closed] == [(number, "erased", "", "")]
        assert (closed[0].closed_at, closed[0].operator) == (noon + timedelta(hours=1), "operator 1")
        reasons = {block.reason for block in blocks_of(session, ann.own)}
    assert reasons == ({"erasure", "hold"} if kind is CaseKind.CHILD else {"erasure"})
