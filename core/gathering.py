"""Requests that come at the same moment answered by one act in a thread, such as one database transaction."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Generic, TypeVar

LINGER = 0.002
"""Seconds that a request waits for the company of those that are about to come."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
"""Seconds between tries of what must be recorded."""
HOME_SECONDS = 10.0
MOST = 200

_log = logging.getLogger("heedful.core")

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
_Batch = list[tuple[Asked, asyncio.Future[Answer] | None]]


class Gathering(Generic[Asked, Answer]):
    """A desk with one clerk, a thread: while he works on some requests, the next ones wait and are taken together.

    Everything but the act itself happens in the event loop. `about_to_ask` tells how many are about to hand something
    in: for them a free clerk waits, but no longer than `LINGER`. `at_rest` is called when nothing is left to do.
    """

    def __init__(
        self,
        act: Callable[[Sequence[Asked]], Sequence[Answer]],
        *,
        most: int = MOST,
        about_to_ask: Callable[[], int] = lambda: 0,
        at_rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._act = act
        self._most = self._told_most = most
        self._about_to_ask = about_to_ask
        self._at_rest = at_rest
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer] | None]] = deque()
        self._later: deque[Asked] = deque()  # what must be recorded and could not be: after a pause
        self._pause = 0.0
        self._work: SimpleQueue[_Batch[Asked, Answer] | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clerk: threading.Thread | None = None
        self._at_work: _Batch[Asked, Answer] = []
        self._timer: asyncio.TimerHandle | None = None
        self._empty = asyncio.Event()
        self._empty.set()
        self._acts = self._requests = self._largest = 0

    def ask(self, asked: Asked) -> asyncio.Future[Answer]:
        """Hand in one request; what the act raises is raised to all it worked on."""
        loop = self._loop or self._open()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._hand_in(asked, answer)
        return answer

    def tell(self, asked: Asked) -> None:
        """Hand in what only has to be recorded: kept, with growing pauses, until the act takes it."""
        self._empty.clear()
        self._hand_in(asked, None)

    async def rest(self, seconds: float) -> int:
        """Wait until everything is recorded, or so long; how many requests are left."""
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            pass
        return self.left

    @property
    def left(self) -> int:
        """How many requests are not answered or recorded yet."""
        return len(self._waiting) + len(self._at_work) + len(self._later)

    def told(self) -> dict[str, int]:
        """How often the act was done, on how many requests, and on how many at most at once."""
        return {"acts": self._acts, "requests": self._requests, "largest": self._largest}

    def close(self) -> None:
        """Send the clerk home, once he has ended what he is doing; who does not come is left behind."""
        if self._clerk is not None:
            self._work.put(None)
            self._clerk.join(HOME_SECONDS)
            self._clerk = self._loop = None

    def _open(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.get_running_loop()
        self._clerk = threading.Thread(target=self._serve, name="clerk", daemon=True)
        self._clerk.start()
        return self._loop

    def _hand_in(self, asked: Asked, answer: asyncio.Future[Answer] | None) -> None:
        self._waiting.append((asked, answer))
        if not self._at_work:
            self._decide()

    def _decide(self) -> None:
        """Begin now if nobody else is about to come, else in a moment."""
        loop = self._loop or self._open()
        if not self._about_to_ask() or len(self._waiting) >= self._most:
            self._begin()
        elif self._timer is None:
            self._timer = loop.call_later(LINGER, self._begin)

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._at_work or not self._waiting:
            return
        number = min(len(self._waiting), self._most)
        self._at_work = [self._waiting.popleft() for _ in range(number)]
        self._acts, self._requests = self._acts + 1, self._requests + number
        self._largest = max(self._largest, number)
        self._work.put(self._at_work)

    def _serve(self) -> None:
        """The clerk's day, in a thread of his own."""
        loop = self._loop
        assert loop is not None
        while (batch := self._work.get()) is not None:
            try:
                answers: Sequence[Answer] = self._act([asked for asked, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
                loop.call_soon_threadsafe(self._failed, batch, error)
            else:
                loop.call_soon_threadsafe(self._answered, batch, answers)

    def _answered(self, batch: _Batch[Asked, Answer], answers: Sequence[Answer]) -> None:
        for (_, waiting), answer in zip(batch, answers, strict=True):
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)
        self._pause, self._told_most = 0.0, self._most
        self._next()

    def _failed(self, batch: _Batch[Asked, Answer], error: Exception) -> None:
        again = [asked for asked, waiting in batch if waiting is None]
        for _, waiting in batch:
            if waiting is not None and not waiting.done():
                waiting.set_exception(error)
        if again:
            self._try_again(again, error)
        self._next()

    def _try_again(self, again: list[Asked], error: Exception) -> None:
        """Keep what must be recorded; in smaller and smaller parts, so that one bad part holds up no good one."""
        if not self._later:
            self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
            self._told_most = max(self._told_most // 2, 1)
            tell = _log.warning if self._pause >= LONGEST_PAUSE else _log.debug  # one line for what lasts
            tell("recorded later", extra={"kind": type(error).__name__, "seconds": self._pause, "number": len(again)})
            assert self._loop is not None
            self._loop.call_later(self._pause, self._take_up)
        self._later.extend(again)

    def _take_up(self) -> None:
        for _ in range(min(len(self._later), self._told_most)):
            self._waiting.append((self._later.popleft(), None))
        if self._later and self._loop is not None:
            self._loop.call_later(FIRST_PAUSE, self._take_up)
        if not self._at_work:
            self._begin()

    def _next(self) -> None:
        self._at_work = []
        if self._waiting:
            self._decide()
        elif not self._later:
            self._empty.set()
            self._at_rest()
