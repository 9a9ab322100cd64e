from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.windows import ALL_DAY, Window, as_clock, is_open, opens, read_window, tell_window, waits
from core.errors import BadInput

OFFICE = read_window("mon-fri 09:00-17:00")
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WINDOWS = st.builds(
    Window,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, ALL_DAY - 1),
    st.integers(0, ALL_DAY),
)
CHANGES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("mon-fri 09:00-17:00", "mon-fri 09:00-17:00"),
        ("Monday-Friday 9-17", "mon-fri 09:00-17:00"),
        ("sat, sun", "sat,sun"),
        ("10:30-12", "10:30-12:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("fri-mon 8-20", "mon,fri-sun 08:00-20:00"),
        ("mon 00:00-24:00", "mon"),
        ("", ""),
        ("mon-sun", ""),
        ("00:00-24:00", ""),
        ("09:00-09:00", ""),
    ],
)
def test_hours_are_read_and_told(written, told):
    window = read_window(written)
    assert tell_window(window) == told
    assert read_window(told) == window


@pytest.mark.parametrize(
    "written",
    ["mon-fri at nine", "monday friday", "9-17 10-12", "25:00-26:00", "09:00-24:30", "09:61-10:00", "9", "m-f", "-"],
)
def test_hours_that_are_none_are_refused_with_the_remedy(written):
    with pytest.raises(BadInput, match="are no hours at which mail may go") as refused:
        read_window(written)
    assert refused.value.field == "hours"


@given(WINDOWS)
def test_what_is_told_is_read_back_the_same(window):
    again = read_window(tell_window(window))
    moments = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=37 * each) for each in range(273)]
    assert all(is_open(again, "UTC", each) == window.covers(each) for each in moments)


def test_it_is_open_within_the_hours_of_its_days_and_at_no_other():
    assert is_open(OFFICE, "UTC", MONDAY)
    assert is_open(OFFICE, "UTC", MONDAY.replace(hour=9))
    assert not is_open(OFFICE, "UTC", MONDAY.replace(hour=8, minute=59, second=59))
    assert not is_open(OFFICE, "UTC", MONDAY.replace(hour=17))
    assert not is_open(OFFICE, "UTC", MONDAY - timedelta(days=1))
    assert not is_open(OFFICE, "Asia/Tokyo", MONDAY)
    assert is_open(None, "UTC", MONDAY)


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin():
    friday_night = read_window("fri 22:00-02:00")
    friday = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
    assert is_open(friday_night, "UTC", friday)
    assert is_open(friday_night, "UTC", friday + timedelta(hours=2, minutes=59))
    assert not is_open(friday_night, "UTC", friday + timedelta(hours=3))
    assert not is_open(friday_night, "UTC", friday.replace(hour=1))


@pytest.mark.parametrize(
    ("zone", "at", "then"),
    [
        ("UTC", "2026-11-23T12:00:30", "2026-11-23T12:00:30"),
        ("UTC", "2026-11-23T17:00:00", "2026-11-24T09:00:00"),
        ("UTC", "2026-11-27T17:00:00", "2026-11-30T09:00:00"),
        ("Europe/Berlin", "2026-03-27T20:00:00", "2026-03-30T07:00:00"),  # the clocks go forward in between
        ("Europe/Berlin", "2026-10-23T20:00:00", "2026-10-26T08:00:00"),  # and back
    ],
)
def test_it_opens_next_by_the_clocks_of_the_zone(zone, at, then):
    assert opens(OFFICE, zone, _utc(at)) == _utc(then)
    assert opens(None, zone, _utc(at)) == _utc(at)


@pytest.mark.parametrize(
    ("hours", "at", "then"),
    [
        ("02:30-04:00", "2026-03-28T23:00:00", "2026-03-29T01:00:00"),  # 02:30 does not exist: at 03:00, as it is open
        ("02:15-02:45", "2026-03-28T23:00:00", "2026-03-30T00:15:00"),  # nothing of it exists: the day after
        ("01:30-02:30", "2026-10-25T00:40:00", "2026-10-25T01:00:00"),  # it is two o'clock again
        ("02:15-02:45", "2026-10-25T00:50:00", "2026-10-25T01:15:00"),  # and a quarter past
    ],
)
def test_a_change_of_the_clocks_is_met_to_the_minute(hours, at, then):
    assert opens(read_window(hours), "Europe/Berlin", _utc(at)) == _utc(then)


@given(
    WINDOWS,
    st.sampled_from(CHANGES),
    st.sampled_from(["2026-03-08", "2026-03-28", "2026-04-04", "2026-10-24", "2026-10-31"]),
    st.integers(0, 3000),
)
def test_it_opens_exactly_when_a_look_at_every_minute_says(window, zone, day, minutes):
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes)
    said = opens(window, zone, moment)
    assert window.covers(said.astimezone(ZoneInfo(zone)))
    minutes_before = range(int((said - moment).total_seconds()) // 60)
    assert not any(is_open(window, zone, moment + timedelta(minutes=each)) for each in minutes_before)


def test_a_mailing_waits_where_one_clock_tells_its_hours_and_says_that_it_is_closed():
    hours, tea = "mon-fri 09:00-17:00", MONDAY.replace(hour=16, minute=30)
    assert not waits(hours, "UTC", "Asia/Tokyo", tea)
    assert waits(hours, "", "Asia/Tokyo", tea)
    assert waits(hours, "Europe/Berlin", "UTC", tea)
    assert not waits(hours, "recipient", "Asia/Tokyo", tea)  # it is open somewhere
    assert not waits("", "Asia/Tokyo", "UTC", tea)


def test_a_minute_of_the_day_is_told_as_on_a_clock():
    assert as_clock(545) == "09:05"


def _utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)
