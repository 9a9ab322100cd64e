import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.speeds import FASTEST, read_speed, tell_speed
from core.errors import BadInput


@pytest.mark.parametrize(
    ("written", "a_minute"),
    [
        ("600", 600),
        ("10/second", 600),
        ("10 per sec", 600),
        ("0.5 / s", 30),
        ("600/minute", 600),
        ("90/h", 1.5),
        ("36000 a hour", 600),
        ("none", None),
        ("", None),
        ("0", None),
    ],
)
def test_a_rate_is_read_as_messages_a_minute(written, a_minute):
    assert read_speed(written) == a_minute


@pytest.mark.parametrize("written", ["fast", "-5", "600/day", "1e9", "99999999", "0.0/s", "nan", "10//s"])
def test_what_is_no_rate_is_refused_with_the_remedy(written):
    with pytest.raises(BadInput, match="is no rate") as refused:
        read_speed(written)
    assert refused.value.field == "rate"


@given(st.floats(0.001, FASTEST))
def test_what_is_told_is_read_back_the_same(speed):
    assert read_speed(tell_speed(speed)) == speed


def test_no_limit_is_told_as_nothing():
    assert tell_speed(None) == ""
    assert tell_speed(600.0) == "600"
