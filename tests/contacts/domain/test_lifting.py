"""Who may lift what: the person by their own pages, the team its own holds, and a child flag by two people only."""

from datetime import UTC, datetime

import pytest

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.lifting import LIFTERS, require_right
from contacts.domain.permission import PAUSE
from contacts.domain.verdicts import BlockReason
from core.errors import Forbidden

AT = datetime(2026, 11, 22, tzinfo=UTC)
OWN_PAGES = {Door.PREFERENCES, Door.DOUBLE_OPT_IN}


def fact(kind: Kind, door: Door, **more) -> Fact:
    return Fact(bytes(32), bytes(32), kind, "everything", door, AT, **more)


def is_let(told: Fact) -> bool:
    try:
        require_right(told)
    except Forbidden:
        return False
    return True


def release(reason: str, door: Door, **more) -> bool:
    details = {"reason": reason} | more.pop("details", {})
    return is_let(fact(Kind.RELEASE, door, details=details, **more))


def test_everybody_may_restrict():
    for door in Door:
        for kind in (Kind.OPT_OUT, Kind.COMPLAINT, Kind.BOUNCE, Kind.CHILD, Kind.ERASURE, Kind.HOLD):
            assert is_let(fact(kind, door))


def test_g8_only_the_persons_own_pages_say_the_persons_word():
    said = {door for door in Door if is_let(fact(Kind.CONSENT, door, confirmed=True))}
    assert said == OWN_PAGES
    assert all(is_let(fact(Kind.CONSENT, door)) for door in Door)


@pytest.mark.parametrize("kind", [Kind.PAUSE, Kind.RHYTHM])
def test_only_the_person_sets_a_pause_or_a_rhythm_and_a_merge_carries_them(kind):
    assert not is_let(fact(kind, Door.OPERATOR))
    assert {door for door in Door if is_let(fact(kind, door, confirmed=True))} == OWN_PAGES
    assert is_let(fact(kind, Door.MERGE, details={"carried": True}))


@pytest.mark.parametrize(
    ("reason", "doors"),
    [
        (BlockReason.OPT_OUT, OWN_PAGES),
        (PAUSE, OWN_PAGES),
        (BlockReason.BOUNCE, {Door.DOUBLE_OPT_IN}),
        (BlockReason.COMPLAINT, {Door.DOUBLE_OPT_IN}),
        (BlockReason.ERASURE, {Door.DOUBLE_OPT_IN}),
    ],
)
def test_the_person_lifts_what_is_theirs_by_their_own_word(reason, doors):
    assert {door for door in Door if release(reason, door, confirmed=True)} == doors
    assert not any(release(reason, door) for door in Door)


def test_the_team_ends_its_own_holds_and_nothing_else():
    assert {door for door in Door if release("hold", door)} == {Door.OPERATOR, Door.TERMINAL}
    assert not release("opt_out", Door.OPERATOR)


def test_g13_a_child_flag_is_lifted_by_two_people_with_evidence():
    two = {"operators": [1, 2]}
    assert release("child", Door.OPERATOR, details=two, evidence="a passport")
    assert not release("child", Door.OPERATOR, details=two)
    assert not release("child", Door.OPERATOR, evidence="a passport")
    for alone in ([1], [1, 1], [1, 0], [1, 2, 3]):
        assert not release("child", Door.OPERATOR, details={"operators": alone}, evidence="a passport")
    for door in set(Door) - {Door.OPERATOR, Door.TERMINAL}:
        assert not release("child", door, details=two, evidence="a passport", confirmed=True)


def test_g5_what_is_not_known_is_not_lifted():
    assert not any(release("weather", door, confirmed=True) for door in Door)
    assert not any(is_let(fact(Kind.RELEASE, door, confirmed=True)) for door in Door)


def test_every_reason_has_somebody_who_may_lift_it():
    assert set(LIFTERS) == {reason.value for reason in BlockReason} | {PAUSE}
