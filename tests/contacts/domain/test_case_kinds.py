"""When what people ask is due, and what their cases keep of their words."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.domain.case_kinds import LONGEST_WORDS, MOST_WORDS, TERMS, CaseKind, Terms, added_words, due_at
from contacts.domain.scopes import parent_of

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", [CaseKind.ACCESS, CaseKind.CORRECTION, CaseKind.ERASURE])
def test_what_the_law_gives_a_month_for_is_due_in_thirty_days(kind):
    assert due_at(kind, SUNDAY) == SUNDAY + timedelta(days=30)


@pytest.mark.parametrize(("days_later", "due"), [(0, 24), (1, 25), (4, 30), (5, 31), (6, 31)])
def test_working_days_leave_out_saturdays_and_sundays(days_later, due):
    opened = SUNDAY + timedelta(days=days_later)
    assert due_at(CaseKind.OPT_OUT, opened) - datetime(2026, 11, 1, 12, tzinfo=UTC) == timedelta(days=due - 1)


def test_every_kind_has_terms_and_what_stops_mail_holds_everything_tracking_and_sharing():
    assert set(TERMS) == set(CaseKind)
    for terms in TERMS.values():
        assert terms.holds == () or {"everything", "tracking", "sharing"} <= set(terms.holds)
        assert [parent_of(scope) for scope in terms.holds] == [None] * len(terms.holds)


def test_the_terms_are_these():
    all_mail = ("everything", "tracking", "sharing")
    assert {
        CaseKind.OPT_OUT: Terms(2, working=True, holds=all_mail),
        CaseKind.OBJECTION: Terms(2, working=True, holds=all_mail),
        CaseKind.CHILD: Terms(2, working=True, holds=(*all_mail, "confirmation")),
        CaseKind.ERASURE: Terms(30, working=False, holds=all_mail),
        CaseKind.ACCESS: Terms(30, working=False, holds=()),
        CaseKind.CORRECTION: Terms(30, working=False, holds=()),
        CaseKind.QUESTION: Terms(5, working=True, holds=()),
    } == TERMS


def test_who_writes_again_is_added_to_what_was_said_and_nothing_grows_without_end():
    assert added_words("", " first ", SUNDAY) == "first"
    assert added_words("first", "first", SUNDAY) == "first"
    assert added_words("first", " ", SUNDAY) == "first"
    both = added_words("first", "second", SUNDAY)
    assert both.startswith("first\n\n[2026-11-22 12:00 UTC]\nsecond")
    assert len(added_words("", "x" * 9_999, SUNDAY)) == LONGEST_WORDS
    assert len(added_words("y" * MOST_WORDS, "x", SUNDAY)) == MOST_WORDS
