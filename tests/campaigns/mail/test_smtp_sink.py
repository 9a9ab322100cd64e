"""Handovers to Postfix's smtp-sink: a server that we did not write, whole and when it misbehaves."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from campaigns.domain.fates import Fate
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Envelope, Patience, Relay, Reply
from tests.journeys.houses import free_port

PLACES = (os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/postfix/sbin")
SINK = shutil.which("smtp-sink", path=os.pathsep.join(PLACES))
pytestmark = pytest.mark.skipif(SINK is None, reason="smtp-sink (Debian: postfix) is not installed")
ME = "me@example.org"
LETTER = b"Subject: x\r\n\r\n" + b"A line of the letter.\r\n.\r\n" * 200
LINES, EACH = 3, 12


@contextmanager
def sink(*options: str) -> Iterator[int]:
    """Run a sink; its port."""
    port = free_port()
    rights = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [str(SINK), *rights, *options, f"127.0.0.1:{port}", "100"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield port
        finally:
            process.terminate()


async def greeted(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise AssertionError("smtp-sink does not listen")


def handed(port: int, *, pipelining: bool = True) -> list[Reply]:
    """Hand over LINES x EACH messages, each announced with the dot of the one before."""

    async def line(url: RelayUrl) -> list[Reply]:
        relay, replies = Relay(url, patience=Patience(5, 5, 5, 5, 5), most_messages=10), []
        for number in range(EACH):
            then = Envelope.of(ME, f"b{number + 1}@example.com", LETTER) if number + 1 < EACH else None
            to = f"b{number}@example.com"
            replies.append(await relay.handover(ME, to, LETTER, following=lambda then=then: then))  # type: ignore[misc]  # a bound default
        await relay.close()
        return replies

    async def run() -> list[Reply]:
        await greeted(port)
        url = RelayUrl(Line.PLAIN, "127.0.0.1", port, pipelining=pipelining)
        return [reply for each in await asyncio.gather(*(line(url) for _ in range(LINES))) for reply in each]

    return asyncio.run(run())


@pytest.mark.parametrize("pipelining", [True, False])
def test_every_message_is_taken(pipelining):
    with sink() as port:
        replies = handed(port, pipelining=pipelining)
    assert {reply.fate for reply in replies} == {Fate.SENT}
    assert len(replies) == LINES * EACH


@pytest.mark.parametrize(
    ("options", "fate"),
    [
        (["-f", "MAIL"], Fate.FAILED),
        (["-f", "RCPT"], Fate.FAILED),  # answers DATA with 354 all the same
        (["-f", "DATA"], Fate.FAILED),
        (["-f", "."], Fate.FAILED),
        (["-r", "MAIL"], Fate.DEFERRED),
        (["-r", "RCPT"], Fate.DEFERRED),
        (["-r", "DATA"], Fate.DEFERRED),
        (["-r", "."], Fate.DEFERRED),
        (["-q", "MAIL"], Fate.DEFERRED),
        (["-q", "RCPT"], Fate.DEFERRED),
        (["-q", "DATA"], Fate.DEFERRED),
        (["-q", "."], Fate.UNKNOWN),
        (["-Q", "MAIL"], Fate.DEFERRED),
        (["-Q", "RCPT"], Fate.DEFERRED),
        (["-Q", "DATA"], Fate.DEFERRED),
        (["-Q", "."], Fate.DEFERRED),
        (["-p"], Fate.SENT),
        (["-8"], Fate.SENT),
        (["-e"], Fate.SENT),
        (["-E"], Fate.SENT),
    ],
)  # fmt: skip
def test_a_sink_that_misbehaves_gets_the_fate_of_its_phase(options, fate):
    with sink(*options) as port:
        replies = handed(port)
    assert {reply.fate for reply in replies} == {fate}
    assert all(reply.reached for reply in replies)
