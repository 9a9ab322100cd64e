"""From “2026-12-01 09:00” in a named zone to an aware UTC moment, daylight saving time told; for scheduling."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from core.errors import BadInput
from core.language import gettext as _

NOW = "now"
"""What may be written instead of a moment: as soon as it is scheduled."""

GRACE = timedelta(minutes=10)
"""A moment this far in the past still counts as “now”: forms take a while to fill in."""


FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years that a moment can be in; what lies outside was mistyped, and near the ends of time no zone can be told."""


@dataclass(frozen=True)
class Appointment:
    """A planned moment, the zone it was meant in, and what the operator should know about it."""

    at: datetime
    zone: str
    note: str = ""

    @property
    def local(self) -> datetime:
        """The moment on the wall clock of its zone."""
        return self.at.astimezone(ZoneInfo(self.zone))


def zone_named(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name.

    Raises:
        BadInput: with the nearest names when there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(name, sorted(available_timezones()), n=3, cutoff=0.5)
        hint = ", ".join(near) or "Europe/London, America/New_York, UTC"
        raise BadInput(
            _("There is no time zone “{name}”.").format(name=name),
            field="zone",
            remedy=_("Use an IANA name such as {hint}.").format(hint=hint),
        ) from None


def read_moment(written: str | datetime) -> datetime:
    """Read “2026-12-01 09:00”, with or without T, seconds or an offset; naive unless an offset is written.

    Raises:
        BadInput: when it is no moment, a date without a time, or far outside of what anybody plans.
    """
    moment = written if isinstance(written, datetime) else _parsed(written)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadInput(
            _("“{written}” is too far away.").format(written=written),
            field="at",
            remedy=_("Choose a moment in the years {first} to {last}.").format(first=FIRST_YEAR, last=LAST_YEAR),
        )
    return moment


def _parsed(written: str) -> datetime:
    tidy = written.strip()
    try:
        moment = datetime.fromisoformat(tidy)
    except ValueError:
        moment = None
    if moment is None or len(tidy) <= len("2026-12-01"):
        raise BadInput(
            _("“{written}” is not a date and time.").format(written=written),
            field="at",
            remedy=_("Write it as 2026-12-01 09:00."),
        )
    return moment


def appoint(written: str | datetime, zone: str, at: datetime, grace: timedelta = GRACE) -> Appointment:
    """Turn a written local moment into an appointment.

    A time that the spring change skips becomes the same distance after it; a time that the autumn change
    repeats is its first occurrence; the note says so. A moment within `grace` before `at` becomes `at`.

    Raises:
        BadInput: for an unknown zone, an unreadable moment, or one that has passed.
    """
    named = zone_named(zone)
    if isinstance(written, str) and written.strip().casefold() == NOW:
        return Appointment(at, zone)
    moment = read_moment(written)
    note = ""
    if moment.tzinfo is None:
        utc, note = _from_wall_clock(moment, named, zone)
    else:
        utc = moment.astimezone(UTC)
    if utc < at - grace:
        raise BadInput(
            _("{moment} ({zone}) has passed.").format(moment=_shown(utc.astimezone(named)), zone=zone),
            field="at",
            remedy=_("Choose a moment in the future; it is {now} there now.").format(now=_shown(at.astimezone(named))),
        )
    return Appointment(max(utc, at), zone, note)


def _from_wall_clock(wall: datetime, zone: ZoneInfo, name: str) -> tuple[datetime, str]:
    first = wall.replace(tzinfo=zone, fold=0)
    second = wall.replace(tzinfo=zone, fold=1)
    utc = first.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != wall:
        return utc, _("{wall} does not exist in {zone}: the clocks go forward. {real} is taken.").format(
            wall=_shown(wall), zone=name, real=_shown(utc.astimezone(zone))
        )
    if first.utcoffset() != second.utcoffset():
        return utc, _("{wall} happens twice in {zone}: the clocks go back. The first time is taken.").format(
            wall=_shown(wall), zone=name
        )
    return utc, ""


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
