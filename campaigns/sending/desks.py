"""Desks: where a sender's lines write their messages, ask for permits and record what became of each."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from campaigns.domain.states import MessageState
from campaigns.mail.envelopes import Envelope
from campaigns.mail.signing_keys import signer_of
from campaigns.sending.books import Books
from campaigns.sending.tasks import Letter, Task
from campaigns.storage.handovers import Asked, Begone, Ended, Leave
from contacts.storage.gate import Wish
from core.clock import elapsed
from core.errors import BadInput
from core.gathering import Gathering

SOON_SECONDS = 0.5
"""An answer that took longer is proven again before anybody acts on it."""

_UNKNOWN = MessageState.UNKNOWN
MOST = 400
"""Permits and settlements that one transaction answers at most."""


class Answer(NamedTuple):
    """A permit's number or why there is none, and when it was proven last that this sender lives, by `read_clock`."""

    leave: Leave | None
    proven: float


class Desk:
    """What all lines of a sender share."""

    def __init__(
        self, books: Books, *, low: int, hungry: Callable[[], None], idle: Callable[[], None] = lambda: None
    ) -> None:
        self.books = books
        self.now: Callable[[], datetime] = books.now
        self.traffic = books.traffic
        self.halted: set[int] = set()  # mailings that were paused or cancelled while we held messages of them
        self.busy = 0  # lines that have a message in hand
        self.on_the_way = 0  # of them, those that are about to ask for a permit
        self.handed_over = self.given_back = self.unknown = 0
        self.window = timedelta(hours=books.settings.retry_hours)
        self._signer = signer_of(books.settings.dkim_keys)
        self._low = low
        self._hungry = hungry
        self._idle = idle
        self.read_clock: Callable[[], float] = elapsed  # seconds, on one that goes on while the machine sleeps
        self._clerk: Gathering[Asked, Answer] = Gathering(
            self._answer, most=MOST, about_to_ask=lambda: self.on_the_way, at_rest=self.look_up
        )

    def written(self, task: Task, *, utf8: bool) -> Letter:
        """Write a message and sign it.

        Raises:
            BadInput: it cannot be written; says what is missing.
        """
        if isinstance(task.edition, BadInput):
            raise task.edition
        claim, person, at = task.claim, task.claim.contact, self.now()
        written = task.edition.write(
            person, claim.message_id, claim.reference, tracked=task.tracked, at=at, smtputf8=utf8
        )
        message = self._signer.sign(written.message, written.sender_email, at)
        wish = Wish(claim.message_id, person.address_key, person.family_key, task.edition.words.topic)
        return Letter(task, written, message, Envelope.of(written.sender_email, written.to_email, message), wish)

    def ask(self, wish: Wish) -> "asyncio.Future[Answer]":
        """Ask for a permit, in the company of all who ask in the same moment."""
        return self._clerk.ask(wish)

    def _answer(self, asked: Sequence[Asked]) -> list[Answer]:
        """Answer in the clerk's thread; what took long is proven again, so that only who slept comes too late."""
        proven = self.read_clock()
        leaves = self.books.answer(asked)
        if self.read_clock() - proven > SOON_SECONDS:
            proven = self.read_clock()
            leaves = self.books.prove(leaves)
        return [Answer(leave, proven) for leave in leaves]

    def record(self, end: Ended | Begone) -> None:
        """Record what became of a message, in the company of the next permits; no line waits for it."""
        self._clerk.tell(end)
        if isinstance(end, Begone):
            self.given_back += 1
        else:
            self.handed_over += end.outcome.handed_over_at is not None
            self.unknown += end.outcome.state is _UNKNOWN

    def hungry_below(self, waiting: int) -> None:
        """Have more claimed where little is left."""
        if waiting <= self._low:
            self._hungry()

    def look_up(self) -> None:
        """Say so where nothing is left to do."""
        if self.is_idle:
            self._idle()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in anybody's hands, or waits to be recorded."""
        return not self.busy and not self._clerk.left

    async def close(self, seconds: float) -> int:
        """Wait until everything is recorded, or so long; how much is not."""
        left = await self._clerk.rest(seconds)
        await asyncio.to_thread(self._clerk.close)
        return left

    def told(self) -> dict[str, int]:
        """What was asked of the database, for the log."""
        return self._clerk.told()
