"""A clock that was set back is noticed by whoever read it while it was ahead, and by nobody twice."""

from datetime import timedelta

from core.steps import Steps
from tests.conftest import NOON


def test_a_clock_set_back_is_noticed_however_short_it_was_ahead_and_drifting_is_not():
    at, ticks = [NOON], [1000.0]
    steps = Steps(lambda: at[0], lambda: ticks[0])

    def after(seconds: float, *, set_by: float = 0.0) -> float:
        ticks[0] += seconds
        at[0] += timedelta(seconds=seconds + set_by)
        return steps.set_back()

    assert after(60, set_by=-1.5) == 0
    assert after(60, set_by=3600) == 0
    assert after(1, set_by=-3600) == 0  # nobody had read it meanwhile: nothing was reckoned by it
    after(60, set_by=3600)
    assert steps.now() == at[0]
    assert round(after(0.1, set_by=-3600), 3) == 3600
    assert steps.set_back() > 0
    steps.settled()
    assert steps.set_back() == 0
    assert round(after(1, set_by=-60), 3) == 60
