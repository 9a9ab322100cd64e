"""Warm-up: how many messages a day a new server may hand over, so that mailbox providers get to know it slowly."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import BadInput
from core.language import gettext as _

LONGEST_PLAN = 366
YEARS = range(2020, 2100)
"""In which a plan begins; any other is a slip of the pen, by which no mail would ever go."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """So many messages on each day from `start` on; after the last day as many as come."""

    start: date
    steps: tuple[int, ...]

    def allowed(self, day: date) -> int | None:
        """How many messages that day may have: none before the start, None (no limit) after the plan's end."""
        number = (day - self.start).days
        if number < 0:
            return 0
        return self.steps[number] if number < len(self.steps) else None


def read_warm_up(text: str) -> WarmUp:
    """Read a plan such as 2026-11-23:50,100,500,1000.

    Raises:
        BadInput: it is no such plan, or one on whose days nothing may go.
    """
    start, colon, steps = text.partition(":")
    try:
        plan = WarmUp(date.fromisoformat(start.strip()), tuple(int(each) for each in steps.split(",")))
    except ValueError:
        plan = WarmUp(date.min, ())
    steps_told = plan.steps and len(plan.steps) <= LONGEST_PLAN and min(plan.steps) >= 0 and max(plan.steps)
    if not colon or not steps_told or plan.start.year not in YEARS:
        raise BadInput(
            _("“{plan}” is no warm-up plan.").format(plan=text),
            field="warmup",
            remedy=_("Write the first day and the messages of each day: 2026-11-23:50,100,500,1000"),
        )
    return plan


def day_in(zone: str, at: datetime) -> date:
    """The calendar day where the team lives."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_begins(zone: str, day: date) -> datetime:
    """The moment at which a day begins there; where the clock skips midnight, the first moment after it."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def next_day(zone: str, at: datetime) -> datetime:
    """The moment at which the next calendar day begins there; a day may have 23 or 25 hours."""
    return day_begins(zone, day_in(zone, at) + timedelta(days=1))
