"""Moments to the letter: as values and as names of a statement they are the same, and so are the days before."""

from datetime import UTC, datetime, timedelta

from contacts.storage.moments import Hour, NamedHour

EVENING = datetime(2026, 3, 9, 20, 15, 7, 5, tzinfo=UTC)


def test_an_hour_is_its_moment_and_the_days_before_it():
    hour = Hour(EVENING)
    assert hour.now().value == EVENING
    assert hour.before(0).value == EVENING
    assert hour.before(3).value == datetime(2026, 3, 6, 20, 15, 7, 5, tzinfo=UTC)


def test_a_named_hour_asks_for_what_was_used_and_is_given_the_same():
    hour = NamedHour()
    assert hour.names == ["now"]
    assert [hour.now().key, hour.before(7).key, hour.before(30).key] == ["now", "before_7", "before_30"]
    assert sorted(hour.names) == ["before_30", "before_7", "now"]
    days = {f"before_{days}": EVENING - timedelta(days=days) for days in (7, 30)}
    assert hour.given(EVENING) == {"now": EVENING} | days
    assert {name: Hour(EVENING).before(int(name[7:])).value for name in days} == days
