"""Crews: the lines to one mail server, each worked by one task, and the messages that wait for them."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Meant, Phase
from campaigns.mail.envelopes import Envelope
from campaigns.mail.pacing import Pace
from campaigns.mail.replying import withheld
from campaigns.mail.smtp import Relay, Reply
from campaigns.sending.desks import Desk
from campaigns.sending.endings import ending, not_written
from campaigns.sending.silences import SILENT_SECONDS, Silences
from campaigns.sending.tasks import Letter, Task
from campaigns.storage.handovers import Begone, Leave, NotHeld
from core.errors import BadInput

log = logging.getLogger("heedful.sender")

LINE_SECONDS = 1.0
"""How long a line waits that alone does not reach its server."""
PROOF_SECONDS = 2.0
"""How old a permit may be when its dot is written; others settle a dead sender's permits after three at the earliest.

See docs/decisions/0025: a process that slept between the two finds its permit too old, and drops the line.
"""


@dataclass(frozen=True)
class Way:
    """A mail server: how a line to it is opened, and how many there are."""

    name: str
    open_line: Callable[[], Relay]
    lines: int


@dataclass
class Crew:
    """The lines to one server; `queue` holds what is claimed for them, None for each line that is to end."""

    way: Way
    desk: Desk
    pace: Pace
    queue: "asyncio.Queue[Task | None]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        """See which lines wait."""
        self.silences = Silences(self.way.lines)

    @property
    def is_away(self) -> bool:
        """Whether the server is left alone for a while."""
        return self.desk.traffic.pause_of(self.way.name) > 0

    async def work(self) -> None:
        """Work one line until told to end."""
        line, waiting = self.way.open_line(), None
        try:
            while True:
                task = waiting or await self.queue.get()
                if task is None:
                    return
                self.desk.hungry_below(self.queue.qsize())
                self.desk.busy += 1
                try:
                    waiting = await self._take(line, task)
                except Exception:
                    log.exception("a message was left", extra={"number": _number(task)})
                    self.desk.record(Begone(_number(task)))
                    waiting = None
                finally:
                    self.desk.busy -= 1
                    self.desk.look_up()
        finally:
            await line.close()

    def listen(self, seconds: float = SILENT_SECONDS) -> None:
        """Leave a server alone that kept every line waiting so long; others get what waits for it, lines go on."""
        traffic, name, silent = self.desk.traffic, self.way.name, self.silences.seconds()
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
        traffic, tasks = self.desk.traffic, []
        while not self.queue.empty():
            tasks.append(self.queue.get_nowait())
        after = traffic.pause_of(self.way.name) if traffic.is_shut() else 0.0
        for task in tasks:
            if task is None:
                self.queue.put_nowait(None)  # the end of a line
                continue
            traffic.give_back(task.relay, task.claim.contact.address, task.day)
            self.desk.record(Begone(task.claim.message_id, after))

    def end(self) -> None:
        """Give back what was not begun, drop lines that have no permit, and let the others end."""
        self.give_back()
        self.silences.break_off()
        for _line in range(self.way.lines):
            self.queue.put_nowait(None)

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
        return await Handover(self, line, task).run()

    def _lets_go(self, task: Task | Letter) -> bool:
        """Let go what is not to be begun any more: the sender stops, the server is away, the mailing was halted."""
        claimed = task.task if isinstance(task, Letter) else task
        claim, rest = claimed.claim, self.desk.traffic.rest_for(claimed.claim.contact.address)
        if not (self.pace.stopping.is_set() or self.is_away or rest or claim.mailing_id in self.desk.halted):
            return False
        self.desk.traffic.give_back(claimed.relay, claim.contact.address, claimed.day)
        if not self.pace.stopping.is_set():  # else all that is left is let go at once, at the end
            self.desk.record(Begone(claim.message_id, rest))
        return True

    async def _written(self, line: Relay, task: Task) -> Letter | None:
        with self.silences.waiting(line):
            utf8 = _beyond_ascii(task) and await line.takes_utf8()
        return self.write(task, utf8=utf8)

    def write(self, task: Task, *, utf8: bool = False) -> Letter | None:
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
        while not self.queue.empty():
            task = self.queue.get_nowait()
            if task is None:
                self.queue.put_nowait(None)  # the end of a line: for whoever waits
                return None
            rests = self.desk.traffic.rest_for(task.claim.contact.address)
            if task.claim.mailing_id in self.desk.halted or rests or _beyond_ascii(task):
                return task
            if (letter := self.write(task)) is not None:
                return letter
        return None


class Handover:
    """One message on its way: its permit asked for, the next one written meanwhile, its end recorded."""

    def __init__(self, crew: Crew, line: Relay, letter: Letter) -> None:
        self.crew = crew
        self.desk = crew.desk
        self.line = line
        self.letter = letter
        self.leave: Leave | None = None
        self.next: Task | Letter | None = None
        self._asked = False

    async def run(self) -> Task | Letter | None:
        """Hand the message over; the next one, where it was begun meanwhile."""
        letter = self.letter
        self.desk.on_the_way += 1
        self.crew.silences.begins(self.line)
        try:
            written = letter.written
            reply = await self.line.handover(
                written.sender_email,
                written.to_email,
                letter.message,
                permit=self.permit,
                following=self.following,
            )
        except asyncio.CancelledError:
            self._break_off()
            raise
        finally:
            self.crew.silences.ends(self.line)
            if not self._asked:
                self.desk.on_the_way -= 1
        try:
            self._account(reply)
        except Exception:
            log.exception("an outcome was not understood", extra={"number": letter.number})
            self.desk.record(Begone(letter.number))
        if not reply.reached and not self.crew.is_away:
            await self.crew.pace.wait(LINE_SECONDS)  # others reach the server: it is this line that it does not want
        return self.next

    async def permit(self) -> bool:
        """Ask for leave to write the dot; yes only while the answer is fresh enough to bind everybody."""
        self._asked = True
        self.desk.on_the_way -= 1
        self.crew.silences.ends(self.line)
        asked = self.desk.ask(self.letter.wish)
        self.next = self.crew.next_letter()
        self.leave, proven = await asked
        if not isinstance(self.leave, int):
            return False
        if self.desk.read_clock() - proven > PROOF_SECONDS:
            log.warning("a permit came too late to be used", extra={"permit": self.leave})
            return False
        self.crew.silences.begins(self.line, dotted=True)
        return True

    def _break_off(self) -> None:
        """The sender stops, and no dot was written; a permit that was asked for, and may have been given, is closed."""
        task = self.letter.task
        self.desk.traffic.give_back(self.crew.way.name, task.claim.contact.address, task.day)
        if self._asked:
            at, window = self.desk.now(), self.desk.window
            self.desk.record(ending(self.letter, withheld(), None, at=at, away=0.0, window=window))
        else:
            self.desk.record(Begone(self.letter.number))

    def following(self) -> Envelope | None:
        """The envelope that may go out with the dot."""
        return self.next.envelope if isinstance(self.next, Letter) else None

    def _account(self, reply: Reply) -> None:
        """Record what became of the message, and note how the server and the provider do."""
        traffic, relay, task, away = self.desk.traffic, self.crew.way.name, self.letter.task, 0.0
        address = task.claim.contact.address
        if reply.fate is not Fate.WITHHELD and reply.phase is not Phase.PREPARE:
            meant = reply.meant if reply.reached else Meant.RELAY
            said = "" if meant is Meant.MESSAGE else f"{reply.code or ''} {reply.text}".strip()
            traffic.note(relay, address, meant, said)
        if not reply.reached and not isinstance(self.leave, int):
            traffic.give_back(relay, address, task.day)
            away = traffic.pause_of(relay) if traffic.is_shut() else 0.0
        if isinstance(self.leave, NotHeld):
            self.desk.halted.add(self.letter.task.claim.mailing_id)
        at, window = self.desk.now(), self.desk.window
        self.desk.record(ending(self.letter, reply, self.leave, at=at, away=away, window=window))


def _number(task: Task | Letter) -> int:
    return task.number if isinstance(task, Letter) else task.claim.message_id


def _beyond_ascii(task: Task) -> bool:
    return not task.claim.contact.address.rpartition("@")[0].isascii()
