"""How many messages a second a sender handed over lately, for its sign of life."""

from collections import deque

SECONDS = 10.0
"""The time over which a rate is told."""


class Speedometer:
    """Reads a counter now and then; tells its growth a second over the last ten."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._read: deque[tuple[float, int]] = deque()

    def rate(self, counted: int, at: float) -> float:
        """Read the counter; `at` in seconds on a clock that nobody sets."""
        self._read.append((at, counted))
        while len(self._read) > 1 and self._read[1][0] <= at - self._seconds:
            self._read.popleft()
        since, before = self._read[0]
        return (counted - before) / (at - since) if at > since else 0.0
