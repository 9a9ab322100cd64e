"""A token bucket gives out its rate and a burst, never more, whatever the clock does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.allowances import HORIZON, Allowance

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def full(rate: float) -> Allowance:
    return Allowance(rate, max(1.0, rate), NOON)


def spend(allowance: Allowance, at: datetime) -> int:
    allowance.refill(at)
    number = allowance.left
    for _ in range(number):
        allowance.take()
    return number


@given(st.floats(0.01, 1000), st.lists(st.floats(0, 30), max_size=40))
def test_never_more_than_rate_times_time_and_a_burst(rate, pauses):
    allowance, at = full(rate), NOON
    spent = spend(allowance, at)
    for pause in pauses:
        at += timedelta(seconds=pause)
        spent += spend(allowance, at)
    assert spent <= rate * (at - NOON).total_seconds() + allowance.burst + 1e-6


def test_nothing_is_lost_between_two_looks():
    allowance = full(10)
    assert sum(spend(allowance, NOON + timedelta(milliseconds=50 * step)) for step in range(101)) == 10 + 50


def test_a_clock_stepped_back_gives_nothing_twice_and_blocks_nobody():
    allowance = full(10)
    assert spend(allowance, NOON) == 10
    assert spend(allowance, NOON - HOUR) == 0
    assert spend(allowance, NOON - HOUR + timedelta(seconds=1)) == 10
    assert spend(allowance, NOON + timedelta(seconds=1)) == 10  # and forward again: a burst, not an hour's worth


def test_clocks_that_differ_a_little_do_not_count_the_same_time_twice():
    allowance, spent = full(10), 0
    for step in range(100):
        skew = timedelta(seconds=(step % 2) * 2)
        spent += spend(allowance, NOON + timedelta(seconds=step / 10) + skew)
    assert spent <= 10 * 12 + 10


def test_those_who_wait_get_a_moment_each_one_behind_the_other():
    allowance = full(2)
    spend(allowance, NOON)
    moments = [allowance.promise(NOON, 0.5) for _ in range(3)]
    assert [(each - NOON).total_seconds() for each in moments] == [0.5, 1.0, 1.5]
    assert allowance.promise(NOON + timedelta(seconds=10), 0.5) == NOON + timedelta(seconds=10.5)


def test_nobody_is_put_off_for_longer_than_an_hour():
    allowance = Allowance(0.001, 0, NOON)
    assert allowance.promise(NOON, 0) == NOON + timedelta(seconds=1000)
    moments = [allowance.promise(NOON, chance) for chance in (0.0, 0.0, 0.0, 0.5, 1.0)]
    assert moments[2:] == [NOON + HORIZON / 2, NOON + HORIZON * 0.75, NOON + HORIZON]


def test_promises_nobody_came_for_are_forgotten():
    allowance = full(1)
    spend(allowance, NOON)
    allowance.promise(NOON, 0.5)
    allowance.refill(NOON + timedelta(seconds=0.9))
    assert allowance.promised is not None
    allowance.refill(NOON + timedelta(seconds=2))
    assert allowance.promised is None
    allowance.promise(NOON + HOUR, 0.5)
    allowance.tokens = 0
    allowance.refill(NOON - HOUR)
    assert allowance.promised is None
    allowance.refill(NOON - HOUR)  # at the same moment nothing comes
    assert allowance.left == 0
