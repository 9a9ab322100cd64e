"""The age screen of public forms: a birth date typed freely, judged and dropped, without a hint of the limit (P23)."""

import unicodedata
from datetime import date, datetime

from contacts.domain.ages import Age, judge_age
from core.errors import BadInput
from core.language import noted

_YEAR_DIGITS = 4
_LONGEST = 10


def screen(day: str, month: str, year: str, *, at: datetime, limit: int) -> Age:
    """Whether somebody who typed these is a child at that moment, that is, younger than `limit` years.

    Raises:
        BadInput: together they are no day on which a person alive can have been born; the sentence is the same for
            every way to be wrong, and nothing is counted against anybody.
    """
    try:
        born = date(_number(year, _YEAR_DIGITS), _number(month), _number(day))
    except ValueError:
        raise _unreadable() from None
    judged = judge_age(born.isoformat(), at, limit)
    if judged is Age.UNREADABLE:
        raise _unreadable()
    return judged


def _number(written: str, digits: int = 0) -> int:
    plain = unicodedata.normalize("NFKC", written[:_LONGEST]).strip().removesuffix(".")
    if not (plain.isascii() and plain.isdigit()) or (digits and len(plain) != digits):
        raise ValueError("no number")
    return int(plain)


def _unreadable() -> BadInput:
    said = noted("Please check the date: day and month as numbers, the year with four digits.")
    return BadInput(said, field="born")
