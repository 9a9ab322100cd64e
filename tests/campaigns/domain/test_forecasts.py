import pytest

from campaigns.domain.forecasts import Pulse, seconds_left


def test_the_rate_is_what_was_handed_over_in_the_last_seconds():
    assert Pulse(30, 10).per_second == 3
    assert Pulse().per_second == 0


@pytest.mark.parametrize(
    ("waiting", "pulse", "limit", "seconds"),
    [
        (0, Pulse(), None, 0),
        (100, Pulse(20, 10), None, 50),
        (100, Pulse(), None, None),
        (100, Pulse(), 60, 100),
        (100, Pulse(100, 10), 60, 100),  # the limit was set just now
        (100, Pulse(5, 10), 600, 200),
    ],
)
def test_the_time_left_is_told_by_the_rate_and_the_limit(waiting, pulse, limit, seconds):
    assert seconds_left(waiting, pulse, limit) == seconds
