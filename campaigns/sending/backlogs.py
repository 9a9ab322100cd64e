"""Backlogs: what waits for the lines to one mail server, and the few of it that were written in one go."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from campaigns.sending.tasks import Letter, Task

IN_ONE_GO = 32
"""Messages written one after another: what writes them stays in the processor's cache, and each takes half the time."""


class Backlog:
    """Tasks in their order; a line that finds none waits, and is told when there is one or when it is to end."""

    def __init__(self, lines: int) -> None:
        self._lines = lines
        self._tasks: deque[Task] = deque()
        self._written: deque[Task | Letter] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._over = False

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._tasks) + len(self._written)

    def put(self, task: Task) -> None:
        """Let a task wait for a line."""
        self._tasks.append(task)
        self._call(1)

    def end(self) -> None:
        """Tell every line to end that has nothing more to take."""
        self._over = True
        self._call(len(self._waiting))

    def take(self) -> Task | Letter | None:
        """What comes next, if anything waits; what was written ahead first."""
        if self._written:
            return self._written.popleft()
        return self._tasks.popleft() if self._tasks else None

    async def next(self) -> Task | Letter | None:
        """What comes next, waited for; None once it is over."""
        while (found := self.take()) is None and not self._over:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        return found

    def ahead(self, write: Callable[[Task], Task | Letter | None]) -> Task | Letter | None:
        """What comes next, written; with it, while more wait than there are lines, the few after it.

        `write` answers None for what cannot be written, and the task itself where its line must write it.
        """
        while not self._written and self._tasks:
            for _ in range(max(min(IN_ONE_GO, len(self._tasks) - self._lines), 1)):
                letter = write(self._tasks.popleft())
                if letter is not None:
                    self._written.append(letter)
        return self._written.popleft() if self._written else None

    def take_all(self) -> Iterable[Task]:
        """Everything that waits, and waits no more; nothing of it was begun."""
        left = [each.task if isinstance(each, Letter) else each for each in self._written]
        left += self._tasks
        self._written.clear()
        self._tasks.clear()
        return left

    def _call(self, number: int) -> None:
        """Tell so many lines that wait to look again."""
        while number and self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                number -= 1
