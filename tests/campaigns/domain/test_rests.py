"""Who failed is left alone, longer each time, and forgiven by degrees."""

from datetime import timedelta

from campaigns.domain.rests import OF_PROVIDERS, OF_RELAYS, Rest, longest_rest, rest_after, rest_left
from tests.conftest import NOON


def seconds(misses: int, chance: float = 0.5) -> float:
    return rest_after(misses, chance, OF_RELAYS).total_seconds()


def test_rests_double_up_to_a_limit_and_are_spread():
    assert [seconds(misses) for misses in (1, 2, 3, 6, 7, 8, 500)] == [1, 2, 4, 32, 60, 60, 60]
    assert (seconds(1, 0), seconds(1, 1)) == (0.75, 1.25)
    assert rest_after(30, 0.5, OF_PROVIDERS) == timedelta(minutes=30)


def test_of_a_rest_that_was_kept_no_more_is_left_than_it_can_be():
    assert rest_left(None, 3, OF_RELAYS, NOON) == rest_left(NOON, 3, OF_RELAYS, NOON) == timedelta()
    assert rest_left(NOON + timedelta(seconds=4), 3, OF_RELAYS, NOON) == timedelta(seconds=4)
    ahead = NOON + timedelta(hours=1)  # by a clock that was an hour ahead
    assert [rest_left(ahead, misses, OF_RELAYS, NOON).total_seconds() for misses in (0, 1, 9)] == [1.25, 5, 75]
    assert longest_rest(2, OF_RELAYS) >= rest_after(5, 1, OF_RELAYS)  # five misses, of which one success forgave half


def test_those_who_find_it_resting_add_nothing_and_a_success_forgives_half():
    rest = Rest()
    rest.miss(100.0, 0.5, OF_RELAYS, "421 busy")
    rest.miss(100.5, 0.5, OF_RELAYS)
    assert (rest.misses, rest.until, rest.said) == (1, 101.0, "421 busy")
    assert rest.is_on(100.9)
    assert not rest.is_on(101.0)
    for now in (101.0, 103.0, 107.0):
        rest.miss(now, 0.5, OF_RELAYS)
    assert rest.misses == 4
    rest.hit()
    assert rest.misses == 2
    assert rest.is_on(108.0)  # what was begun goes on
