"""What goes along from one address to another of the same person: every restriction, and no permission."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.addresses import AddressKeys
from contacts.domain.carrying import carried_restrictions
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.lifting import require_right
from contacts.domain.permission import GRANTING, Numbered, standing
from contacts.domain.verdicts import BlockReason

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER, MUCH_LATER = AT + timedelta(days=30), AT + timedelta(days=90)
NEW = AddressKeys(b"n" * 32, b"f" * 32)
SCOPES = ["everything", "marketing", "offers", "partner:acme", "research", "tracking", "sharing"]


def story(*facts: tuple[Kind, str] | tuple[Kind, str, dict]) -> list[Numbered]:
    return [
        Numbered(number, Fact(bytes(32), bytes(32), each[0], each[1], Door.OPERATOR, AT, details=_details(each)))
        for number, each in enumerate(facts, start=1)
    ]


def _details(each: tuple) -> dict:
    return each[2] if len(each) > 2 else {}


def carry(source: list[Numbered], target: list[Numbered] | None = None) -> list[Fact]:
    return carried_restrictions(source, target or [], NEW, Door.MERGE, at=AT)


def brief(facts: list[Fact]) -> list[tuple]:
    return [(each.kind, each.scope, each.details["from"]) for each in facts]


def pause(scope: str, until: datetime) -> tuple:
    return (Kind.PAUSE, scope, {"until": until.isoformat()})


def test_every_restriction_goes_along_and_names_where_it_came_from():
    source = story((Kind.OPT_OUT, "offers"), (Kind.COMPLAINT, "everything"), (Kind.HOLD, "everything"))
    carried = carry(source)
    assert brief(carried) == [
        (Kind.OPT_OUT, "offers", 1), (Kind.COMPLAINT, "everything", 2), (Kind.HOLD, "everything", 3),
    ]  # fmt: skip
    assert all(each.own == NEW.own and each.details["carried"] and each.door is Door.MERGE for each in carried)


def test_g8_no_consent_and_no_bounce_goes_along():
    source = story((Kind.CONSENT, "offers"), (Kind.NOTICE, "updates"), (Kind.BOUNCE, "everything"))
    assert carry(source) == []


@pytest.mark.parametrize("kind", [Kind.CHILD, Kind.ERASURE, Kind.COMPLAINT])
def test_what_stops_all_goes_along_once(kind):
    assert brief(carry(story((kind, "everything")))) == [(kind, "everything", 1)]


def test_what_holds_there_already_is_not_said_again():
    source = story((Kind.OPT_OUT, "offers"), (Kind.CHILD, "everything"))
    assert carry(source, source) == []


@pytest.mark.parametrize("reason", ["complaint", "erasure", "child"])
def test_what_holds_there_in_part_is_carried_whole_and_what_is_left_of_both_is_not_said_again(reason):
    whole = story((Kind(reason), "everything"))
    part = story((Kind(reason), "everything"), (Kind.RELEASE, "everything", {"reason": reason}))
    assert brief(carry(whole, part)) == [(Kind(reason), "everything", 1)]
    assert carry(part, part) == []


@pytest.mark.parametrize("reason", ["complaint", "erasure"])
def test_what_is_left_of_a_complaint_that_was_taken_back_goes_along_as_opt_outs(reason):
    source = story((Kind(reason), "everything"), (Kind.RELEASE, "everything", {"reason": reason}))
    assert brief(carry(source)) == [(Kind.OPT_OUT, "sharing", 1), (Kind.OPT_OUT, "tracking", 1)]
    assert carry(source, story((Kind.OPT_OUT, "sharing"), (Kind.OPT_OUT, "tracking"))) == []


def test_g13_a_child_is_a_child_at_the_other_address_whatever_was_released():
    source = story((Kind.CHILD, "everything"), (Kind.RELEASE, "everything", {"reason": "child"}))
    assert brief(carry(source)) == [(Kind.CHILD, "everything", 1)]


def test_a_pause_goes_along_unless_it_is_over_or_a_longer_one_is_there():
    source = story(pause("everything", LATER), pause("offers", AT))
    assert brief(carry(source)) == [(Kind.PAUSE, "everything", 1)]
    assert carry(source)[0].details["until"] == LATER.isoformat()
    assert carry(source, story(pause("everything", MUCH_LATER))) == []
    assert carry(source, story(pause("everything", AT + timedelta(days=1)))) != []


def test_a_rhythm_goes_along_unless_a_calmer_one_is_there():
    source = story((Kind.RHYTHM, "everything", {"days": 7}), (Kind.RHYTHM, "everything", {"days": 30}))
    assert brief(carry(source)) == [(Kind.RHYTHM, "everything", 2)]
    assert carry(story((Kind.RHYTHM, "everything", {"days": 7})), source) == []
    assert carry(story((Kind.RHYTHM, "everything", {"days": 0}))) == []


acts = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([Kind.CONSENT, Kind.OPT_OUT, Kind.HOLD]), st.sampled_from(SCOPES)),
        st.tuples(st.sampled_from([Kind.CHILD, Kind.ERASURE, Kind.COMPLAINT, Kind.BOUNCE]), st.just("everything")),
        st.tuples(
            st.just(Kind.RELEASE),
            st.sampled_from(SCOPES),
            st.sampled_from([*BlockReason, "pause"]).map(lambda reason: {"reason": str(reason)}),
        ),
        st.tuples(
            st.just(Kind.PAUSE),
            st.sampled_from(SCOPES),
            st.sampled_from([AT, LATER, MUCH_LATER]).map(lambda until: {"until": until.isoformat()}),
        ),
        st.tuples(
            st.just(Kind.RHYTHM), st.just("everything"), st.sampled_from([0, 7, 30]).map(lambda days: {"days": days})
        ),
    ),
    max_size=8,
)


@given(acts, acts)
def test_g8_afterwards_the_new_address_is_at_least_as_restricted_as_both_were(source, target):
    old, new = story(*source), story(*target)
    facts = carry(old, new)
    assert all(each.kind not in GRANTING and each.kind is not Kind.RELEASE for each in facts)
    for each in facts:
        require_right(each)
    before, there = standing(old), standing(new)
    after = standing([*new, *(Numbered(100 + number, each) for number, each in enumerate(facts))])
    stopped = {scope for scope, _ in after.blocks}
    assert {scope for scope, reason in before.blocks if reason is not BlockReason.BOUNCE} <= stopped
    assert set(there.blocks) <= set(after.blocks)
    assert set(after.grants) <= set(there.grants)
    if Kind.ERASURE not in {each.kind for each in facts}:  # who is erased has nothing left that could be paused
        assert after.rhythm_days >= there.rhythm_days
        assert all(after.pauses[scope] >= until for scope, until in there.pauses.items())
