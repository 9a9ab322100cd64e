from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.schedules import GRACE, LAST_YEAR, appoint, read_moment, zone_named
from core.errors import BadInput

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "zone", "utc"),
    [
        ("2026-12-01 09:00", "Europe/Berlin", "2026-12-01T08:00"),
        ("2026-07-01T09:00", "Europe/Berlin", "2026-07-01T07:00"),
        ("2026-07-01T09:00:30", "Asia/Tokyo", "2026-07-01T00:00:30"),
        ("2026-07-01 09:00+02:00", "America/New_York", "2026-07-01T07:00"),
        (datetime(2026, 7, 1, 9, 0), "UTC", "2026-07-01T09:00"),
    ],
)
def test_a_moment_in_a_zone_becomes_utc(written, zone, utc):
    planned = appoint(written, zone, NOW)
    assert planned.at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert planned.note == ""
    assert planned.zone == zone


def test_the_local_time_is_told_in_the_zone_it_was_meant_in():
    assert appoint("2026-12-01 09:00", "Asia/Tokyo", NOW).local.strftime("%H:%M") == "09:00"


def test_a_time_that_the_spring_change_skips_is_moved_on_and_said():
    planned = appoint("2026-03-29 02:30", "Europe/Berlin", NOW)
    assert planned.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert planned.note == (
        "2026-03-29 02:30 does not exist in Europe/Berlin: the clocks go forward. 2026-03-29 03:30 is taken."
    )


def test_a_time_that_the_autumn_change_repeats_is_the_first_and_said():
    planned = appoint("2026-10-25 02:30", "Europe/Berlin", NOW)
    assert planned.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "happens twice in Europe/Berlin" in planned.note


def test_a_moment_that_has_passed_is_refused_with_the_time_it_is_there():
    with pytest.raises(BadInput, match="has passed") as refused:
        appoint("2026-01-15 12:00", "Europe/Berlin", NOW)
    assert "2026-01-15 13:00" in str(refused.value)


def test_a_moment_within_the_grace_becomes_now():
    just_passed = NOW - GRACE
    assert appoint(just_passed.replace(tzinfo=None), "UTC", NOW).at == NOW
    with pytest.raises(BadInput):
        appoint(just_passed.replace(tzinfo=None) - timedelta(seconds=1), "UTC", NOW)


def test_now_is_a_moment_too():
    assert appoint(" Now", "Europe/Berlin", NOW).at == NOW
    with pytest.raises(BadInput):
        appoint("now", "Nowhere", NOW)


@pytest.mark.parametrize("written", ["tomorrow", "", "2026-12-01", "2026-13-01 09:00", "9 o'clock"])
def test_what_is_no_moment_is_refused_with_an_example(written):
    with pytest.raises(BadInput, match="2026-12-01 09:00"):
        read_moment(written)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize(
    "written",
    ["9999-12-31 23:59", "0001-01-01 00:00", "9999-12-31 23:59-05:00", "1999-12-31 23:59", datetime(2100, 1, 1, 0, 0)],
)
def test_a_moment_at_the_end_of_time_is_refused_and_its_field_named(written, zone):
    with pytest.raises(BadInput, match=r"too far away.*2000 to 2099") as refused:
        appoint(written, zone, NOW)
    assert refused.value.field == "at"
    assert read_moment("2099-12-31 23:59").year == LAST_YEAR


@pytest.mark.parametrize("name", ["Europe/Berln", "", "../../etc/passwd", "Nowhere", "Europe/\0", "Europe"])
def test_an_unknown_zone_is_refused_with_near_names(name):
    with pytest.raises(BadInput, match="IANA name"):
        zone_named(name)


def test_a_misspelt_zone_is_answered_with_the_right_one():
    with pytest.raises(BadInput, match="Europe/Berlin"):
        zone_named("Europe/Berln")


@given(
    st.datetimes(min_value=datetime(2026, 2, 1), max_value=datetime(2035, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_every_wall_clock_moment_is_taken_as_written_unless_a_note_says_otherwise(wall, zone):
    planned = appoint(wall, zone, NOW)
    if "does not exist" not in planned.note:
        assert planned.local.replace(tzinfo=None) == wall
