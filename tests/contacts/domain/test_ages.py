"""P23: whoever may be a child is one; nobody becomes an adult by a doubtful date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.ages import Age, judge_age

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1985-05-01", Age.ADULT),
        ("2010-11-22", Age.ADULT),
        ("2010-11-23", Age.CHILD),
        ("2015", Age.CHILD),
        ("2010", Age.CHILD),
        ("2009", Age.ADULT),
        ("2026-11-22", Age.CHILD),
        ("12/05/12", Age.CHILD),
        ("11/12/2010", Age.CHILD),  # 11 December 2010 is fifteen, 12 November 2010 is sixteen
        ("12/05/31", Age.ADULT),  # 2031 has not come, so 1931 is meant
        ("2031-01-01", Age.UNREADABLE),
        ("1850-01-01", Age.UNREADABLE),
        ("1896-11-22", Age.UNREADABLE),
        ("1896-11-23", Age.ADULT),
        ("about 1985", Age.UNREADABLE),
        ("", Age.UNREADABLE),
    ],
)
def test_p23_a_birth_date_says_child_or_not(born, age):
    assert judge_age(born, AT) is age


def test_p23_a_birthday_counts_when_it_has_come_everywhere():
    assert judge_age("2010-11-22", datetime(2026, 11, 22, 11, 59, tzinfo=UTC)) is Age.CHILD
    assert judge_age("2010-11-22", datetime(2026, 11, 22, 12, tzinfo=UTC)) is Age.ADULT


@pytest.mark.parametrize(("at", "age"), [("2024-02-29", Age.CHILD), ("2024-03-01", Age.ADULT)])
def test_p23_who_is_born_on_29_february_comes_of_age_on_1_march(at, age):
    moment = datetime.fromisoformat(f"{at}T00:00:00+00:00") - timedelta(seconds=1) + timedelta(hours=12)
    assert judge_age("2008-02-29", moment) is age


def test_the_age_limit_is_a_setting():
    assert judge_age("2012-01-01", AT, limit=13) is Age.ADULT
    assert judge_age("2012-01-01", AT, limit=18) is Age.CHILD


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 21)))
def test_p23_every_way_to_write_a_date_is_at_least_as_careful_as_the_iso_form(born):
    if judge_age(born.isoformat(), AT) is Age.CHILD:
        for form in ("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y%m%d", "%d %B %Y"):
            assert judge_age(born.strftime(form), AT) is Age.CHILD
