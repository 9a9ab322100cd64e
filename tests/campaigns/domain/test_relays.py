"""Who may take a message, how well each server does, and how shares come out."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.relays import HALF_LIFE, Health, RelayPlan, Wheel, allowed
from campaigns.domain.warm_up import WarmUp

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE, TWO = RelayPlan("one"), RelayPlan("two")
OWN = RelayPlan("own", senders=frozenset({"example.org"}))


def names(*plans: RelayPlan, **asked: str) -> list[str]:
    return [plan.name for plan in allowed(plans, **{"sender_domain": "example.com", **asked})]


def test_a_server_named_for_a_domain_takes_its_mail_and_nobody_elses():
    assert names(ONE, TWO, OWN, sender_domain="example.org") == ["own"]
    assert names(ONE, TWO, OWN) == ["one", "two"]
    assert names(OWN) == []


def test_a_campaigns_wish_goes_before_the_domain():
    assert names(ONE, TWO, OWN, sender_domain="example.org", wished="two") == ["two"]
    assert names(ONE, wished="gone") == []


def test_a_server_is_limited_by_a_rate_or_a_plan():
    plan = WarmUp(date(2026, 11, 23), (50,))
    assert not ONE.is_limited
    for limited in (RelayPlan("a", rate=1), RelayPlan("a", warm_up=plan), RelayPlan("a", warm_ups={"gmail": plan})):
        assert limited.is_limited


def test_an_unknown_server_is_well_and_failures_count_less_and_less():
    health = Health().later(NOON, bad=3)
    assert Health().score == 1
    assert health.score == 1 / 4
    assert health.later(NOON + HALF_LIFE).score == pytest.approx(1 / 2.5)
    assert health.later(NOON, good=4).score == 5 / 8
    assert health.later(NOON - timedelta(hours=1)).score == 1 / 4  # the clock was set back: nothing is forgotten


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=5))
def test_shares_come_out_to_the_message(weights):
    wheel, turns = Wheel(), 500
    named = [(str(number), weight) for number, weight in enumerate(weights)]
    given_to = Counter(wheel.turn(named) for _ in range(turns))
    for name, weight in named:
        assert abs(given_to[name] - turns * weight / sum(weights)) <= len(weights)
