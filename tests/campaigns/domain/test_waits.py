"""No wait that a rule makes is longer than what is taken for its longest."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.allowances import Allowance
from campaigns.domain.fates import next_try
from campaigns.domain.rations import Held
from campaigns.domain.rests import OF_PROVIDERS, OF_RELAYS, rest_after
from campaigns.domain.waits import MORNING, PAUSES, latest_by_limit, latest_by_tries
from campaigns.domain.warm_up import day_begins
from tests.conftest import NOON

CHANCE = st.floats(0, 1)


@given(st.integers(1, 12), CHANCE)
def test_no_pause_between_tries_is_longer(tries, chance):
    latest = latest_by_tries(NOON)
    moment = next_try(tries, NOON, chance)
    assert moment is None or moment <= latest[min(tries, PAUSES)]
    assert latest[PAUSES] == next_try(PAUSES, NOON, 1.0)


@given(st.integers(1, 99), CHANCE, st.floats(0.001, 100))
def test_no_limit_holds_a_message_longer(misses, chance, rate):
    latest = latest_by_limit(NOON, "Europe/Berlin")
    for held, patience in ((Held.PROVIDER, OF_PROVIDERS), (Held.RELAY, OF_RELAYS)):
        assert NOON + rest_after(misses, chance, patience) * (1 + chance / 4) <= latest[held]
    bucket = Allowance(rate, 0.0, NOON)
    assert all(bucket.promise(NOON, chance) <= latest[Held.RATE] for _ in range(5))
    assert latest[Held.WARM_UP] == day_begins("Europe/Berlin", NOON.date() + timedelta(days=1)) + MORNING
    assert set(latest) == set(Held)
