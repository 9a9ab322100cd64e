from datetime import UTC, datetime, timedelta

import pytest

from campaigns.domain.local_times import appoint_locally, first_tries, moment_in
from campaigns.domain.windows import read_window
from core.errors import BadInput

NINE = datetime(2026, 12, 1, 9, 0)
LONG_BEFORE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Pacific/Kiritimati", "2026-11-30T19:00"),
        ("Asia/Tokyo", "2026-12-01T00:00"),
        ("Europe/Berlin", "2026-12-01T08:00"),
        ("America/New_York", "2026-12-01T14:00"),
    ],
)
def test_nine_in_the_morning_is_a_moment_of_its_own_in_each_zone(zone, utc):
    assert moment_in(zone, NINE, LONG_BEFORE) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_where_it_had_passed_when_it_was_planned_it_is_the_next_day():
    planned = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert moment_in("Europe/Berlin", NINE, planned) == datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert moment_in("America/New_York", NINE, planned) == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    just_now = planned.replace(minute=9)
    assert moment_in("Europe/Berlin", NINE, just_now) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_the_next_day_is_met_at_the_same_hour_although_the_clocks_change_in_the_night():
    wall, planned = datetime(2026, 3, 28, 9, 0), datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert moment_in("Europe/Berlin", wall, planned) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_met_after_it():
    wall = datetime(2026, 3, 29, 2, 30)
    assert moment_in("Europe/Berlin", wall, LONG_BEFORE - timedelta(days=300)) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def test_the_mailing_begins_where_the_hour_comes_first():
    appointment, wall = appoint_locally("2026-12-01 09:00", "Europe/Berlin", LONG_BEFORE)
    assert appointment.at == datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    assert (wall, appointment.zone, appointment.note) == (NINE, "Europe/Berlin", "")


def test_where_the_hour_has_passed_in_some_zones_the_note_says_so():
    at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    appointment, _wall = appoint_locally("2026-12-01T09:00", "Europe/Berlin", at)
    assert at <= appointment.at < at + timedelta(hours=1)
    assert "on the next day at that hour" in appointment.note


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("now", "is no hour that people could have"),
        ("2026-12-01 09:00+01:00", "names no offset"),
        ("2026-11-20 09:00", "has passed everywhere"),
        ("soon", "not a date and time"),
    ],
)
def test_what_is_no_hour_for_everybody_is_refused(written, said):
    with pytest.raises(BadInput, match=said):
        appoint_locally(written, "UTC", LONG_BEFORE)
    with pytest.raises(BadInput, match="no time zone"):
        appoint_locally("2026-12-01 09:00", "Mars/Olympus", LONG_BEFORE)


def test_mail_first_goes_at_the_hour_and_within_the_hours_of_each_zone():
    at = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    said = first_tries("Europe/Berlin", None, NINE, planned_at=LONG_BEFORE, at=at)
    assert said["Asia/Tokyo"] == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert said[""] == said["Europe/Berlin"] == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    late = read_window("10:00-17:00")
    assert first_tries("UTC", late, NINE, planned_at=LONG_BEFORE, at=at)["Europe/Berlin"].hour == 9
    only_hours = first_tries("UTC", late, None, planned_at=LONG_BEFORE, at=at)
    assert only_hours["Asia/Tokyo"] == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    overdue = first_tries("UTC", None, NINE, planned_at=LONG_BEFORE, at=NINE.replace(tzinfo=UTC))
    assert overdue["Asia/Tokyo"] == NINE.replace(tzinfo=UTC)
