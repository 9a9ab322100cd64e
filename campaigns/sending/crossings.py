"""Crossings: one message on its way over a line; its permit asked for, the next one written meanwhile, its end told."""

import asyncio
import logging
from typing import Protocol

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Meant, Phase
from campaigns.mail.envelopes import Envelope
from campaigns.mail.replying import withheld
from campaigns.mail.smtp import Relay, Reply
from campaigns.sending.desks import Desk
from campaigns.sending.endings import ending
from campaigns.sending.silences import Silences
from campaigns.sending.tasks import Letter, Task
from campaigns.storage.handovers import Begone, Leave, NotHeld

log = logging.getLogger("heedful.sender")

PROOF_SECONDS = 2.0
"""How old a permit may be when its dot is written; others settle a dead sender's permits after three at the earliest.

See docs/decisions/0025: a process that slept between the two finds its permit too old, and drops the line.
"""
_MESSAGE, _RELAY = Meant.MESSAGE, Meant.RELAY


class Side(Protocol):
    """The crew whose line it is."""

    desk: Desk
    silences: Silences

    @property
    def name(self) -> str:
        """The mail server's."""

    def next_letter(self) -> Task | Letter | None:
        """Begin the next message, if there is one to begin now."""


class Crossing:
    """One message on one line; `next` is what was begun meanwhile."""

    __slots__ = ("_asked", "_desk", "_leave", "_letter", "_line", "_side", "_silences", "next")

    def __init__(self, side: Side, line: Relay, letter: Letter) -> None:
        self.next: Task | Letter | None = None
        self._side = side
        self._desk = side.desk
        self._silences = side.silences
        self._line = line
        self._letter = letter
        self._leave: Leave | None = None
        self._asked = False

    async def run(self) -> Reply:
        """Hand the message over and record what became of it; what the server said."""
        letter, silences = self._letter, self._silences
        self._desk.on_the_way += 1
        silences.begins(self._line)
        try:
            reply = await self._line.carry(
                letter.envelope, letter.message, permit=self._permit, following=self._following
            )
        except asyncio.CancelledError:
            self._break_off()
            raise
        finally:
            silences.ends(self._line)
            if not self._asked:
                self._desk.on_the_way -= 1
        try:
            self._account(reply)
        except Exception:
            log.exception("an outcome was not understood", extra={"number": letter.number})
            self._desk.record(Begone(letter.number))
        return reply

    async def _permit(self) -> bool:
        """Ask for leave to write the dot; yes only while the answer is fresh enough to bind everybody."""
        desk, silences = self._desk, self._silences
        self._asked = True
        desk.on_the_way -= 1
        silences.ends(self._line)
        asked = desk.ask(self._letter.wish)
        self.next = self._side.next_letter()
        self._leave, proven = await asked
        if not isinstance(self._leave, int):
            return False
        if desk.read_clock() - proven > PROOF_SECONDS:
            log.warning("a permit came too late to be used", extra={"permit": self._leave})
            return False
        silences.begins(self._line, dotted=True)
        return True

    def _following(self) -> Envelope | None:
        """The envelope that may go out with the dot."""
        return self.next.envelope if isinstance(self.next, Letter) else None

    def _break_off(self) -> None:
        """The sender stops, and no dot was written; a permit that was asked for, and may have been given, is closed."""
        task, desk = self._letter.task, self._desk
        desk.traffic.give_back(self._side.name, task.claim.contact.address, task.day)
        if self._asked:
            desk.record(ending(self._letter, withheld(), None, at=desk.now(), away=0.0, window=desk.window))
        else:
            desk.record(Begone(self._letter.number))

    def _account(self, reply: Reply) -> None:
        """Record what became of the message, and note how the server and the provider do."""
        desk, task, leave, reached = self._desk, self._letter.task, self._leave, reply.reached
        traffic, relay, address, away = desk.traffic, self._side.name, task.claim.contact.address, 0.0
        if reply.fate is not Fate.WITHHELD and reply.phase is not Phase.PREPARE:
            meant = reply.meant if reached else _RELAY
            said = "" if meant is _MESSAGE else f"{reply.code or ''} {reply.text}".strip()
            traffic.note(relay, address, meant, said)
        if not reached and not isinstance(leave, int):
            traffic.give_back(relay, address, task.day)
            away = traffic.pause_of(relay) if traffic.is_shut() else 0.0
        if isinstance(leave, NotHeld):
            desk.halted.add(task.claim.mailing_id)
        desk.record(ending(self._letter, reply, leave, at=desk.now(), away=away, window=desk.window))
