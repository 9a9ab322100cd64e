"""A new server's days: how many messages each may have, and when the next begins."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.domain.warm_up import WarmUp, day_begins, day_in, next_day, read_warm_up
from core.errors import BadInput

PLAN = WarmUp(date(2026, 11, 23), (50, 100, 500))


def test_a_plan_is_read_day_by_day_and_ends_in_freedom():
    assert read_warm_up("2026-11-23:50, 100,500") == PLAN
    allowed = [PLAN.allowed(date(2026, 11, day)) for day in (22, 23, 24, 25, 26)]
    assert allowed == [0, 50, 100, 500, None]


@pytest.mark.parametrize("text", ["", "50,100", "2026-11-23:", "2026-11-31:5", "2026-11-23:5,x", "2026-11-23:-1",
                                  "2026-11-23:0,0", "2026-11-23:" + "9," * 366 + "9",
                                  "2206-11-23:50", "0206-11-23:50"])  # fmt: skip
def test_what_is_no_plan_is_refused(text):
    with pytest.raises(BadInput):
        read_warm_up(text)


def test_days_are_those_of_the_house():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert day_in("UTC", late) == date(2026, 11, 23)
    assert day_in("Europe/Berlin", late) == date(2026, 11, 24)
    assert next_day("Europe/Berlin", late) == datetime(2026, 11, 24, 23, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 23), 24)])
def test_a_day_on_which_the_clock_changes_has_its_own_length(day, hours):
    begins = day_begins("Europe/Berlin", date(*day))
    assert next_day("Europe/Berlin", begins) - begins == timedelta(hours=hours)
    assert next_day("Europe/Berlin", begins + timedelta(hours=hours, seconds=-1)) == begins + timedelta(hours=hours)


def test_where_midnight_is_skipped_the_day_begins_after_it():
    begins = day_begins("Africa/Cairo", date(2026, 4, 24))  # 00:00 does not exist that day
    assert day_in("Africa/Cairo", begins) == date(2026, 4, 24)
    assert day_in("Africa/Cairo", begins - timedelta(seconds=1)) == date(2026, 4, 23)
