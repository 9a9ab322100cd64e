"""Limits in words: a cap such as 4/30 and quiet hours such as 21:00-08:00, read and told."""

import re

from contacts.domain.quiet_hours import MINUTES_A_DAY, QuietHours, as_words
from core.errors import BadInput

NONE = "none"
MOST_MESSAGES = 1000
MOST_DAYS = 366
_CAP = re.compile(r"(\d{1,6})\s*(?:/|in|per)\s*(\d{1,6})(?:\s*days?)?", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to|until)\s*(\d{1,2})[:.](\d{2})", re.IGNORECASE)

Cap = tuple[int, int]
"""At most so many messages in so many days."""


def read_cap(written: str) -> Cap | None:
    """A cap as messages/days; None for an empty text or "none".

    Raises:
        BadInput: it is neither.
    """
    text = written.strip().lower()
    if text in {"", NONE}:
        return None
    found = _CAP.fullmatch(text)
    count, days = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (0 < count <= MOST_MESSAGES and 0 < days <= MOST_DAYS):
        raise BadInput(
            f"“{written.strip()}” is no cap.",
            field="cap",
            remedy=f"Write messages/days, such as 4/30 for at most four in thirty days (at most {MOST_MESSAGES} "
            f"in {MOST_DAYS}), or none.",
        )
    return count, days


def read_quiet(written: str) -> QuietHours | None:
    """Quiet hours as from-until; None for an empty text or "none".

    Raises:
        BadInput: it is neither, or says from a time until the same time.
    """
    text = written.strip().lower()
    if text in {"", NONE}:
        return None
    found = _HOURS.fullmatch(text)
    hours = [int(part) for part in found.groups()] if found else [99, 0, 0, 0]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    on_the_clock = start < MINUTES_A_DAY and end < MINUTES_A_DAY and max(hours[1], hours[3]) < 60  # noqa: PLR2004 - minutes
    if not on_the_clock or start == end:
        raise BadInput(
            f"“{written.strip()}” are no quiet hours.",
            field="quiet",
            remedy="Write from-until on a clock of 24 hours, such as 21:00-08:00, or none.",
        )
    return QuietHours(start, end)


def tell_cap(cap: Cap | None) -> str:
    """A cap as it is read back."""
    return f"{cap[0]}/{cap[1]}" if cap else NONE


def tell_quiet(hours: QuietHours | None) -> str:
    """Quiet hours as they are read back."""
    return f"{as_words(hours.start)}-{as_words(hours.end)}" if hours else NONE
