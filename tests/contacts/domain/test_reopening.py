"""Reopening: a confirmed yes opens what was chosen and nothing beside it."""

from datetime import UTC, datetime
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.lifting import require_right
from contacts.domain.permission import Numbered, Standing, blocked_by, standing
from contacts.domain.reopening import DOUBLE_OPT_IN_LIFTS, reopened
from contacts.domain.scopes import MARKETING, PARENTS, PARTNERS, RESEARCH, covers
from contacts.domain.verdicts import BlockReason, Reason

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEYS = AddressKeys(b"o" * 32, b"f" * 32)
KNOWN = ("partner:acme", "partner:other", "sharing:acme", "sharing:other", "research:ux", "marketing:events")
TOPICS = ("announcements", "updates", "offers", "other", "research", "tracking", *KNOWN)


def stands(*events: tuple[Kind, str]) -> Standing:
    """Where somebody stands after these."""
    return standing(Numbered(number, _fact(kind, scope)) for number, (kind, scope) in enumerate(events, 1))


def _fact(kind: Kind, scope: str) -> Fact:
    return Fact(KEYS.own, KEYS.family, kind, scope, Door.OPERATOR, AT)


def after(before: list[tuple[Kind, str]], *chosen: str) -> Standing:
    """Where they stand once they have confirmed these."""
    facts = lifted(stands(*before), *chosen)
    past = [_fact(kind, scope) for kind, scope in before]
    return standing(Numbered(number, fact) for number, fact in enumerate(chain(past, facts), 1))


def lifted(before: Standing, *chosen: str) -> list[Fact]:
    return reopened(before, KEYS, chosen, KNOWN, Door.DOUBLE_OPT_IN, lifts=DOUBLE_OPT_IN_LIFTS, at=AT)


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.ERASURE])
def test_what_double_opt_in_may_lift_opens_the_chosen_topic_alone(kind: Kind):
    now = after([(kind, "everything")], "updates")
    assert blocked_by(now, "updates") is None
    for scope in set(TOPICS) - {"updates"}:
        outside = scope == "tracking" or scope.startswith("sharing")
        if not outside or kind in {Kind.COMPLAINT, Kind.ERASURE}:
            assert blocked_by(now, scope) is not None, scope


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.HOLD])
def test_g13_a_child_flag_and_a_hold_stay(kind: Kind):
    now = after([(kind, "everything"), (Kind.OPT_OUT, "everything")], "updates")
    assert blocked_by(now, "updates") in {Reason.CHILD, Reason.HELD}


def test_a_group_in_which_nothing_was_chosen_stays_stopped_with_what_is_added_later():
    now = after([(Kind.OPT_OUT, "everything")], "updates")
    assert (PARTNERS, BlockReason.OPT_OUT) in now.blocks
    assert blocked_by(now, "partner:of-next-year") is Reason.OPTED_OUT
    assert blocked_by(now, "research:next") is Reason.OPTED_OUT


def test_nothing_is_lifted_that_does_not_cover_what_was_chosen():
    assert lifted(stands((Kind.OPT_OUT, "offers"), (Kind.OPT_OUT, PARTNERS)), "updates") == []


def test_what_was_stopped_by_name_is_not_stopped_again():
    facts = lifted(stands((Kind.OPT_OUT, "offers"), (Kind.OPT_OUT, MARKETING)), "updates")
    assert [fact.scope for fact in facts if fact.kind is Kind.OPT_OUT] == ["announcements", "marketing:events", "other"]


def test_a_chosen_topic_does_not_open_what_stands_below_it_nor_the_other_way_round():
    now = after([(Kind.OPT_OUT, "everything")], RESEARCH)
    assert (blocked_by(now, RESEARCH), blocked_by(now, "research:ux")) == (None, Reason.OPTED_OUT)
    now = after([(Kind.OPT_OUT, "everything")], "research:ux")
    assert (blocked_by(now, RESEARCH), blocked_by(now, "research:ux")) == (Reason.OPTED_OUT, Reason.OPTED_OUT)
    assert lifted(stands((Kind.OPT_OUT, RESEARCH)), "research:ux") == []


def test_each_fact_comes_through_a_door_that_may_record_it_and_stops_come_first():
    facts = lifted(stands((Kind.COMPLAINT, "everything"), (Kind.OPT_OUT, "everything")), "updates", "tracking")
    kinds = [fact.kind for fact in facts]
    assert kinds == sorted(kinds, key=[Kind.OPT_OUT, Kind.RELEASE].index)
    for fact in facts:
        require_right(fact)


def test_choices_in_several_places_are_all_opened():
    now = after([(Kind.OPT_OUT, "everything")], "updates", "research", "tracking")
    assert [blocked_by(now, scope) for scope in ("updates", "research", "tracking")] == [None, None, None]
    assert blocked_by(now, "offers") is Reason.OPTED_OUT


def test_what_stays_stopped_says_that_it_was_kept():
    stops = [fact for fact in lifted(stands((Kind.OPT_OUT, MARKETING)), "updates") if fact.kind is Kind.OPT_OUT]
    assert stops
    assert all(fact.details == {"kept": "stopped"} for fact in stops)


WIDE = ("everything", MARKETING, "offers", "tracking", RESEARCH)
SOME = [each for size in (0, 1, 2, 3) for each in combinations(WIDE, size)]


@given(st.sampled_from(SOME), st.sets(st.sampled_from(TOPICS), min_size=1, max_size=4), st.sampled_from(Kind))
def test_never_is_more_open_than_before_but_for_what_was_chosen(stopped, chosen, kind):
    if kind not in {Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.ERASURE, Kind.CHILD, Kind.HOLD}:
        return
    before = [(kind, scope) for scope in stopped]
    was, now = stands(*before), after(before, *chosen)
    for scope in {*PARENTS, *TOPICS, "partner:later"} - set(chosen):
        group = scope in {"everything", MARKETING, PARTNERS, "sharing"}
        if not group and blocked_by(was, scope) is not None and not _added_below(scope, chosen):
            assert blocked_by(now, scope) is not None, scope


def _added_below(scope: str, chosen: set[str]) -> bool:
    """Something added later to a group of which something was chosen: nobody has said yes to it."""
    return scope == "partner:later" and any(covers(PARTNERS, each) for each in chosen)
