"""Delivering: messages claimed ahead, written, handed over on several lines at once, and settled."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from campaigns.mail.pacing import Pace
from campaigns.mail.smtp import Relay
from campaigns.sending.books import LEASE, Books
from campaigns.sending.crews import Crew, Way
from campaigns.sending.desks import Desk
from campaigns.sending.silences import SILENT_SECONDS
from campaigns.sending.speedometers import Speedometer
from campaigns.sending.tasks import Task
from campaigns.sending.vigils import BEATS_OF_SILENCE, Vigil, name_of
from campaigns.storage.mailings import WORK
from campaigns.storage.senders import SenderState, Sign
from core.bells import Bell

__all__ = ["BEATS_OF_SILENCE", "LEASE", "Books", "Delivery", "Vigil", "Way", "name_of"]

log = logging.getLogger("heedful.sender")

BEAT_SECONDS = 1.0
IDLE_SECONDS = 0.5
HUNG_SECONDS = 2.0
"""How often an idle sender looks for work: by itself, and where a bell wakes it besides."""
DRAIN_SECONDS = 8.0
"""How long a line may wait for the answer to its dot once the sender stops; then nobody knows what became of it.

Well below the seconds after which `heedful run` kills its parts.
"""
LAST_SECONDS = 30.0
LONGEST_PAUSE = 60.0
A_LINE = 25
"""Messages claimed ahead for each line: about two seconds of work."""
A_CLAIM = 400
"""The most that are claimed at once: while a claim is at work, permits wait on SQLite, and lines everywhere."""


class Delivery:
    """The loop: one task feeds, one each line works, one beats; `stop` lets what is begun end.

    Args:
        books: the sender's side of the database.
        open_line: opens a line to the one server there is; or the ways to several.
        lines: to the one server.
        rate: most messages a second; 0 for no limit.
    """

    def __init__(
        self, books: Books, open_line: Callable[[], Relay] | Sequence[Way], *, lines: int = 1, rate: float = 0.0
    ) -> None:
        ways = [Way("relay", open_line, lines)] if callable(open_line) else list(open_line)
        self.books = books
        self.vigil = Vigil(books.database, books.now, own=books.sender_id)
        lines = sum(way.lines for way in ways)
        ahead = lines * A_LINE if not rate else max(lines, int(rate * 2))
        self.most = min(ahead, A_CLAIM)
        self.stopping = asyncio.Event()
        self.roused = asyncio.Event()  # there may be something new: a message, an end, nothing more in hand
        self.hungry = asyncio.Event()  # the lines have little left
        self.ended = asyncio.Event()
        self.enough = {way.name: max(ahead * way.lines // lines // 2, 1) for way in ways}
        self.desk = Desk(books, low=min(self.enough.values()), hungry=self.hungry.set, idle=self.roused.set)
        self.pace = Pace(rate, self.stopping)
        self.tempo = Speedometer()
        self.silent_seconds = SILENT_SECONDS
        self.drain_seconds = DRAIN_SECONDS
        self.bell = Bell(books.database, WORK, self._hears)
        self.crews = {way.name: Crew(way, self.desk, self.pace) for way in ways}

    def stop(self) -> None:
        """Begin nothing more."""
        self.stopping.set()
        self.roused.set()
        self.hungry.set()

    async def run(self, *, until_idle: bool = False) -> None:
        """Send until stopped, or until nothing is due."""
        self._loop = asyncio.get_running_loop()
        if not until_idle:
            self.bell.hang()
        heart = asyncio.create_task(self._beat())
        workers = [asyncio.create_task(crew.work()) for crew in self.crews.values() for _ in range(crew.way.lines)]
        try:
            await self._feed(until_idle=until_idle)
        finally:
            self.stopping.set()
            await self._end(workers, heart)

    async def _end(self, workers: Sequence["asyncio.Task[None]"], heart: "asyncio.Task[None]") -> None:
        """Give back what was not handed over, wait a little for answers to dots, and say what nobody knows."""
        given_back, unknown = self.desk.given_back, self.desk.unknown
        for crew in self.crews.values():
            crew.end()
        _ended, late = await asyncio.wait(workers, timeout=self.drain_seconds)
        for worker in late:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await asyncio.to_thread(self.bell.take_down)
        if left := await self.desk.close(LAST_SECONDS):
            log.error("outcomes were not recorded; they will be unknown or planned again", extra={"number": left})
        self.ended.set()
        await heart
        rest = await asyncio.to_thread(self.books.finish, let_all_go=True)
        told = {"given_back": self.desk.given_back - given_back + rest, "unknown": self.desk.unknown - unknown}
        if any(told.values()):
            log.warning("the sender stopped before all was sent", extra=told)

    async def _feed(self, *, until_idle: bool) -> None:
        """Claim ahead of the lines, so that they never wait for it."""
        pause, worked = IDLE_SECONDS, False
        while not self.stopping.is_set():
            self.roused.clear()
            self.hungry.clear()
            full = self._full
            if len(full) == len(self.crews) or self._is_away:
                await _within(IDLE_SECONDS, self.roused if self._is_away else self.hungry)
                continue
            try:
                tasks = await asyncio.to_thread(self.books.claim, self.most, full)
                if not tasks and self.desk.is_idle and not self._waiting:
                    if until_idle and not (self.vigil.wake.goes_on or self.books.traffic.holds_back):
                        return
                    if worked:
                        await asyncio.to_thread(self.books.finish, let_all_go=False)
                    worked = False
            except DBAPIError as error:
                log.warning("the database does not answer", extra={"kind": type(error).__name__, "seconds": pause})
                await _within(pause, self.stopping)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause, worked = IDLE_SECONDS, worked or bool(tasks)
            self._hand_out(tasks)
            if not tasks:
                hung = self.bell.works and not self.books.traffic.holds_back
                await _within(HUNG_SECONDS if hung else IDLE_SECONDS, self.roused)

    def _hears(self) -> None:
        """There is new work; called in the bell's thread."""
        self._loop.call_soon_threadsafe(self.roused.set)

    def _hand_out(self, tasks: list[Task]) -> None:
        self.desk.halted -= {task.claim.mailing_id for task in tasks}
        for task in tasks:
            self.crews[task.relay].backlog.put(task)

    @property
    def _waiting(self) -> int:
        return sum(len(crew.backlog) for crew in self.crews.values())

    @property
    def _full(self) -> frozenset[str]:
        """The servers whose lines have enough for now."""
        return frozenset(name for name, crew in self.crews.items() if len(crew.backlog) > self.enough[name])

    @property
    def _is_away(self) -> bool:
        return self.books.traffic.is_shut()

    async def _beat(self) -> None:
        last = False
        while not last:
            last = self.ended.is_set()  # then once more, with what was done in all
            if not self.stopping.is_set():
                for crew in self.crews.values():
                    crew.listen(self.silent_seconds)
            try:
                await asyncio.to_thread(self._say_that_it_lives, self._sign())
            except DBAPIError:
                log.warning("the sender could not say that it lives")
            await _within(BEAT_SECONDS, self.ended)

    def _say_that_it_lives(self, sign: Sign) -> None:
        self.books.beat(sign)
        # also where no message comes as far as a permit, which would say so: a server may refuse each
        self._loop.call_soon_threadsafe(self.desk.halted.update, self.books.halted())
        self.vigil.bury_the_dead()

    def _sign(self) -> Sign:
        rate = self.tempo.rate(self.desk.handed_over, asyncio.get_running_loop().time())
        if self.stopping.is_set():
            return Sign(SenderState.DRAINING, rate, self.desk.handed_over)
        if self._is_away:
            return Sign(SenderState.AWAY, rate, self.desk.handed_over)
        idle = self.desk.is_idle and not self._waiting
        return Sign(SenderState.IDLE if idle else SenderState.SENDING, rate, self.desk.handed_over)


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Wait for the event, so long at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
