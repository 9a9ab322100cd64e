"""Judgements of several at once to the letter, on both databases: who is told of, and who is left out."""

from datetime import timedelta

import pytest

from contacts.domain.facts import Kind
from contacts.domain.verdicts import Reason
from contacts.storage.frequencies import set_frequency
from contacts.storage.gate import Judgement, Wish, ask, judge
from contacts.storage.ledger import ledger_head, record
from contacts.storage.signups import Signup
from tests.contacts.people import add_permitted, consent, fact

DAY = timedelta(days=1)
NOBODY = b"n" * 32


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def ann(session, pepper, noon):
    return add_permitted(session, pepper, "ann@example.org", "offers", at=noon)


@pytest.fixture
def ben(session, pepper, noon):
    return add_permitted(session, pepper, "ben@example.org", "offers", "research", at=noon)


def ask_to_join(session, keys, topic: str, at) -> None:
    session.add(
        Signup(
            address="ann@example.org", address_key=keys.own, family_key=keys.family, form_id=1, topics=[topic],
            source="mailing_list", wording_hash="0" * 64, policy_version="2026-01", requested_at=at,
            expires_at=at + DAY,
        )
    )  # fmt: skip
    session.flush()


def test_who_asked_to_join_twice_is_told_of_once(session, ann, ben, noon):
    ask_to_join(session, ann, "offers", noon)
    ask_to_join(session, ann, "updates", noon)
    found = judge(session, "confirmation", [ben.own, ann.own, NOBODY], at=noon)
    assert found == Judgement({ann.own: None}, ledger_head(session)[0])


def test_where_nobody_asked_to_join_nothing_is_told_and_nothing_was_read(session, ann, noon):
    assert judge(session, "confirmation", [ann.own], at=noon) == Judgement({}, 0)
    assert judge(session, "offers", [], at=noon) == Judgement({}, 0)


@pytest.mark.parametrize("turned", [False, True])
def test_each_verdict_is_told_of_whom_it_speaks_in_any_order(session, ann, ben, noon, turned):
    record(session, [fact(ann, Kind.OPT_OUT, "offers", at=noon)], at=noon)
    keys = [ann.own, NOBODY, ben.own]
    found = judge(session, "offers", keys[::-1] if turned else keys, at=noon)
    assert found == Judgement({ann.own: Reason.OPTED_OUT, ben.own: None}, ledger_head(session)[0])


def test_of_several_wishes_each_has_its_own_answer(session, ann, ben, noon):
    record(session, [consent(ann, "updates", at=noon, confirmed=True)], at=noon)
    wishes = [
        Wish(1, ann.own, ann.family, "research"),
        Wish(2, ben.own, ben.family, "research"),
        Wish(3, ann.own, ann.family, "updates"),
        Wish(4, ann.own, ann.family, "updates", at_once=True),
        Wish(5, NOBODY, NOBODY, "offers"),
    ]
    said = ask(session, wishes, sender_id=1, at=noon)
    assert {number for number, answer in said.items() if isinstance(answer, int)} == {2, 3, 4}
    assert said[1] is said[5] is Reason.NO_PERMISSION
    assert len({said[2], said[3], said[4]}) == 3


def test_nobody_else_is_told_of(session, ann, ben, noon):
    ask_to_join(session, ann, "offers", noon)
    ask_to_join(session, ben, "offers", noon)
    for scope in ("offers", "confirmation"):
        assert judge(session, scope, [ann.own], at=noon).verdicts == {ann.own: None}


def test_p4_two_wishes_that_are_alike_count_for_each_other(session, ann, ben, noon):
    set_frequency(session, "offers", cap=(1, 7), at=noon)
    wishes = [
        Wish(number, keys.own, keys.family, "offers") for number, keys in ((1, ann), (2, ann), (3, ben), (4, ann))
    ]
    said = ask(session, wishes, sender_id=1, at=noon)
    assert {number for number, answer in said.items() if isinstance(answer, int)} == {1, 3}
    assert said[2] is said[4] is Reason.CAP_REACHED
