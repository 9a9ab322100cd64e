"""Quiet hours: the time of day, where a person lives, at which no mail is handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class QuietHours:
    """From one minute of the day up to another, past midnight where the second is the smaller."""

    start: int
    end: int

    def covers(self, minute: int) -> bool:
        """Whether a minute of the day is quiet."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def minute_in(zone: str, at: datetime) -> int:
    """The minute of the day in a zone."""
    local = at.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def is_quiet(hours: QuietHours, zone: str, at: datetime) -> bool:
    """Whether it is quiet in a zone now."""
    return hours.covers(minute_in(zone, at))


@lru_cache(maxsize=64)
def _zones_at(hours: QuietHours, minute_of_epoch: int) -> frozenset[str]:
    at = datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(minutes=minute_of_epoch)
    return frozenset(zone for zone in known_zones() if is_quiet(hours, zone, at))


def quiet_zones(hours: QuietHours, at: datetime) -> frozenset[str]:
    """The zones of the world where it is quiet now; kept for the minute."""
    return _zones_at(hours, int(at.timestamp() // 60))


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The names of zones that people can have; other names count as the house's own zone."""
    return frozenset(zone for zone in available_timezones() if zone != "localtime")


def zone_of(written: str, house_zone: str) -> str:
    """The zone that a person's hours are judged in: their own where it is one that is known, else the house's."""
    return written if written in known_zones() else house_zone


def quiet_until(hours: QuietHours, zone: str, at: datetime) -> datetime:
    """When it is no longer quiet in a zone; `at` itself where it is not quiet.

    Looked for minute by minute in the zone's own time, so that a change of the clocks at night is heeded.
    """
    moment = at
    while is_quiet(hours, zone, moment) and moment - at < timedelta(days=1):
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment


@lru_cache(maxsize=2048)
def _awake_from(rules: frozenset[QuietHours], zone: str, at: datetime) -> datetime:
    moment = at
    for _ in range(2 * len(rules)):  # the end of one may lie within another
        moment = max((quiet_until(hours, zone, moment) for hours in rules), default=moment)
    return moment


def awake_from(rules: Iterable[QuietHours], zone: str, at: datetime) -> datetime:
    """When none of these quiet hours holds any more in a zone; `at` itself where none does. Kept for the minute."""
    wanted = frozenset(rules)
    if not any(is_quiet(hours, zone, at) for hours in wanted):
        return at
    return _awake_from(wanted, zone, at.replace(second=0, microsecond=0))


def minutes_left(rules: Iterable[QuietHours]) -> int:
    """How many minutes of a day are left for mail where all of these hold."""
    wanted = list(rules)
    return sum(not any(hours.covers(minute) for hours in wanted) for minute in range(MINUTES_A_DAY))


def as_words(minute: int) -> str:
    """A minute of the day as on a clock: 21:05."""
    return f"{minute // 60:02}:{minute % 60:02}"
