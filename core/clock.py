"""The one place that reads the time; everything else is told it."""

import time
from datetime import UTC, datetime

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds on a clock that nobody sets, and that goes on while the machine sleeps (Linux: CLOCK_BOOTTIME)."""
    return time.clock_gettime(_CLOCK)
