"""The dates that people write in tables are read, and a doubtful one is known to be doubtful."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.dates import read_moment, readings

NEW_YEARS_EVE = date(2012, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2012-12-31",
        "2012/12/31",
        "2012.12.31",
        " 31.12.2012 ",
        "31/12/2012",
        "12/31/2012",
        "31-12-2012",
        "20121231",
        "31122012",
        "2012年12月31日",
        "2012년 12월 31일",
        "２０１２－１２－３１",
        "31 Dec 2012",
        "31-Dec-2012",
        "December 31, 2012",
        "Monday, 31st December 2012",
        "2012 Dec 31",
        "31. Dezember 2012",
        "31 décembre 2012",
        "31 de diciembre de 2012",
        "31 декабря 2012",
        "31 dicembre 2012",
        "31 dezembro 2012",
        "31. desember 2012",
        "31. joulukuuta 2012",
        "31 grudnia 2012",
        "31. prosince 2012",
        "31 Aralık 2012",
        "31 грудня 2012",
        "31 Δεκεμβρίου 2012",
        "декабрь 2012",
        "0031 Dec 2012",
        "2012-12-31T00:00:00Z",
        "2012-12-31 00:00:00",
        "31.12.2012 10:15",
        "12/31/2012 10:15 PM",
    ],
)
def test_a_date_is_read_in_the_forms_that_people_write(text):
    assert readings(text) == {NEW_YEARS_EVE}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("03/04/2012", {date(2012, 4, 3), date(2012, 3, 4)}),
        ("03.04.2012", {date(2012, 4, 3), date(2012, 3, 4)}),
        ("31.12.85", {date(1985, 12, 31), date(2085, 12, 31)}),
        ("31 Dec 85", {date(1985, 12, 31), date(2085, 12, 31)}),
        ("1985", {date(1985, 12, 31)}),
        ("1984-02", {date(1984, 2, 29)}),
        ("02.1984", {date(1984, 2, 29)}),
        ("February 1984", {date(1984, 2, 29)}),
        ("19121920", {date(1920, 12, 19)}),
        ("5 maart 2012", {date(2012, 3, 5)}),
        ("5 augusti 2012", {date(2012, 8, 5)}),
        ("5. marts 2012", {date(2012, 3, 5)}),
        ("2012 Dec 30", {date(2012, 12, 30)}),
        ("1850-01-01", {date(1850, 1, 1)}),
        ("10111912", {date(1912, 11, 10), date(1912, 10, 11)}),
    ],
)
def test_a_doubtful_date_gives_every_reading(text, dates):
    assert readings(text) == dates


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "soon", "41274", "31.02.2012", "2012-31-12", "12", "1 2 3 4", "May", "May June 2012"),
        *("May 1 2 2012", "0000-00-00", "0000", "2012-13", "May 12", "31/12-2012", "1849-12-31"),
    ],
)
def test_what_is_no_date_has_no_reading(text):
    assert readings(text) == set()


@given(st.dates(min_value=date(1850, 1, 1)))
def test_every_iso_date_has_exactly_its_own_reading(day):
    assert readings(day.isoformat()) == {day}


@given(st.text())
def test_no_text_makes_the_reader_fail(text):
    readings(text)
    read_moment(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T10:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01T10:00:00+02:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("2026-11-01 10:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("31.12.2012", datetime(2012, 12, 31, tzinfo=UTC)),
        ("03/04/2012", None),
        ("31.12.2012 10:15", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_is_read_only_where_there_is_no_doubt(text, moment):
    assert read_moment(text) == moment


def test_a_time_without_an_offset_is_a_time_in_the_zone_given():
    assert read_moment("2026-07-01 10:00", ZoneInfo("Europe/Berlin")) == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_a_moment_before_all_time_is_no_moment():
    assert read_moment("0001-01-01", timezone(timedelta(hours=14))) is None
