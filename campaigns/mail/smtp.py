"""The one place that speaks SMTP to the world (G3): a kept line to the relay, and what became of each message."""

import asyncio
import logging
from socket import gethostname
from typing import Any

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPHeloError, SMTPResponse, SMTPResponseException

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail.assurances import tls_of
from campaigns.mail.conversation import Conversation, Following, Patience, Permit, broke
from campaigns.mail.envelopes import Envelope, read_offer
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.reply_reading import Said
from campaigns.mail.replying import Reply, answered, lost
from campaigns.mail.secrecy import Hide, hiding
from campaigns.mail.unacknowledged import give_up_on
from campaigns.mail.wire import BrokenLineError, take_over
from core.errors import BadInput

__all__ = ["Envelope", "Patience", "Relay", "Reply"]

_log = logging.getLogger("heedful.smtp")
_CLOSING = 421


class _NoLineError(Exception):
    """There is no line to the server; the reply says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class _Caller(SMTP):
    """Opens a line; where neither EHLO nor HELO is taken, what the server said to EHLO is told."""

    refused: SMTPHeloError | None = None

    async def ehlo(self, *arguments: Any, **options: Any) -> SMTPResponse:
        try:
            return await super().ehlo(*arguments, **options)
        except SMTPHeloError as error:
            self.refused = error
            raise

    async def helo(self, *arguments: Any, **options: Any) -> SMTPResponse:
        try:
            return await super().helo(*arguments, **options)
        except SMTPException as error:
            raise self.refused or error from None


class Relay:
    """A line to the mail server that is kept for many messages; one task uses it at a time."""

    def __init__(self, url: RelayUrl, *, patience: Patience | None = None, most_messages: int = 100) -> None:
        self._url = url
        self._patience = patience or Patience()
        self._most_messages = most_messages
        self._tls = tls_of(url)
        self._hide = hiding(url)
        self._line: Conversation | None = None

    @property
    def heard_at(self) -> float:
        """When the server said something last on the line there is, by core.clock.elapsed; 0 where it has not."""
        return self._line.wire.heard_at if self._line is not None else 0.0

    async def takes_utf8(self) -> bool:
        """Tell whether the server takes letters beyond ASCII before the @ (SMTPUTF8); false without a line."""
        try:
            return (await self._connected()).offer.utf8
        except _NoLineError:
            return False

    async def trouble(self) -> str:
        """Why the server cannot be reached, or does not sign us in, and the remedy; "" where all is well."""
        try:
            await self._connected()
        except _NoLineError as error:
            return f"{error.reply.text} {_advice(error.reply)}".strip()
        return ""

    async def handover(
        self,
        envelope_from: str,
        recipient: str,
        message: bytes,
        *,
        permit: Permit | None = None,
        following: Following | None = None,
    ) -> Reply:
        """Hand over one message to one recipient (G4), and say what became of it; never raises.

        The message goes out up to its last dot; then `permit` is asked, and only if it says yes the dot follows
        (GUARANTEES 4). Without a yes, also when asking fails, the line is dropped (G5).

        `following` is asked when the dot is about to be written: the envelope it answers goes out together with the
        dot (RFC 2920), so that the next handover, if it is of that envelope, finds it announced.
        """
        envelope = Envelope.of(envelope_from, recipient, message)
        return await self.carry(envelope, message, permit=permit, following=following)

    async def carry(
        self, envelope: Envelope, message: bytes, *, permit: Permit | None = None, following: Following | None = None
    ) -> Reply:
        """Hand over a message whose envelope is written already, as `handover` does."""
        try:
            return await self._carry(envelope, message, permit, following)
        except _NoLineError as error:
            return error.reply
        except BadInput as error:
            return lost(Phase.PREPARE, error.message)
        except asyncio.CancelledError:
            line = self._drop()
            if line is None or line.phase is not Phase.DOT:
                raise
            return lost(Phase.DOT, "The sender was stopped while the server thought.")

    async def close(self) -> None:
        """Say goodbye and end the line."""
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def _carry(
        self, envelope: Envelope, message: bytes, permit: Permit | None, following: Following | None
    ) -> Reply:
        kept = self._line is not None
        line = await self._connected()
        refused = await _announced(line, envelope)
        if kept and refused is not None and not line.is_sound and _is_stale(refused):
            line = await self._connected()  # the server ended a kept line meanwhile: one new one
            refused = await _announced(line, envelope)
        if refused is not None:
            return refused
        try:
            more = following if line.announced < self._most_messages else None
            return await line.transmit(message, permit, more)
        except BrokenLineError as error:
            return broke(line.phase, error, line.hide)

    async def _connected(self) -> Conversation:
        """The kept line, or a new one where it broke or had its number of messages."""
        line = self._line
        if line is not None and line.is_sound:
            if line.is_announced_ahead or line.announced < self._most_messages:
                return line
            await self.close()
        self._drop()
        try:
            self._line = await self._opened()
        except (SMTPException, OSError, ValueError, BrokenLineError) as error:
            reply = _unreached(error, self._hide)
            _log.warning("the mail server cannot be reached", extra={"relay": self._url.shown, "why": reply.text})
            raise _NoLineError(reply) from None
        return self._line

    async def _opened(self) -> Conversation:
        """Connect, secure, sign in and greet; then the line is ours."""
        client = self._client()
        try:
            await client.connect()
            give_up_on(client.transport)
            if client.is_ehlo_or_helo_needed:  # unless signing in or TLS did so already
                await _greet(client)
            offer = read_offer(client.esmtp_extensions, pipelining=self._url.pipelining)
            return Conversation(take_over(client.transport), offer, self._patience, self._hide)
        except BaseException:
            client.close()
            raise

    def _client(self) -> _Caller:
        return _Caller(
            hostname=self._url.host,
            port=self._url.port,
            username=self._url.user or None,
            password=self._url.password or None,
            use_tls=self._url.line is Line.TLS,
            start_tls=self._url.line is Line.STARTTLS,
            tls_context=self._tls,
            timeout=self._patience.connect,
            local_hostname=gethostname(),
        )

    def _drop(self) -> Conversation | None:
        """End the line at once: what was not finished is not handed over."""
        line, self._line = self._line, None
        if line is not None:
            line.wire.end()
        return line


async def _greet(client: SMTP) -> None:
    try:
        await client.ehlo()
    except SMTPHeloError:
        await client.helo()


async def _announced(line: Conversation, envelope: Envelope) -> Reply | None:
    try:
        return await line.announce(envelope)
    except BrokenLineError as error:
        return broke(line.phase, error, line.hide)


def _is_stale(refused: Reply) -> bool:
    """Whether it was the line that was refused, and not the message: it is gone, or the server closes it."""
    return refused.fate is Fate.DEFERRED and (
        refused.code is None or (refused.code == _CLOSING and refused.phase is Phase.MAIL)
    )


def _advice(reply: Reply) -> str:
    """What to look at first, where the fault is told well enough."""
    if reply.phase is Phase.LOGIN:
        return "(The user and the password in HEEDFUL_SMTP_URL are not taken.)"
    if "certificate" in reply.text.lower():
        return "(Name the certificate of its authority with cafile=… in HEEDFUL_SMTP_URL.)"
    return ""


def _unreached(error: Exception, hide: Hide) -> Reply:
    phase = Phase.LOGIN if isinstance(error, SMTPAuthenticationError) else Phase.CONNECT
    if isinstance(error, SMTPResponseException):
        return answered(phase, Said(error.code, error.message.replace("\n", " ")), hide)
    return lost(phase, str(error) or type(error).__name__, hide)
