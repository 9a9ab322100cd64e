"""Local times: one hour on the wall, met in every time zone at its own moment; for mail at people's own morning."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.domain.schedules import GRACE, NOW, Appointment, read_moment, zone_named
from campaigns.domain.windows import Window, opens
from contacts.domain.quiet_hours import known_zones
from core.errors import BadInput
from core.language import gettext as _

_A_DAY = timedelta(days=1)


def moment_in(zone: str, wall: datetime, planned_at: datetime) -> datetime:
    """When it is that hour in a zone: on its day, or on the next where it had passed when the mailing was planned.

    An hour that the spring change skips becomes the same distance after it; one that the autumn change repeats is its
    first occurrence.
    """
    named = ZoneInfo(zone)
    moment = wall.replace(tzinfo=named).astimezone(UTC)
    while moment < planned_at - GRACE:
        wall += _A_DAY
        moment = wall.replace(tzinfo=named).astimezone(UTC)
    return moment


def appoint_locally(written: str, zone: str, at: datetime) -> tuple[Appointment, datetime]:
    """When the first zone of the world reaches a written local moment, and that moment on the wall.

    Where it has passed already, it is met on the next day; the note says that this is so for some.

    Raises:
        BadInput: it is “now”, names an offset, is unreadable, or has passed everywhere.
    """
    wall = _wall(written)
    zone_named(zone)
    there = {each: wall.replace(tzinfo=ZoneInfo(each)).astimezone(UTC) for each in known_zones()}
    if max(there.values()) < at:
        raise BadInput(
            _("{moment} has passed everywhere.").format(moment=wall.strftime("%Y-%m-%d %H:%M")),
            field="at",
            remedy=_("Choose a moment in the future."),
        )
    first = min(moment_in(each, wall, at) for each in there)
    note = ""
    if min(there.values()) < at - GRACE:
        note = _("Where it is later than that already, it goes on the next day at that hour.")
    return Appointment(max(first, at), zone, note), wall


def _wall(written: str) -> datetime:
    if written.strip().casefold() == NOW:
        raise BadInput(
            _("“now” is no hour that people could have where they live."),
            field="at",
            remedy=_("Write a moment such as 2026-12-01 09:00."),
        )
    wall = read_moment(written)
    if wall.tzinfo is not None:
        raise BadInput(
            _("A moment that is meant where each person lives names no offset."),
            field="at",
            remedy=_("Write it as 2026-12-01 09:00."),
        )
    return wall


def first_tries(
    house_zone: str, window: Window | None, wall: datetime | None, *, planned_at: datetime, at: datetime
) -> dict[str, datetime]:
    """When mail may first go to people of each zone of the world, and under "" to those whose zone is not known.

    Args:
        house_zone: where those live.
        window: the hours at which mail may go where they live; None: any.
        wall: the hour at which they are to get it, on their wall; None: as soon as may be.
        planned_at: when the mailing was planned.
        at: now; nothing goes before.
    """
    tries = {}
    for zone in known_zones():
        wished = max(moment_in(zone, wall, planned_at), at) if wall else at
        tries[zone] = opens(window, zone, wished)
    return tries | {"": tries.get(house_zone, at)}
