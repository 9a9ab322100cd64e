"""A person's ticks: what is not ticked is stopped, and lifting a wide opt-out opens nothing else."""

from datetime import UTC, datetime

import pytest

from contacts.domain.addresses import AddressKeys
from contacts.domain.choosing import Chooser, in_the_way, starts, stops
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Numbered, Standing, standing
from contacts.domain.verdicts import BlockReason

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = AddressKeys(b"o" * 32, b"f" * 32)
WHO = Chooser(ANN, "2026-01", AT)
OFFERED = ["offers", "updates", "research"]


def stands(*facts: tuple[Kind, str]) -> Standing:
    return standing(
        Numbered(number, Fact(ANN.own, ANN.family, kind, scope, Door.OPERATOR, AT))
        for number, (kind, scope) in enumerate(facts, start=1)
    )


def scopes(facts: list[Fact]) -> list[str]:
    return [each.scope for each in facts]


def test_what_is_not_ticked_is_stopped_by_name():
    found = stops(stands(), ["offers"], OFFERED, WHO)
    assert [(each.kind, each.scope, each.door) for each in found] == [
        (Kind.OPT_OUT, "updates", Door.PREFERENCES), (Kind.OPT_OUT, "research", Door.PREFERENCES),
    ]  # fmt: skip


def test_what_is_stopped_already_is_not_stopped_again():
    assert scopes(stops(stands((Kind.OPT_OUT, "marketing")), [], OFFERED, WHO)) == ["research"]
    assert stops(stands((Kind.OPT_OUT, "everything")), [], OFFERED, WHO) == []


def test_a_tick_releases_what_covers_it_keeps_all_else_stopped_and_is_the_persons_own_yes():
    before = stands((Kind.OPT_OUT, "marketing"), (Kind.OPT_OUT, "offers"), (Kind.COMPLAINT, "everything"))
    found = starts(before, ["offers"], ["marketing:old", "partner:gone"], WHO)
    assert [(each.kind, each.scope) for each in found] == [
        (Kind.OPT_OUT, "announcements"), (Kind.OPT_OUT, "marketing:old"), (Kind.OPT_OUT, "other"),
        (Kind.OPT_OUT, "updates"), (Kind.RELEASE, "marketing"), (Kind.RELEASE, "offers"), (Kind.CONSENT, "offers"),
    ]  # fmt: skip
    assert all(each.confirmed and each.door is Door.PREFERENCES for each in found[4:])
    assert {each.details["reason"] for each in found[4:6]} == {"opt_out"}
    assert found[-1].policy_version == "2026-01"
    assert starts(before, [], ["marketing:old"], WHO) == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.OPT_OUT, None),
        (Kind.HOLD, BlockReason.HOLD),
        (Kind.BOUNCE, BlockReason.BOUNCE),
        (Kind.COMPLAINT, BlockReason.COMPLAINT),
        (Kind.ERASURE, BlockReason.ERASURE),
        (Kind.CHILD, BlockReason.CHILD),
    ],
)
def test_what_no_tick_lifts_stands_in_the_way(kind, reason):
    assert (
        in_the_way(stands((Kind.HOLD, "everything"), (kind, "everything")) if reason else stands((kind, "offers")))
        is reason
    )
