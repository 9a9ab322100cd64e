"""Crews: the lines to one mail server, each worked by one task, and the messages that wait for them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from campaigns.mail.pacing import Pace
from campaigns.mail.smtp import Relay
from campaigns.sending.backlogs import Backlog
from campaigns.sending.crossings import Crossing
from campaigns.sending.desks import Desk
from campaigns.sending.endings import not_written
from campaigns.sending.silences import SILENT_SECONDS, Silences
from campaigns.sending.tasks import Letter, Task
from campaigns.storage.handovers import Begone
from core.errors import BadInput

log = logging.getLogger("heedful.sender")

LINE_SECONDS = 1.0
"""How long a line waits that alone does not reach its server."""


@dataclass(frozen=True)
class Way:
    """A mail server: how a line to it is opened, and how many there are."""

    name: str
    open_line: Callable[[], Relay]
    lines: int


class Crew:
    """The lines to one server; `backlog` holds what is claimed for them."""

    def __init__(self, way: Way, desk: Desk, pace: Pace) -> None:
        self.way = way
        self.name = way.name
        self.desk = desk
        self.pace = pace
        self.backlog = Backlog(way.lines)
        self.silences = Silences(way.lines)

    @property
    def is_away(self) -> bool:
        """Whether the server is left alone for a while."""
        return self.desk.traffic.pause_of(self.name) > 0

    async def work(self) -> None:
        """Work one line until told to end."""
        line, waiting, desk, backlog = self.way.open_line(), None, self.desk, self.backlog
        self.silences.join(line)
        try:
            while task := waiting or backlog.take() or await backlog.next():
                desk.hungry_below(len(backlog))
                desk.busy += 1
                try:
                    waiting = await self._take(line, task)
                except Exception:
                    log.exception("a message was left", extra={"number": task.number})
                    desk.record(Begone(task.number))
                    waiting = None
                finally:
                    desk.busy -= 1
                    desk.look_up()
        finally:
            await line.close()

    def listen(self, seconds: float = SILENT_SECONDS) -> None:
        """Leave a server alone that kept every line waiting so long; others get what waits for it, lines go on."""
        traffic, name, silent = self.desk.traffic, self.name, self.silences.seconds()
        if silent >= seconds:
            said = f"The mail server does not answer: {silent:.0f} seconds without a word on any line."
            if traffic.falls_silent(name, said):
                log.warning("the mail server does not answer", extra={"relay": name, "seconds": round(silent)})
            self.give_back()
        elif name in traffic.silent:
            traffic.silent.discard(name)
            log.info("the mail server is tried again", extra={"relay": name})

    def give_back(self) -> None:
        """Give back what waits for a line; nothing of it was begun."""
        traffic = self.desk.traffic
        after = traffic.pause_of(self.name) if traffic.is_shut() else 0.0
        for task in self.backlog.take_all():
            traffic.give_back(task.relay, task.claim.contact.address, task.day)
            self.desk.record(Begone(task.number, after))

    def end(self) -> None:
        """Give back what was not begun, drop lines that have no permit, and let the others end."""
        self.give_back()
        self.silences.break_off()
        self.backlog.end()

    async def _take(self, line: Relay, task: Task | Letter) -> Task | Letter | None:
        """Bring one message to its end; the next one, where it was begun meanwhile."""
        if self._lets_go(task):
            return None
        if not isinstance(task, Letter):
            await self.pace.turn()
            if self._lets_go(task):
                return None
            letter = await self._written(line, task)
            if letter is None:
                return None
            task = letter
        crossing = Crossing(self, line, task)
        reply = await crossing.run()
        if not reply.reached and not self.is_away:
            await self.pace.wait(LINE_SECONDS)  # others reach the server: it is this line that it does not want
        return crossing.next

    def _lets_go(self, task: Task | Letter) -> bool:
        """Let go what is not to be begun any more: the sender stops, the server is away, the mailing was halted."""
        claimed = task.task if isinstance(task, Letter) else task
        claim, rest = claimed.claim, self.desk.traffic.rest_for(claimed.claim.contact.address)
        if not (rest or self.pace.stopping.is_set() or self.is_away or claim.mailing_id in self.desk.halted):
            return False
        self.desk.traffic.give_back(claimed.relay, claim.contact.address, claimed.day)
        if not self.pace.stopping.is_set():  # else all that is left is let go at once, at the end
            self.desk.record(Begone(claim.message_id, rest))
        return True

    async def _written(self, line: Relay, task: Task) -> Letter | None:
        with self.silences.waiting(line):
            utf8 = _beyond_ascii(task) and await line.takes_utf8()
        return self._write(task, utf8=utf8)

    def _write(self, task: Task, *, utf8: bool = False) -> Letter | None:
        """Write a message; None if that cannot be done, which is recorded."""
        try:
            return self.desk.written(task, utf8=utf8)
        except BadInput as error:
            self.desk.record(not_written(task, error))
            return None

    def next_letter(self) -> Task | Letter | None:
        """Begin the next message while the last one waits; None where nothing waits, or messages have their turns."""
        if self.pace.rate or self.pace.stopping.is_set() or self.is_away:
            return None
        found = self.backlog.ahead(self._ahead)
        # it may have been written before its mailing was halted, or its provider began to rest: then it is let go
        return found.task if isinstance(found, Letter) and self._is_held_back(found.task) else found

    def _ahead(self, task: Task) -> Task | Letter | None:
        """Write a message ahead; the task where its line must see to it."""
        return task if self._is_held_back(task) or _beyond_ascii(task) else self._write(task)

    def _is_held_back(self, task: Task) -> bool:
        claim = task.claim
        return claim.mailing_id in self.desk.halted or self.desk.traffic.rest_for(claim.contact.address) > 0


def _beyond_ascii(task: Task) -> bool:
    address = task.claim.contact.address
    return not address.isascii() and not address.rpartition("@")[0].isascii()
