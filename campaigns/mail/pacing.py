"""How fast one sender goes: so many messages a second."""

import asyncio
import contextlib


class Pace:
    """One sender's pace, shared by its lines; `rate` in messages a second, 0 for no limit."""

    def __init__(self, rate: float, stopping: asyncio.Event) -> None:
        self.rate = rate
        self.stopping = stopping
        self._slot = 0.0

    async def turn(self) -> None:
        """Wait for the next message's turn; when the sender stops, at once."""
        if self.rate:
            self._slot = max(self._slot + 1 / self.rate, _now())
            await self.wait(self._slot - _now())

    async def wait(self, seconds: float) -> None:
        """Wait, unless the sender stops."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), max(seconds, 0))


def _now() -> float:
    return asyncio.get_running_loop().time()
