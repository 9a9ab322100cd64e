"""Lines under TLS: certificates are checked, and passwords only cross what is protected."""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from campaigns.domain.fates import Fate
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay, Reply
from tests.campaigns.scripted import scripted

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


def handed(folder: Path, *, cafile: str, password: str = "pa:ss") -> tuple[Reply, list[str]]:
    """Hand over to a server that asks for STARTTLS and for user and password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    sink = Sink()

    def sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ann", b"pa:ss"))

    def protocol() -> SMTP:
        return SMTP(sink, tls_context=context, require_starttls=True, authenticator=sign_in, auth_required=True)

    async def run() -> Reply:
        listening = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        url = RelayUrl(Line.STARTTLS, "localhost", port, "ann", password, cafile)
        relay = Relay(url, patience=Patience(connect=5, command=5, body=5))
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


def test_a_wrong_password_defers_the_mail_and_fails_none(certificate):
    reply, _ = handed(certificate, cafile=str(certificate / "cert.pem"), password="wrong")
    assert reply.fate is Fate.DEFERRED


def test_a_server_without_starttls_is_not_trusted():
    async def run() -> Reply:
        async with scripted({}) as plain:
            relay = Relay(RelayUrl(Line.STARTTLS, "localhost", plain.port), patience=Patience(2, 2, 2))
            return await relay.handover("a@example.org", "b@example.com", MESSAGE)

    assert asyncio.run(run()).fate is Fate.DEFERRED
