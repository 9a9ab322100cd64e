"""Lines under TLS: certificates are checked, and passwords only cross what is protected."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aiosmtpd.smtp import SMTP, AuthResult

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Meant, Phase
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Envelope, Patience, Relay, Reply
from tests.campaigns.scripted import scripted
from tests.campaigns.talking import Caller, talking

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl, which makes the test certificate, is not here")
MESSAGE = b"Subject: x\r\n\r\nx\r\n"


class Sink:
    """Takes every mail."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.recipients += envelope.rcpt_tos
        return "250 ok"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"),
         "-out", str(folder / "cert.pem")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return folder


def guarded(folder: Path) -> ssl.SSLContext:
    """What a server shows its callers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def handed(folder: Path, *, cafile: str, password: str = "pa:ss") -> tuple[Reply, list[str]]:
    """Hand over to a server that asks for STARTTLS and for user and password."""
    context = guarded(folder)
    sink = Sink()

    def sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ann", b"pa:ss"))

    def protocol() -> SMTP:
        return SMTP(sink, tls_context=context, require_starttls=True, authenticator=sign_in, auth_required=True)

    async def run() -> Reply:
        listening = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        url = RelayUrl(Line.STARTTLS, "localhost", port, "ann", password, cafile)
        relay = Relay(url, patience=Patience(connect=5 if password == "pa:ss" else 1, command=5, body=5))
        reply = await relay.handover("a@example.org", "b@example.com", MESSAGE)
        await relay.close()
        listening.close()
        return reply

    return asyncio.run(run()), sink.recipients


def test_a_server_with_a_known_certificate_and_the_right_password_takes_the_mail(certificate):
    reply, recipients = handed(certificate, cafile=str(certificate / "cert.pem"))
    assert reply.fate is Fate.SENT
    assert recipients == ["b@example.com"]


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said(certificate):
    reply, recipients = handed(certificate, cafile="")
    assert (reply.fate, reply.reached) == (Fate.DEFERRED, False)
    assert recipients == []


def test_the_doctor_hears_how_to_name_the_authority(certificate):
    async def talk(caller: Caller, _: int) -> None:
        await caller.greet()

    async def run() -> str:
        async with talking(talk, tls=guarded(certificate)) as (port, _):
            return await Relay(RelayUrl(Line.TLS, "localhost", port), patience=Patience(5, 5, 5)).trouble()

    assert "cafile=" in asyncio.run(run())


@pytest.mark.parametrize("kind", [Line.TLS, Line.STARTTLS])
def test_a_certificate_for_another_name_is_refused(certificate, kind):
    async def talk(caller: Caller, _: int) -> None:
        if kind is Line.STARTTLS:
            await caller.secure(guarded(certificate))
        await caller.greet(hello=kind is Line.TLS)

    async def run() -> tuple[Reply, bytes]:
        async with talking(talk, tls=guarded(certificate) if kind is Line.TLS else None) as (port, callers):
            url = RelayUrl(kind, "127.0.0.1", port, "ann", "pa:ss", str(certificate / "cert.pem"))
            reply = await Relay(url, patience=Patience(5, 5, 5)).handover("a@example.org", "b@example.com", MESSAGE)
            return reply, b"".join(caller.heard for caller in callers)

    reply, heard = asyncio.run(run())
    assert (reply.fate, reply.phase, reply.reached, heard) == (Fate.DEFERRED, Phase.CONNECT, False, b"")
    assert "certificate" in reply.text


def test_a_wrong_password_defers_the_mail_and_fails_none(certificate):
    reply, _ = handed(certificate, cafile=str(certificate / "cert.pem"), password="wrong")
    assert (reply.fate, reply.reached) == (Fate.DEFERRED, False)


@pytest.mark.parametrize("answer", ["535 5.7.8 wrong password", "454 4.7.0 ask me later"])
def test_a_refused_login_is_said_of_the_relay_and_of_no_message(answer):
    async def run() -> Reply:
        async with scripted({"EHLO": "250-mail.test\n250 AUTH PLAIN", "AUTH": answer}) as server:
            url = RelayUrl(Line.PLAIN, "localhost", server.port, "ann", "pa:ss")
            return await Relay(url, patience=Patience(2, 2, 2)).handover("a@example.org", "b@example.com", MESSAGE)

    reply = asyncio.run(run())
    assert (reply.fate, reply.phase, reply.meant) == (Fate.DEFERRED, Phase.LOGIN, Meant.RELAY)
    assert (reply.reached, reply.enhanced, f"{reply.code} {reply.text}") == (False, answer.split()[1], answer)


def test_a_server_without_starttls_is_not_trusted():
    async def run() -> Reply:
        async with scripted({}) as plain:
            relay = Relay(RelayUrl(Line.STARTTLS, "localhost", plain.port), patience=Patience(2, 2, 2))
            return await relay.handover("a@example.org", "b@example.com", MESSAGE)

    assert asyncio.run(run()).fate is Fate.DEFERRED


BIG = b"Subject: x\r\n\r\n" + (b"." * 60 + b"\r\n") * 20_000
YES = b"250 ok\r\n250 ok\r\n354 go\r\n"
ENDS = b"\r\n.\r\n"


async def takes_two(caller: Caller) -> None:
    await caller.hear(b"DATA\r\n")
    caller.say(YES)
    await caller.hear(ENDS + b"MAIL FROM:<a@example.org>\r\nRCPT TO:<c@example.com>\r\nDATA\r\n")
    caller.say(b"250 first\r\n" + YES)
    await caller.hear(ENDS)
    caller.say(b"250 second\r\n")
    await caller.hear_the_end()


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("kind", [Line.TLS, Line.STARTTLS])
def test_our_protocol_takes_over_a_secured_line_and_waits_for_the_permit_there_too(
    certificate: Path, kind: Line, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    async def talk(caller: Caller, _: int) -> None:
        if kind is Line.STARTTLS:
            await caller.secure(guarded(certificate))
        await caller.greet(b"250-mail.test\r\n250 PIPELINING\r\n", hello=kind is Line.TLS)
        await takes_two(caller)

    async def act() -> tuple[list[Reply], list[int], bytes]:
        async with talking(talk, tls=guarded(certificate) if kind is Line.TLS else None) as (port, callers):
            url = RelayUrl(kind, "localhost", port, cafile=str(certificate / "cert.pem"))
            relay = Relay(url, patience=Patience(5, 5, 5, 5, 5))
            dots: list[int] = []

            async def permit() -> bool:
                await callers[0].has_heard(b"DATA\r\n" + b"Subject")
                dots.append(callers[0].heard.count(ENDS))
                return True

            following = Envelope.of("a@example.org", "c@example.com", MESSAGE)
            replies = [
                await relay.handover("a@example.org", "b@example.com", BIG, permit=permit, following=lambda: following),
                await relay.handover("a@example.org", "c@example.com", MESSAGE, permit=permit),
            ]
            await relay.close()
            return replies, dots, callers[0].heard

    replies, dots, heard = run(act())
    assert [reply.text for reply in replies] == ["first", "second"]
    assert dots == [0, 1]
    assert heard.endswith(ENDS + b"QUIT\r\n")


def test_what_was_said_before_tls_does_not_count_behind_it(certificate: Path) -> None:
    """Somebody on the line offers us things, and slips an answer in before the line is closed to them."""

    async def talk(caller: Caller, _: int) -> None:
        slipped_in = b"250-mail.test\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n"
        await caller.secure(guarded(certificate), offer=b"250-SIZE 5\r\n250-SMTPUTF8\r\n", after=slipped_in)
        await caller.greet(b"250-mail.test\r\n250 8BITMIME\r\n", hello=False)
        for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"250 queued\r\n"):
            await caller.hear(b"\r\n")
            caller.say(answer)
        await caller.hear_the_end()

    async def act() -> tuple[Reply, bytes]:
        async with talking(talk) as (port, callers):
            url = RelayUrl(Line.STARTTLS, "localhost", port, cafile=str(certificate / "cert.pem"))
            relay = Relay(url, patience=Patience(5, 5, 5, 5, 5))
            reply = await relay.handover("a@example.org", "b@example.com", MESSAGE)
            await relay.close()
            return reply, callers[0].heard

    reply, heard = asyncio.run(act())
    assert (reply.fate, reply.text) == (Fate.SENT, "queued")
    assert heard.startswith(b"MAIL FROM:<a@example.org>\r\nRCPT")
