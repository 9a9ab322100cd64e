"""Caps and quiet hours as a team writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.limit_words import MOST_DAYS, MOST_MESSAGES, read_cap, read_quiet, tell_cap, tell_quiet
from contacts.domain.quiet_hours import QuietHours
from core.errors import BadInput


@pytest.mark.parametrize("written", ["4/30", " 4 / 30 ", "4 in 30 days", "4 per 30 day", "4IN30"])
def test_a_cap_is_messages_in_days(written):
    assert read_cap(written) == (4, 30)


def test_a_cap_may_be_as_large_as_its_limits():
    assert read_cap("1000/366") == (1000, 366)
    assert read_cap("1/1") == (1, 1)


@pytest.mark.parametrize("written", ["0/30", "4/0", "4", "four/30", "-4/30", "4/367", "1001/30", "4/30/2", "4,5/30"])
def test_what_is_no_cap_is_refused(written):
    with pytest.raises(BadInput, match="is no cap"):
        read_cap(written)


@pytest.mark.parametrize("written", ["21:00-08:00", "21.00 – 8.00", "21:00 to 08:00", "21:00 until 8:00"])
def test_quiet_hours_are_from_until(written):
    assert read_quiet(written) == QuietHours(21 * 60, 8 * 60)


@pytest.mark.parametrize(
    "written", ["24:00-08:00", "21:00", "21:60-08:00", "21:00-08:99", "08:00-08:00", "9pm-8am", "21:00-24:00"]
)
def test_what_are_no_quiet_hours_is_refused(written):
    with pytest.raises(BadInput, match="no quiet hours"):
        read_quiet(written)


@pytest.mark.parametrize("written", ["", " ", "none", "NONE"])
def test_nothing_is_no_limit(written):
    assert read_cap(written) is None
    assert read_quiet(written) is None


@given(st.none() | st.tuples(st.integers(1, MOST_MESSAGES), st.integers(1, MOST_DAYS)))
def test_a_cap_is_told_as_it_is_read(cap):
    assert read_cap(tell_cap(cap)) == cap


@given(st.none() | st.builds(QuietHours, st.integers(0, 1439), st.integers(0, 1439)).filter(lambda q: q.start != q.end))
def test_quiet_hours_are_told_as_they_are_read(hours):
    assert read_quiet(tell_quiet(hours)) == hours
