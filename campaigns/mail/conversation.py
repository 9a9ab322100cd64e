"""One line to a mail server and the messages that cross it: announced, written, and ended with a dot under a permit."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from campaigns.domain.smtp_replies import LOST, Phase, ends_line, goes_on
from campaigns.mail.envelopes import Envelope, Offer, commands
from campaigns.mail.replying import Reply, answered, lost, what, withheld
from campaigns.mail.secrecy import Hide, as_it_is
from campaigns.mail.stuffing import stuffed
from campaigns.mail.wire import BrokenLineError, Wire
from core.errors import BadInput

_log = logging.getLogger("heedful.smtp")
_ASKING = (Phase.MAIL, Phase.RCPT, Phase.DATA)
_WELL = [250, 250, 354]  # what they are answered, nearly always
_BODY, _ENDED = Phase.BODY, Phase.DOT
_DOT = b".\r\n"
_RESET = b"RSET\r\n"
_QUIT = b"QUIT\r\n"
_QUIT_SECONDS = 5.0

Permit = Callable[[], Awaitable[bool]]
Following = Callable[[], Envelope | None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the server may take for each step, in seconds (RFC 5321 4.5.3.2)."""

    connect: float = 300.0  # each of: the line, TLS, the greeting, EHLO, signing in
    command: float = 300.0  # MAIL, RCPT, RSET
    body: float = 600.0  # the answer to the dot
    data: float = 120.0  # the answer to DATA
    block: float = 180.0  # reading one piece of the message


class Conversation:
    """Messages on one line, one after the other; `phase` is where the present one stands.

    Where the server pipelines, MAIL, RCPT and DATA are one write, and the next message may be announced together with
    the last one's dot: then each message costs one round trip.
    """

    def __init__(self, wire: Wire, offer: Offer, patience: Patience, hide: Hide = as_it_is) -> None:
        self.wire = wire
        self.hide = hide
        self.offer = offer
        self.phase = Phase.MAIL
        self.announced = 0
        self._patience = patience
        self._ahead: Envelope | None = None
        self._open = False  # a transaction that the server refused half of, and that RSET must end
        self._resetting = False

    @property
    def is_sound(self) -> bool:
        """Whether another message can be tried on this line."""
        return self.wire.is_sound

    @property
    def is_announced_ahead(self) -> bool:
        """Whether a message was announced that has not been handed over."""
        return self._ahead is not None

    async def announce(self, envelope: Envelope) -> Reply | None:
        """Say MAIL, RCPT and DATA, or hear what was said ahead; the answer, if the server refuses.

        Raises:
            BrokenLineError: the line broke in `phase`; nothing of the message was handed over.
            BadInput: the server does not take such a message; nothing was said.
        """
        self.phase, ahead = _ASKING[0], self._ahead
        self._ahead = None
        if ahead is None:
            words = commands(envelope, self.offer)
            return await (self._together(words) if self.offer.pipelining else self._one_by_one(words))
        if ahead != envelope:  # the server may be waiting for the other one's body: nothing but the end gets us out
            self.wire.end("Another message was announced.")
            raise BrokenLineError("Another message was announced.")
        return None if self.wire.take(_WELL) else await self._hear()

    async def transmit(self, message: bytes, permit: Permit | None, following: Following | None) -> Reply:
        """Write the announced message up to its dot, ask, write the dot, and hear what became of it (GUARANTEES 4).

        Raises:
            BrokenLineError: the line broke; after the dot if `phase` says so.
        """
        self.phase, wire = _BODY, self.wire
        await wire.write_all(stuffed(message), self._patience.block)
        try:
            granted = permit is None or await permit()
        except Exception as error:  # noqa: BLE001 - whatever went wrong, no permit means no mail (G5)
            _log.warning("asking for a permit failed", extra={"kind": type(error).__name__})
            granted = False
        if not granted:
            wire.end("There was no permit.")
            return withheld()
        ahead, words = self._next(following)
        wire.write(_DOT + words, earns=4 if ahead else 1)
        self.phase, self._ahead = _ENDED, ahead
        said = await wire.reply(self._patience.body)
        return self._settled(answered(_ENDED, said, self.hide))

    async def close(self) -> None:
        """Say goodbye and end the line."""
        try:
            if self._ahead is None:
                self.wire.write(_QUIT, earns=1)
                await self.wire.reply(min(_QUIT_SECONDS, self._patience.command))
                self.wire.part()
        except BrokenLineError:
            pass
        finally:
            self.wire.end()

    async def _together(self, words: tuple[bytes, ...]) -> Reply | None:
        self._say(b"".join(words))
        return await self._hear()

    def _say(self, words: bytes) -> None:
        self._resetting, self._open = self._open, False
        self.announced += 1
        self.wire.write(_RESET + words if self._resetting else words, earns=4 if self._resetting else 3)

    async def _hear(self) -> Reply | None:
        """Read the answers to MAIL, RCPT and DATA, all of them (RFC 2920 3.1); the first that refuses."""
        if self._resetting:
            await self._expect_reset()
        refused: Reply | None = None
        code = LOST
        for self.phase in _ASKING:
            try:
                said = await self.wire.reply(self._seconds())
            except BrokenLineError:
                if refused is None:
                    raise
                return refused
            code = said.code
            if refused is None and not goes_on(self.phase, code):
                refused = self._settled(answered(self.phase, said, self.hide))
        if refused is None:
            return None
        if goes_on(Phase.DATA, code):
            # The server waits for a message that it gives to nobody. No dot without a permit: the line ends here.
            self.wire.end("The server asked for a message that nobody would get.")
        self._open = True
        return refused

    async def _one_by_one(self, words: tuple[bytes, ...]) -> Reply | None:
        self.announced += 1
        if self._open:
            self.wire.write(_RESET, earns=1)
            await self._expect_reset()
        for self.phase, command in zip(_ASKING, words, strict=True):
            self.wire.write(command, earns=1)
            said = await self.wire.reply(self._seconds())
            if not goes_on(self.phase, said.code):
                self._open = self.phase is not Phase.MAIL
                return self._settled(answered(self.phase, said, self.hide))
        return None

    async def _expect_reset(self) -> None:
        said = await self.wire.reply(self._patience.command)
        self._open = self._resetting = False
        if not goes_on(Phase.MAIL, said.code):
            self.wire.end("The mail server did not end the last transaction.")
            raise BrokenLineError("The mail server did not end the last transaction.")

    def _seconds(self) -> float:
        return self._patience.data if self.phase is Phase.DATA else self._patience.command

    def _settled(self, reply: Reply) -> Reply:
        if ends_line(reply.code or LOST, what(reply)):
            self.wire.end("The server's answer ended the line.")
        return reply

    def _next(self, following: Following | None) -> tuple[Envelope | None, bytes]:
        """The envelope that goes out with the dot, and its commands; none that this server would not take."""
        if following is None or not self.offer.pipelining:
            return None, b""
        try:
            ahead = following()
            words = b"".join(commands(ahead, self.offer)) if ahead else b""
        except BadInput:  # its own handover says so
            return None, b""
        except Exception:  # noqa: BLE001 - whatever is wrong with the next one: this one has its permit, and goes
            _log.warning("the next message could not be announced", exc_info=True)
            return None, b""
        if ahead is None:
            return None, b""
        self.announced += 1
        return ahead, words


def broke(phase: Phase, error: BrokenLineError, hide: Hide = as_it_is) -> Reply:
    """What a broken line means for the message that was under way."""
    if error.said is not None and phase is not Phase.DOT:
        return answered(phase, error.said, hide)
    return lost(phase, str(error), hide)
