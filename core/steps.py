"""Steps: notices that the machine's clock was set back, by the one that nobody sets; for whoever keeps moments."""

from collections.abc import Callable
from datetime import datetime

from core.clock import elapsed, now

STEP_SECONDS = 2.0
"""From when on a clock was set and does not only drift."""


class Steps:
    """Reads the clock of the day, and remembers how far ahead it was at most; used by several threads."""

    def __init__(self, read_clock: Callable[[], datetime] = now, read_ticks: Callable[[], float] = elapsed) -> None:
        self._read_clock = read_clock
        self._read_ticks = read_ticks
        self._furthest = self.ahead(read_clock())

    def ahead(self, at: datetime) -> float:
        """By how much that moment, which is now, is ahead of the clock that nobody sets, in seconds."""
        return at.timestamp() - self._read_ticks()

    def now(self) -> datetime:
        """This moment; whatever is reckoned from it is known to have been, should the clock be set back."""
        at = self._read_clock()
        if (ahead := at.timestamp() - self._read_ticks()) > self._furthest:
            self._furthest = ahead
        return at

    def set_back(self) -> float:
        """By how many seconds it was set back since it was furthest ahead; 0 where it was not."""
        back = self._furthest - self.ahead(self._read_clock())
        return back if back > STEP_SECONDS else 0.0

    def settled(self) -> None:
        """What the last step asked for is done."""
        self._furthest = self.ahead(self._read_clock())
