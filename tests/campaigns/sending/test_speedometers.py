"""The rate that a sender tells of itself."""

from campaigns.sending.speedometers import Speedometer


def test_the_rate_is_that_of_the_last_seconds():
    speedometer = Speedometer(10)
    assert speedometer.rate(0, 100.0) == 0
    assert speedometer.rate(50, 101.0) == 50
    assert speedometer.rate(100, 110.0) == 10
    assert speedometer.rate(100, 111.0) == 5
    assert speedometer.rate(100, 125.0) == 0
