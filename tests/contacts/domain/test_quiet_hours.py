"""Quiet hours: which minutes are quiet where somebody lives, and when they end, also when the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.quiet_hours import (
    MINUTES_A_DAY,
    QuietHours,
    as_words,
    awake_from,
    is_quiet,
    known_zones,
    minutes_left,
    quiet_until,
    quiet_zones,
    zone_of,
)

NIGHT = QuietHours(21 * 60, 8 * 60)
SIESTA = QuietHours(13 * 60, 15 * 60)
SOME_ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]

minutes = st.integers(0, MINUTES_A_DAY - 1)
hours = st.builds(QuietHours, minutes, minutes).filter(lambda each: each.start != each.end)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("rule", "minute", "quiet"),
    [
        (NIGHT, 20 * 60 + 59, False), (NIGHT, 21 * 60, True), (NIGHT, 0, True), (NIGHT, 7 * 60 + 59, True),
        (NIGHT, 8 * 60, False), (SIESTA, 13 * 60 - 1, False), (SIESTA, 13 * 60, True), (SIESTA, 15 * 60, False),
    ],
)  # fmt: skip
def test_the_first_minute_is_quiet_and_the_last_is_not(rule, minute, quiet):
    assert rule.covers(minute) is quiet


def test_it_is_night_where_the_person_lives():
    at = utc(2026, 11, 22, 20, 30)
    assert is_quiet(NIGHT, "Europe/Berlin", at)
    assert not is_quiet(NIGHT, "America/New_York", at)
    assert "Europe/Berlin" in quiet_zones(NIGHT, at)
    assert "America/New_York" not in quiet_zones(NIGHT, at)
    assert quiet_until(NIGHT, "Europe/Berlin", at) == utc(2026, 11, 23, 7, 0)
    assert quiet_until(NIGHT, "America/New_York", at) == at


@pytest.mark.parametrize("written", ["", "europe/berlin", "Mars/Olympus", "localtime", "Berlin "])
def test_who_lives_nowhere_that_is_known_lives_with_the_house(written):
    assert zone_of(written, "Asia/Tokyo") == "Asia/Tokyo"
    assert zone_of("Europe/Berlin", "Asia/Tokyo") == "Europe/Berlin"


def test_the_hour_that_a_spring_night_lacks_ends_the_quiet_hours_that_end_in_it():
    until_half_past_two = QuietHours(21 * 60, 2 * 60 + 30)  # there is no half past two on this night in Berlin
    assert quiet_until(until_half_past_two, "Europe/Berlin", utc(2026, 3, 29, 0, 30)) == utc(2026, 3, 29, 1, 0)


def test_the_hour_that_an_autumn_night_has_twice_is_quiet_twice():
    until_half_past_two = QuietHours(21 * 60, 2 * 60 + 30)
    assert quiet_until(until_half_past_two, "Europe/Berlin", utc(2026, 10, 25, 0, 10)) == utc(2026, 10, 25, 0, 30)
    assert is_quiet(until_half_past_two, "Europe/Berlin", utc(2026, 10, 25, 1, 10))
    assert quiet_until(until_half_past_two, "Europe/Berlin", utc(2026, 10, 25, 1, 10)) == utc(2026, 10, 25, 1, 30)


def test_a_night_ends_at_eight_whether_or_not_the_clocks_changed_in_it():
    assert quiet_until(NIGHT, "Europe/Berlin", utc(2026, 3, 28, 22, 0)) == utc(2026, 3, 29, 6, 0)
    assert quiet_until(NIGHT, "Europe/Berlin", utc(2026, 10, 24, 22, 0)) == utc(2026, 10, 25, 7, 0)


def test_the_end_of_one_rule_may_lie_within_another():
    morning = QuietHours(7 * 60, 9 * 60 + 30)
    assert awake_from([NIGHT, morning, SIESTA], "UTC", utc(2026, 11, 22, 22, 0)) == utc(2026, 11, 23, 9, 30)
    assert awake_from([morning, NIGHT], "UTC", utc(2026, 11, 22, 22, 0, 59)) == utc(2026, 11, 23, 9, 30)
    assert awake_from([NIGHT, morning], "UTC", at := utc(2026, 11, 22, 12, 0, 5)) == at
    assert awake_from([], "UTC", at) == at


def test_rules_that_leave_no_minute_come_to_an_end_of_looking():
    at = utc(2026, 11, 22, 12, 0)
    assert awake_from([QuietHours(0, 720), QuietHours(720, 0)], "UTC", at) > at
    assert quiet_until(QuietHours(0, 1439), "UTC", at) == utc(2026, 11, 22, 23, 59)


def test_how_much_of_the_day_is_left():
    assert minutes_left([]) == MINUTES_A_DAY
    assert minutes_left([NIGHT]) == 13 * 60
    assert minutes_left([NIGHT, SIESTA, SIESTA]) == 11 * 60
    assert minutes_left([QuietHours(0, 720), QuietHours(720, 0)]) == 0


def test_minutes_are_written_as_on_a_clock():
    assert [as_words(minute) for minute in (0, 65, 21 * 60)] == ["00:00", "01:05", "21:00"]


@given(st.lists(hours, min_size=1, max_size=3), st.sampled_from(SOME_ZONES), moments)
def test_nobody_is_woken_up_and_nobody_waits_longer_than_needed(rules, zone, at):
    woken = awake_from(rules, zone, at)
    asleep = [any(is_quiet(each, zone, moment) for each in rules) for moment in (at, woken)]
    assert woken >= at if asleep[0] else woken == at
    if minutes_left(rules) > 60:
        assert not asleep[1]
        before = woken - timedelta(minutes=1)
        assert woken == at or before < at or any(is_quiet(each, zone, before) for each in rules)


def test_the_zones_of_the_world_are_known():
    assert {"UTC", "Europe/Berlin", "Asia/Tokyo"} <= known_zones()
    assert "localtime" not in known_zones()


def test_hours_without_a_minute_cover_none():
    assert not any(QuietHours(60, 60).covers(minute) for minute in range(MINUTES_A_DAY))
