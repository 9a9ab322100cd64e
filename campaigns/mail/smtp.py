"""The one place that speaks SMTP to the world (G3): a kept line to the relay, and what became of each message."""

import asyncio
import logging
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from socket import gethostname

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponse
from aiosmtplib.protocol import SMTPProtocol

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Meant, Phase
from campaigns.mail.envelopes import Envelope
from campaigns.mail.headers import addr_spec
from campaigns.mail.relay_urls import Line, RelayUrl
from core.errors import BadInput

_log = logging.getLogger("heedful.smtp")
_GO_AHEAD = 354
_CLOSING = 421
_LOGIN_TROUBLE = frozenset((503, 530, 534, 535, 538))  # ours to mend: no verdict on the message
_QUIT_SECONDS = 5.0
_LONGEST_TEXT = 500
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")

Permit = Callable[[], Awaitable[bool]]
Following = Callable[[], Envelope | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one handover; `reached` is false where there was no line to the server at all.

    `meant`: whom the answer is about; where it is no message alone, the domain or the relay is left in peace a while.
    `enhanced`: the status of RFC 3463 ("4.7.1"), "" where the server gave none.
    """

    fate: Fate
    code: int | None = None
    text: str = ""
    reached: bool = True
    phase: Phase = Phase.DOT
    enhanced: str = ""
    meant: Meant = Meant.MESSAGE


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each step may take, in seconds (RFC 5321 4.5.3.2 asks for minutes; a sender has others to serve)."""

    connect: float = 20.0
    command: float = 60.0
    body: float = 300.0


class _NoLineError(Exception):
    """There is no line to the server, or it broke before the last byte."""


class Relay:
    """A line to the mail server that is kept for many messages; one task uses it at a time."""

    def __init__(self, url: RelayUrl, *, patience: Patience | None = None, most_messages: int = 100) -> None:
        self._url = url
        self._patience = patience or Patience()
        self._most_messages = most_messages
        tls = url.line in {Line.TLS, Line.STARTTLS}
        self._tls = ssl.create_default_context(cafile=url.cafile or None) if tls else None
        self._client: SMTP | None = None
        self._handed = 0

    async def takes_utf8(self) -> bool:
        """Tell whether the server takes letters beyond ASCII before the @ (SMTPUTF8); false without a line."""
        try:
            client = await self._connected()
        except _NoLineError:
            return False
        return client.supports_extension("smtputf8")

    async def trouble(self) -> str:
        """Why the server cannot be reached, or does not sign us in; "" where all is well. For the doctor."""
        try:
            await self._connected()
        except _NoLineError as error:
            return str(error)
        return ""

    async def handover(
        self,
        envelope_from: str,
        recipient: str,
        message: bytes,
        *,
        permit: Permit | None = None,
        following: Following | None = None,  # noqa: ARG002 - told from the start, used where the server pipelines
    ) -> Reply:
        """Hand over one message to one recipient (G4), and say what became of it; never raises.

        The message goes out up to its last dot; then `permit` is asked, and only if it says yes the dot follows
        (GUARANTEES 4). Without a yes, also when asking fails, the line is dropped (G5).

        `following` is asked when the dot is about to be written: the envelope it answers goes out together with the
        dot (RFC 2920), so that the next handover, if it is of that envelope, finds it announced.
        """
        try:
            return await self._handover(envelope_from, recipient, message, permit)
        except _NoLineError as error:
            self._drop()
            return Reply(Fate.DEFERRED, None, str(error)[:_LONGEST_TEXT], reached=False)
        except BadInput as error:
            return Reply(Fate.FAILED, None, error.message)
        except asyncio.CancelledError:
            self._drop()
            raise

    async def close(self) -> None:
        """Say goodbye and end the line."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit(timeout=_QUIT_SECONDS)
        except (SMTPException, OSError):
            client.close()

    async def _handover(self, envelope_from: str, recipient: str, message: bytes, permit: Permit | None) -> Reply:
        if self._handed >= self._most_messages:
            await self.close()
        fresh = self._client is None
        try:
            refused = await self._announce(envelope_from, recipient, message)
        except _NoLineError:
            if fresh:
                raise
            self._drop()  # a kept line that the server closed meanwhile: one new one
            refused = await self._announce(envelope_from, recipient, message)
        if refused is not None:
            return await self._give_up(refused)
        protocol = self._protocol()
        _write(protocol, _stuffed(message))
        if permit is not None and not await _granted(permit):
            self._drop()
            return Reply(Fate.WITHHELD)
        return await self._finish(protocol)

    async def _announce(self, envelope_from: str, recipient: str, message: bytes) -> SMTPResponse | None:
        """Say MAIL, RCPT and DATA; the answer if the server refuses one of them."""
        client = await self._connected()
        utf8 = client.supports_extension("smtputf8")
        sender = addr_spec(envelope_from, field="sender", utf8=utf8)
        receiver = addr_spec(recipient, field="recipient", utf8=utf8)
        options = [] if (sender + receiver).isascii() else [b"SMTPUTF8", b"BODY=8BITMIME"]
        if not options and not message.isascii() and client.supports_extension("8bitmime"):
            options = [b"BODY=8BITMIME"]
        for words in (
            [b"MAIL", f"FROM:<{sender}>".encode(), *options],
            [b"RCPT", f"TO:<{receiver}>".encode()],
            [b"DATA"],
        ):
            answer = await self._command(words)
            expected = answer.code == _GO_AHEAD if words == [b"DATA"] else _is_yes(answer.code)
            if not expected:
                return answer
        return None

    async def _finish(self, protocol: SMTPProtocol) -> Reply:
        """Write the dot: from here on a broken line leaves the outcome unknown."""
        _write(protocol, b".\r\n")
        try:
            answer = await protocol.read_response(timeout=self._patience.body)
        except (SMTPException, OSError) as error:
            self._drop()
            return Reply(Fate.UNKNOWN, None, _said(error))
        except asyncio.CancelledError:
            self._drop()
            return Reply(Fate.UNKNOWN, None, "The sender was stopped while the server thought.")
        self._handed += 1
        if answer.code == _CLOSING:
            self._drop()
        if _is_yes(answer.code):
            return Reply(Fate.SENT, answer.code, _cut(answer.message))
        reply = _refusal(answer)
        if reply.fate is Fate.UNKNOWN:
            self._drop()
        return reply

    async def _give_up(self, answer: SMTPResponse) -> Reply:
        """End a transaction that the server refused; the line stays if it can."""
        reply = _refusal(answer)
        if answer.code == _CLOSING or answer.code in _LOGIN_TROUBLE or reply.fate is Fate.UNKNOWN:
            self._drop()
            return Reply(Fate.DEFERRED, reply.code, reply.text)
        try:
            if not _is_yes((await self._command([b"RSET"])).code):
                self._drop()
        except _NoLineError:
            self._drop()
        return reply

    async def _command(self, words: list[bytes]) -> SMTPResponse:
        try:
            return await self._protocol().execute_command(*words, timeout=self._patience.command)
        except (SMTPException, OSError) as error:
            raise _NoLineError(_said(error)) from None

    async def _connected(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._drop()
        url = self._url
        client = SMTP(
            hostname=url.host,
            port=url.port,
            username=url.user or None,
            password=url.password or None,
            use_tls=url.line is Line.TLS,
            start_tls=url.line is Line.STARTTLS,
            tls_context=self._tls,
            timeout=self._patience.connect,
            local_hostname=gethostname(),
        )
        try:
            await client.connect()
            await _greet(client)
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            _log.warning("the mail server cannot be reached", extra={"relay": url.shown, "why": _said(error)})
            raise _NoLineError(_said(error)) from None
        self._client, self._handed = client, 0
        return client

    def _protocol(self) -> SMTPProtocol:
        protocol = self._client.protocol if self._client else None
        if protocol is None:
            raise _NoLineError("The line to the mail server broke.")
        return protocol

    def _drop(self) -> None:
        """End the line at once: what was not finished is not handed over."""
        client, self._client = self._client, None
        if client is None:
            return
        if isinstance(client.transport, asyncio.WriteTransport):
            client.transport.abort()
        client.close()


async def _greet(client: SMTP) -> None:
    """Learn what the server can do, unless signing in or TLS did so already."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()


async def _granted(permit: Permit) -> bool:
    try:
        return await permit()
    except Exception as error:  # noqa: BLE001 - whatever went wrong, no permit means no mail (G5)
        _log.warning("asking for a permit failed", extra={"kind": type(error).__name__})
        return False


def _write(protocol: SMTPProtocol, data: bytes) -> None:
    try:
        protocol.write(data)
    except (SMTPException, OSError, RuntimeError) as error:
        raise _NoLineError(_said(error)) from None


def _stuffed(message: bytes) -> bytes:
    """The message with a dot before each line that begins with one, ending in CRLF (RFC 5321 4.5.2)."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    stuffed = ended.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _is_yes(code: int) -> bool:
    return 200 <= code <= 299  # noqa: PLR2004 - RFC 5321 4.2.1


def _refusal(answer: SMTPResponse) -> Reply:
    fate = {4: Fate.DEFERRED, 5: Fate.FAILED}.get(answer.code // 100, Fate.UNKNOWN)
    return Reply(fate, answer.code, _cut(answer.message))


def _cut(text: str) -> str:
    """What a server says, without the addresses in it: it is kept, shown and logged (P1)."""
    said = _ANY_ADDRESS.sub("•••@•••", text[: 2 * _LONGEST_TEXT])
    return said.encode("utf-8", "replace").decode("utf-8")[:_LONGEST_TEXT]


def _said(error: Exception) -> str:
    return _cut(str(error) or type(error).__name__)
