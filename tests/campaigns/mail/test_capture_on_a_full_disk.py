"""A disk that takes no more: the mail waits, the log says it once, and nothing half-written stays."""

import asyncio
import logging
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.domain.fates import Fate
from campaigns.mail.capture import LEFT_OVER, Capture, store
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Relay, Reply
from core.clock import now

LARGE = b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" + b"yyyy\r\n" * 20_000
SMALL = b"Subject: x\r\n\r\nx\r\n"


@pytest.fixture
def full() -> Iterator[None]:
    """The system refuses this process files of more than 50 kB, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("full")
def test_what_cannot_be_stored_waits_is_told_once_and_leaves_nothing(tmp_path, caplog):
    caplog.set_level(logging.INFO, "heedful.capture")

    async def run() -> list[Reply]:
        capture = Capture(tmp_path)
        url = RelayUrl(Line.PLAIN, "127.0.0.1", await capture.start())
        replies = []
        for message in (LARGE, LARGE, SMALL, LARGE):
            relay = Relay(url)
            replies.append(await relay.handover("a@example.org", "b@example.com", message))
            await relay.close()
        await capture.stop()
        return replies

    replies = asyncio.run(run())
    assert [reply.fate for reply in replies] == [Fate.DEFERRED, Fate.DEFERRED, Fate.SENT, Fate.DEFERRED]
    assert [reply.code for reply in replies] == [452, 452, 250, 452]
    told = [record for record in caplog.records if record.name == "heedful.capture"]
    assert [(record.levelname, record.exc_info) for record in told] == [("WARNING", None)] * 2
    assert not list(tmp_path.rglob("*.part"))
    assert len(list(tmp_path.rglob("*.eml"))) == 1


def test_what_a_dead_process_left_is_swept_at_the_start_and_what_is_being_written_is_not(tmp_path):
    kept = store(tmp_path, "a@example.com", SMALL)
    (day,) = tmp_path.iterdir()
    old, fresh = day / ".old.part", day / ".fresh.part"
    for each in (old, fresh):
        each.write_bytes(b"half")
    long_ago = (now() - LEFT_OVER).timestamp() - 1
    for each in (old, day / f"{kept}.eml"):
        os.utime(each, (long_ago, long_ago))

    async def start(folder: Path) -> None:
        capture = Capture(folder)
        await capture.start()
        await capture.stop()

    asyncio.run(start(tmp_path))
    assert {each.name for each in day.iterdir()} == {fresh.name, f"{kept}.eml"}
