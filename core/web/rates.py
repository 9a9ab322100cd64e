"""Rates: how many requests one caller may make a minute; counted in this process, and kept nowhere else."""

import threading
from datetime import datetime

_FULL = 10_000
"""Callers remembered at most; those whose minute is over are forgotten first."""


class Rates:
    """A bucket for each caller that fills again evenly within a minute (token bucket)."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: dict[int, tuple[float, datetime]] = {}
        self._lock = threading.Lock()

    def take(self, caller: int, *, at: datetime) -> bool:
        """Whether one more request of this caller is taken now; one that is not costs nothing."""
        with self._lock:
            left, since = self._left.get(caller, (float(self.a_minute), at))
            refilled = max((at - since).total_seconds(), 0) * self.a_minute / 60
            left = min(left + refilled, float(self.a_minute))
            taken = left >= 1
            self._left[caller] = (left - 1 if taken else left, at)
            if len(self._left) > _FULL:
                self._forget(at)
            return taken

    def _forget(self, at: datetime) -> None:
        for caller in [each for each, (_, since) in self._left.items() if (at - since).total_seconds() >= 60]:  # noqa: PLR2004 - a minute
            del self._left[caller]
