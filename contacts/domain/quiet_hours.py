"""Quiet hours: the time of day, where a person lives, at which no mail is handed over."""

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


def quiet_until(hours: QuietHours, zone: str, at: datetime) -> datetime:
    """When it is no longer quiet in a zone; `at` itself where it is not quiet.

    Looked for minute by minute in the zone's own time, so that a change of the clocks at night is heeded.
    """
    moment = at
    while is_quiet(hours, zone, moment) and moment - at < timedelta(days=1):
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment
