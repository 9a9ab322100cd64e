"""Reads the dates that people write in tables, for birth dates and for the time a consent was given."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import cache

from babel import Locale
from babel.dates import get_month_names

_YEAR_FIRST = re.compile(r"(\d{4})([-./ ])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./ ])(\d{1,2})\2(\d{4}|\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_COMPACT_YEAR_LAST = re.compile(r"(\d{2})(\d{2})(\d{4})")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_YEAR_ONLY = re.compile(r"\d{4}")
_YEAR_MONTH = re.compile(r"(\d{4})[-./](\d{1,2})|(\d{1,2})[./](\d{4})")
_TIME_OF_DAY = re.compile(r"[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?|Z|[+-]\d{2}:?\d{2})?$")
_FIGURE = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_MONTHS_IN = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "tr", "ru", "uk", "el")
_CENTURIES = (1900, 2000)
_FIRST_YEAR = 1850


def readings(text: str) -> frozenset[date]:
    """Give every date that the text can mean; none where it means no date.

    ``03/04/2012`` can be in March and in April; a year or a month alone stands for its last day; a two-digit
    year can be in either century; nothing before 1850 is meant.
    """
    plain = _TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    return frozenset(day for day in _candidates(plain) if day.year >= _FIRST_YEAR)


def read_moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Give the one moment that the text means, in UTC; None where it means none or more than one.

    A date alone is the start of that day, and a time without an offset is a time in ``zone``.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(plain)
    if moment is None:
        dates = readings(plain)
        if len(dates) != 1 or _TIME_OF_DAY.search(plain):
            return None
        moment = datetime.combine(next(iter(dates)), datetime.min.time())
    with suppress(OverflowError, ValueError):
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return None


def _candidates(plain: str) -> Iterator[date]:
    if match := _YEAR_FIRST.fullmatch(plain):
        yield from _dates(match[1], match[3], match[4])
        return
    if match := _EAST_ASIAN.fullmatch(plain) or _COMPACT.fullmatch(plain):
        yield from _dates(match[1], match[2], match[3])
    if match := _COMPACT_YEAR_LAST.fullmatch(plain):
        yield from _dates(match[3], match[2], match[1])
        yield from _dates(match[3], match[1], match[2])
    if match := _YEAR_LAST.fullmatch(plain):
        yield from _dates(match[4], match[3], match[1])
        yield from _dates(match[4], match[1], match[3])
    if _YEAR_ONLY.fullmatch(plain):
        yield from _last_day(plain, "12")
    if match := _YEAR_MONTH.fullmatch(plain):
        yield from _last_day(match[1] or match[4], match[2] or match[3])
    yield from _with_month_name(plain)


def _dates(year: str, month: str, day: str) -> Iterator[date]:
    """Give the date, or both centuries' dates for a year of two digits, where the calendar has them."""
    for century in _CENTURIES if len(year) == len("99") else (0,):
        with suppress(ValueError):
            yield date(century + int(year), int(month), int(day))


def _last_day(year: str, month: str) -> Iterator[date]:
    with suppress(ValueError):
        yield date(int(year), int(month), monthrange(int(year), int(month))[1])


def _with_month_name(plain: str) -> Iterator[date]:
    """Read ``31 Dec 2012``, ``December 31, 2012``, ``31. Dezember 2012`` and ``31 de diciembre de 2012``."""
    if not _FIGURE.search(plain):
        return
    months = {_month_names()[word] for word in _WORD.findall(plain.casefold()) if word in _month_names()}
    figures = re.findall(r"\d+", plain)
    if len(months) != 1:
        return
    month, year, rest = str(next(iter(months))), figures[-1], figures[:-1]
    if len(year) < len("1999") and len(figures[0]) == len("1999"):
        year, rest = figures[0], figures[1:]
    if len(rest) == 1:
        yield from _dates(year, month, rest[0])
    elif not rest and len(year) == len("1999"):
        yield from _last_day(year, month)


@cache
def _month_names() -> dict[str, int]:
    """Give the month's number for each name and short name in the languages read, case-folded."""
    names: dict[str, set[int]] = {}
    for tag in _MONTHS_IN:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, Locale.parse(tag)).items():
                    names.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in names.items() if len(numbers) == 1}
