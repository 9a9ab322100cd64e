"""How fast mail goes: so many messages a second, and pauses that grow while the mail server is away."""

import asyncio
import contextlib

LONGEST_PAUSE = 60.0
"""Seconds."""


class Pace:
    """One sender's pace, shared by its lines; `rate` in messages a second, 0 for no limit."""

    def __init__(self, rate: float, stopping: asyncio.Event) -> None:
        self.rate = rate
        self.stopping = stopping
        self._slot = 0.0
        self._away_until = 0.0
        self._misses = 0

    async def turn(self) -> None:
        """Wait for the next message's turn; when the sender stops, at once."""
        if self.rate:
            self._slot = max(self._slot + 1 / self.rate, _now())
            await self.wait(self._slot - _now())

    async def wait(self, seconds: float) -> None:
        """Wait, unless the sender stops."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), max(seconds, 0))

    def is_away(self) -> bool:
        """Whether the server was not there when it was last called, and is not to be called yet."""
        return _now() < self._away_until

    def miss(self) -> float:
        """The server is not there: how long to leave it alone, in seconds."""
        if not self.is_away():
            self._away_until = _now() + min(2.0**self._misses, LONGEST_PAUSE)
            self._misses += 1
        return self._away_until - _now()

    def hit(self) -> None:
        """The server answers."""
        self._misses = 0


def _now() -> float:
    return asyncio.get_running_loop().time()
