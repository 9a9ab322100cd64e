"""Requests that come at the same moment answered by one act in a thread, such as one database transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
"""Seconds."""

_log = logging.getLogger("heedful.core")

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Gathering(Generic[Asked, Answer]):
    """A desk with one clerk: while he works on some requests, the next ones wait and are then taken together."""

    def __init__(self, act: Callable[[Sequence[Asked]], Sequence[Answer]], *, most: int = 100) -> None:
        self._act = act
        self._most = most
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._clerk: asyncio.Task[None] | None = None
        self._acts = self._requests = self._largest = 0

    async def ask(self, asked: Asked) -> Answer:
        """Hand in one request and wait for its answer; what the act raises is raised to all it worked on."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.create_task(self._work())
        return await answer

    async def insist(self, asked: Asked, *, despite: type[Exception]) -> Answer:
        """Hand in a request again and again, with growing pauses, until the act takes it."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self.ask(asked)
            except despite as error:
                told = _log.warning if pause >= LONGEST_PAUSE else _log.debug  # one line for what lasts, not for each
                told("tried again later", extra={"kind": type(error).__name__, "seconds": pause})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def told(self) -> dict[str, int]:
        """How often the act was done, on how many requests, and on how many at most at once."""
        return {"acts": self._acts, "requests": self._requests, "largest": self._largest}

    async def _work(self) -> None:
        await asyncio.sleep(0)  # let those hand in who are about to
        while self._waiting:
            taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._acts, self._requests = self._acts + 1, self._requests + len(taken)
            self._largest = max(self._largest, len(taken))
            try:
                answers = await asyncio.to_thread(self._act, [asked for asked, _ in taken])
            except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
                for _, waiting in taken:
                    if not waiting.done():
                        waiting.set_exception(error)
                continue
            for (_, waiting), answer in zip(taken, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)
