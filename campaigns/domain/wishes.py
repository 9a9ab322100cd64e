"""Wishes: when, at which hours and how fast a team wants a campaign to go, as it is written in files and forms."""

from dataclasses import dataclass

from campaigns.domain.speeds import read_speed
from campaigns.domain.toml_text import line_of
from campaigns.domain.windows import RECIPIENT, read_window
from core.errors import BadInput
from core.language import gettext as _


@dataclass(frozen=True)
class DraftSchedule:
    """When and how fast it should go, as written.

    A local moment and its zone, or on the clock of where each person lives (`timed_for`: "recipient"); the hours at
    which mail may go, by that zone or by the recipient's (`hours_in`: "recipient"); the most messages a minute.
    """

    at: str = ""
    zone: str = ""
    timed_for: str = ""
    hours: str = ""
    hours_in: str = ""
    rate: str = ""


def check_schedule(schedule: DraftSchedule, text: str = "") -> None:
    """Refuse hours, a rate or a choice of clock that means nothing.

    Raises:
        BadInput: naming the key, and the line where there is a file.
    """
    try:
        read_speed(schedule.rate)
        read_window(schedule.hours)
        _require_clock("timed_for", schedule.timed_for)
        _require_clock("hours_in", schedule.hours_in)
    except BadInput as wrong:
        key = str(wrong.field)
        raise BadInput(
            wrong.message, field=f"schedule.{key}", line=line_of(text, "schedule", key), remedy=wrong.remedy
        ) from None


def _require_clock(key: str, written: str) -> None:
    if written not in {"", RECIPIENT}:
        raise BadInput(
            _("The value of “{key}” must be “recipient”.").format(key=key),
            field=key,
            remedy=_("Leave it out where the campaign's own time zone is meant."),
        )
