"""Handovers a second on one core, against smtp-sink beside smtp-source, near by and 50 ms away: one JSON line a run."""

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvloop

from campaigns.domain.fates import Fate
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Envelope, Relay

SIZE = 10_240
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/postfix/sbin"])
ME, YOU = "sender@example.org", "reader{}@example.com"
LINE = b"Every line of this letter is as long as a line of a letter is.\r\n"
MESSAGE = (b"From: sender@example.org\r\nSubject: bench\r\n\r\n" + LINE * 200)[: SIZE - 2] + b"\r\n"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run a server until the end of the block; it listens when the block begins."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def far_away(port: int, round_trip: float) -> Iterator[int]:
    """The same port, behind a line with a round trip in seconds."""
    script = str(Path(__file__).with_name("delay_proxy.py"))
    command = [sys.executable, script, str(port), str(round_trip)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def granted() -> bool:
    """Answer as a permit that costs nothing."""
    return True


async def hand_over(port: int, lines: int, messages: int, *, pipelining: bool = True, ahead: bool = True) -> None:
    """Hand `messages` over on so many lines."""
    left = iter(range(messages))
    url = RelayUrl(Line.PLAIN, "127.0.0.1", port, pipelining=pipelining)

    async def work() -> None:
        relay = Relay(url, most_messages=1000)
        mine = next(left, None)
        while mine is not None:
            then = next(left, None)
            after = Envelope.of(ME, YOU.format(then), MESSAGE) if then is not None and ahead else None
            reply = await relay.handover(ME, YOU.format(mine), MESSAGE, permit=granted, following=lambda e=after: e)  # type: ignore[misc]  # a bound default
            assert reply.fate is Fate.SENT, reply
            mine = then
        await relay.close()

    await asyncio.gather(*(work() for _ in range(lines)))


def measured(port: int, lines: int, messages: int, **how: bool) -> dict[str, Any]:
    """Messages a second, and the sender's CPU for one in microseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    uvloop.run(hand_over(port, lines, messages, **how))
    took, used = time.perf_counter() - wall, time.process_time() - cpu
    return {"a_second": round(messages / took), "cpu_us": round(used / messages * 1e6, 1)}


def smtp_source(port: int, messages: int) -> int:
    """Messages a second of Postfix's own generator, on 20 connections that are kept."""
    command = ["smtp-source", "-d", "-s", "20", "-l", str(SIZE), "-m", str(messages), f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(command, check=True, env={"PATH": PATH}, stdout=subprocess.DEVNULL)
    return round(messages / (time.perf_counter() - began))


def main() -> None:
    """Run each for at most a few seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--lines", type=int, nargs="*", default=[1, 8, 20, 32])
    given = parser.parse_args()
    sink = shutil.which("smtp-sink", path=PATH)
    if sink is None:
        print(json.dumps({"bench": "smtp", "skipped": "smtp-sink (Debian: postfix) is not installed"}))
        return
    port = free_port()
    found: dict[str, Any] = {"bench": "smtp", "bytes": len(MESSAGE)}
    rights = ["-u", "nobody"] if os.geteuid() == 0 else []
    with running([sink, *rights, f"127.0.0.1:{port}", "100"], port):
        found["smtp_source"] = smtp_source(port, given.messages)
        for lines in given.lines:
            found[f"lines_{lines}"] = measured(port, lines, given.messages // (4 if lines == 1 else 1))
        found["lines_20_not_ahead"] = measured(port, 20, given.messages, ahead=False)
        found["smtp_source_again"] = smtp_source(port, given.messages)
        with far_away(port, 0.05) as distant:
            found["far_piped"] = measured(distant, 20, 1000)
            found["far_not_ahead"] = measured(distant, 20, 600, ahead=False)
            found["far_one_by_one"] = measured(distant, 20, 300, pipelining=False)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
