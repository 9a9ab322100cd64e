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
    found = stops(stands(), ["offers"], OFFERED, ["marketing:old"], WHO)
    assert [(each.kind, each.scope, each.door) for each in found] == [
        (Kind.OPT_OUT, "updates", Door.PREFERENCES), (Kind.OPT_OUT, "research", Door.PREFERENCES),
    ]  # fmt: skip


def test_what_is_stopped_already_is_not_stopped_again():
    assert scopes(stops(stands((Kind.OPT_OUT, "marketing")), [], OFFERED, [], WHO)) == ["research"]
    assert stops(stands((Kind.OPT_OUT, "everything")), [], OFFERED, [], WHO) == []


def test_where_a_wide_opt_out_is_lifted_all_else_below_it_is_stopped_by_name_what_the_page_did_not_show_too():
    before = stands((Kind.OPT_OUT, "marketing"), (Kind.OPT_OUT, "updates"))
    assert scopes(stops(before, ["offers"], OFFERED, ["marketing:old", "partner:gone"], WHO)) == [
        "research", "marketing:old",
    ]  # fmt: skip


def test_a_tick_releases_what_covers_it_and_is_the_persons_own_yes():
    before = stands((Kind.OPT_OUT, "everything"), (Kind.OPT_OUT, "offers"), (Kind.COMPLAINT, "everything"))
    found = starts(before, ["offers"], WHO)
    assert [(each.kind, each.scope) for each in found] == [
        (Kind.RELEASE, "everything"), (Kind.RELEASE, "offers"), (Kind.CONSENT, "offers"),
    ]  # fmt: skip
    assert all(each.confirmed and each.door is Door.PREFERENCES for each in found)
    assert {each.details.get("reason") for each in found} == {"opt_out", None}
    assert found[-1].policy_version == "2026-01"


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
