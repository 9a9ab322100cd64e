"""Speeds: the most messages a minute of one campaign, as people write it."""

import math
import re

from core.errors import BadInput
from core.language import gettext as _

FASTEST = 10_000_000.0
"""Messages a minute; above it is no limit but a slip of the pen."""

_SECONDS = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
_SPEED = re.compile(r"(\d+(?:\.\d+)?)(?:\s*(?:/|a|per)\s*(second|sec|s|minute|min|m|hour|h))?", re.IGNORECASE)
_NONE = frozenset({"", "none", "0"})


def read_speed(written: str) -> float | None:
    """Read “600”, which is a minute, “10/second” or “36000/hour” as messages a minute; “none” or nothing: no limit.

    Raises:
        BadInput: when it is none of these.
    """
    tidy = written.strip().casefold()
    if tidy in _NONE:
        return None
    found = _SPEED.fullmatch(tidy)
    speed = float(found[1]) / _unit(found[2] or "minute") if found else math.nan
    if not 0 < speed <= FASTEST:
        raise BadInput(
            _("“{written}” is no rate.").format(written=written),
            field="rate",
            remedy=_("Write messages a minute, such as 600, or 10/second; “none” for no limit."),
        )
    return speed


def tell_speed(speed: float | None) -> str:
    """Write a rate as it is read; empty where there is none."""
    if speed is None:
        return ""
    return str(int(speed)) if speed == int(speed) else repr(speed)


def _unit(word: str) -> float:
    return next(minutes for name, minutes in _SECONDS.items() if name.startswith(word[0]))
