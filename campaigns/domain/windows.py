"""Windows: the weekdays and hours at which mail may go, read, told, and asked when they open next."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.errors import BadInput
from core.language import gettext as _

RECIPIENT = "recipient"
"""Instead of a time zone: where each person lives."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY = 24 * 60
_WEEK = len(DAYS)
_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")


@dataclass(frozen=True)
class Window:
    """Days of the week (0 is Monday), and from which minute of such a day up to which.

    Where `end` is not after `start`, it is the day after's: Friday from 22:00 to 02:00 ends on Saturday.
    """

    days: frozenset[int]
    start: int = 0
    end: int = ALL_DAY

    def covers(self, local: datetime) -> bool:
        """Whether a moment on the wall clock is inside."""
        day, minute = local.weekday(), local.hour * 60 + local.minute
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        began_today = day in self.days and minute >= self.start
        return began_today or ((day - 1) % _WEEK in self.days and minute < self.end)

    def next_start(self, local: datetime) -> datetime:
        """The next moment on the wall clock, after this one, at which it begins."""
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        starts = (midnight + timedelta(days=ahead, minutes=self.start) for ahead in range(_WEEK + 1))
        return next(each for each in starts if each > local and each.weekday() in self.days)


def read_window(written: str) -> Window | None:
    """Read “mon-fri 09:00-17:00”; the days or the hours may be left out, and nothing at all means at any hour.

    Raises:
        BadInput: naming what cannot be read.
    """
    days, hours = "", ""
    for word in written.replace(", ", ",").casefold().split():
        if word[0].isdigit() and not hours:
            hours = word
        elif not word[0].isdigit() and not days:
            days = word
        else:
            raise _unreadable(written)
    if not days and not hours:
        return None
    start, end = _read_hours(hours, written) if hours else (0, ALL_DAY)
    window = Window(frozenset(_read_days(days, written)) if days else frozenset(range(_WEEK)), start, end)
    return window if tell_window(window) else None


def tell_window(window: Window | None) -> str:
    """Write a window as it is read; empty where mail may go at any hour."""
    if window is None or (len(window.days) == _WEEK and window.start == window.end % ALL_DAY):
        return ""
    days = "" if len(window.days) == _WEEK else _tell_days(window.days)
    hours = "" if (window.start, window.end) == (0, ALL_DAY) else f"{as_clock(window.start)}-{as_clock(window.end)}"
    return f"{days} {hours}".strip()


def as_clock(minute: int) -> str:
    """A minute of the day as 09:05."""
    return f"{minute // 60:02}:{minute % 60:02}"


def is_open(window: Window | None, zone: str, at: datetime) -> bool:
    """Whether mail may go now, by the clocks of a zone."""
    return window is None or window.covers(at.astimezone(ZoneInfo(zone)))


def waits(hours: str, zone: str, house_zone: str, at: datetime) -> bool:
    """Whether nothing of a mailing may go now: one clock tells its hours, and by that it is closed."""
    return bool(hours) and zone != RECIPIENT and not is_open(kept_window(hours), zone or house_zone, at)


@lru_cache(maxsize=64)
def kept_window(hours: str) -> Window | None:
    """A window that was read before, and is read often."""
    return read_window(hours)


@lru_cache(maxsize=4096)
def opens(window: Window | None, zone: str, at: datetime) -> datetime:
    """The first moment from `at` on at which mail may go in a zone; `at` itself where it is open.

    Exact through a change of the clocks: where it falls between, the moment of the change is looked at by itself.
    """
    if window is None:
        return at
    named, moment = ZoneInfo(zone), at
    while not window.covers(local := moment.astimezone(named)):
        wall = local.replace(tzinfo=None)
        there = moment + (window.next_start(wall) - wall)
        moment = there if there.astimezone(named).utcoffset() == local.utcoffset() else _change(named, moment, there)
    return moment.astimezone(UTC)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """When, to the second, the clocks change between two moments of different offsets."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _read_days(written: str, whole: str) -> Iterable[int]:
    for part in written.split(","):
        first, dash, last = (each[:3] for each in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise _unreadable(whole)
        begin = DAYS.index(first)
        for ahead in range((DAYS.index(last) - begin) % _WEEK + 1 if dash else 1):
            yield (begin + ahead) % _WEEK


def _read_hours(written: str, whole: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(written)
    if found is None:
        raise _unreadable(whole)
    hour, minute, last_hour, last_minute = (int(each or 0) for each in found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if max(minute, last_minute) > 59 or start >= ALL_DAY or end > ALL_DAY:  # noqa: PLR2004 - minutes of an hour
        raise _unreadable(whole)
    return start, end


def _tell_days(days: frozenset[int]) -> str:
    """As ranges where three or more follow each other: mon-fri, or sat,sun."""
    told, day = [], 0
    while day < _WEEK:
        last = day
        while last in days and last + 1 in days:
            last += 1
        if day in days:
            told += [f"{DAYS[day]}-{DAYS[last]}"] if last - day > 1 else [DAYS[each] for each in range(day, last + 1)]
        day = last + 1
    return ",".join(told)


def _unreadable(written: str) -> BadInput:
    return BadInput(
        _("“{written}” are no hours at which mail may go.").format(written=written),
        field="hours",
        remedy=_("Write one span, such as “mon-fri 09:00-17:00”, “sat,sun 10:00-12:00” or “08:00-20:00”."),
    )
