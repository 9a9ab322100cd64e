"""Hours in a form: days to tick and two times, read as a window is written, and a window shown in them again."""

from dataclasses import dataclass

from campaigns.domain.windows import ALL_DAY, DAYS, Window, as_clock, read_window
from core.errors import BadInput
from core.language import gettext as _
from core.web.visits import Visit

DAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
DAY_CHOICES = tuple(zip(DAYS, DAY_NAMES, strict=True))


@dataclass(frozen=True)
class HourForm:
    """What stands in the fields."""

    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""

    @property
    def is_set(self) -> bool:
        """Whether mail is held to any hours."""
        return bool(self.days or self.start or self.end)


def read_hours(visit: Visit) -> str:
    """The hours as a file has them; a time that is left empty is the beginning or the end of the day."""
    days = ",".join(visit.texts("day"))
    start, end = visit.text("from"), visit.text("until")
    hours = f"{start or '00:00'}-{end or '24:00'}" if start or end else ""
    return f"{days} {hours}".strip()


def hour_form(hours: str) -> HourForm:
    """Hours as the fields show them; what cannot be read is shown as far as it goes."""
    try:
        window = read_window(hours)
    except BadInput:
        days, _blank, times = hours.rpartition(" ")
        start, _dash, end = times.partition("-")
        return HourForm(tuple(days.split(",")), start, end)
    return _shown(window) if window else HourForm()


def _shown(window: Window) -> HourForm:
    days = tuple(name for number, name in enumerate(DAYS) if number in window.days)
    if (window.start, window.end) == (0, ALL_DAY):
        return HourForm(days)
    return HourForm(days, as_clock(window.start), as_clock(window.end % ALL_DAY))
