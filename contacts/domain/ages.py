"""Judges from a birth date whether a person is a child, so that the import keeps the answer, not the date (P23)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from contacts.domain.dates import readings

AGE_LIMIT = 16
_OLDEST = 130
# A birthday has come everywhere only when it has come at the dateline's western side (UTC-12).
_LAST_ZONE = timedelta(hours=12)


class Age(StrEnum):
    """What a birth date says about a person."""

    CHILD = "child"
    ADULT = "adult"
    UNREADABLE = "unreadable"


def judge_age(birth_date: str, at: datetime, limit: int = AGE_LIMIT) -> Age:
    """Say whether somebody born then is a child at that moment, that is, younger than ``limit`` years.

    Doubt counts as a child: a date with two readings, as ``03/04/2012``, is judged by the younger one; a birthday
    counts once it has come in every time zone; somebody born on 29 February has it on 1 March in other years.
    A date in the future, one 130 years ago and one that cannot be read are unreadable, and the caller must not
    take the person for an adult.
    """
    today = (at - _LAST_ZONE).date()
    ages = [_age(born, today) for born in readings(birth_date) if born <= at.date()]
    possible = [age for age in ages if age < _OLDEST]
    if not possible:
        return Age.UNREADABLE
    return Age.CHILD if min(possible) < limit else Age.ADULT


def _age(born: date, today: date) -> int:
    """Give the age in completed years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
