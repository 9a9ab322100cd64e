"""Silences: which lines to one mail server wait for a word of it, and how long none of them has heard any."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from campaigns.mail.smtp import Relay
from core.clock import elapsed

SILENT_SECONDS = 15.0
"""After so long without a word on any line the server is left alone; the lines go on waiting (RFC 5321 4.5.3.2)."""


class Silences:
    """What the lines of one crew wait for; `read_clock`: seconds, on a clock that nobody sets."""

    def __init__(self, lines: int, read_clock: Callable[[], float] = elapsed) -> None:
        self._lines = lines
        self._read_clock = read_clock
        self._workers: dict[Relay, asyncio.Task[object] | None] = {}
        self._waits: dict[Relay, tuple[float, bool]] = {}  # since when, and whether for the answer to a dot

    def __len__(self) -> int:
        """How many lines wait."""
        return len(self._waits)

    def join(self, line: Relay) -> None:
        """The task that runs now works this line."""
        self._workers[line] = asyncio.current_task()

    @contextmanager
    def waiting(self, line: Relay) -> Iterator[None]:
        """Whatever the line does meanwhile, it waits for its server."""
        self.begins(line)
        try:
            yield
        finally:
            self.ends(line)

    def begins(self, line: Relay, *, dotted: bool = False) -> None:
        """The line has said something, and waits for its server's next word."""
        self._waits[line] = self._read_clock(), dotted

    def ends(self, line: Relay) -> None:
        """The line waits for its server no more."""
        self._waits.pop(line, None)

    def seconds(self) -> float:
        """For how long no line has heard anything although all of them wait; 0 where one has nothing to wait for."""
        if len(self._waits) < self._lines:
            return 0.0
        return self._read_clock() - max(max(since, line.heard_at) for line, (since, _) in self._waits.items())

    def break_off(self) -> None:
        """End the waits of all lines that have written no dot, and have no permit for one: nothing is handed over."""
        for line, (_, dotted) in list(self._waits.items()):
            worker = self._workers.get(line)
            if not dotted and worker is not None:
                worker.cancel()
