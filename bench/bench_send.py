"""How fast campaigns are sent, beside Postfix's smtp-source to the same smtp-sink in the same minute; a JSON line."""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.sending_runs import Order, free_port, measure
from bench.towns import a_database

KINDS = ("postgresql", "sqlite")
SESSIONS = 20
SBIN = "/usr/sbin"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--database", choices=KINDS, action="append", help="one kind only")
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--connections", type=int, default=60)
    parser.add_argument("--runs", type=int, default=1, help="how often, on the same database")
    parser.add_argument("--profile", type=Path, help="file for where the sender's time goes")
    given = parser.parse_args()
    if program("smtp-sink") is None or program("smtp-source") is None:
        print(json.dumps({"bench": "send", "skipped": "Postfix's smtp-sink and smtp-source are not installed"}))
        return
    for kind in given.database or KINDS:
        with a_database(kind) as url, a_sink() as port:
            order = Order(given.messages, url, f"127.0.0.1:{port}", given.senders, given.connections)
            order = replace(order, profile=given.profile and given.profile.resolve())
            for _ in range(given.runs):
                print(json.dumps(beside_the_source(order, port)), flush=True)


def beside_the_source(order: Order, port: int) -> dict[str, Any]:
    """A run between two of smtp-source; the ratio is to the mean of both."""
    before = source_rate(port, order.messages, order.size)
    measured = measure(order)
    after = source_rate(port, order.messages, order.size)
    told = {"smtp_source_per_second": [round(before), round(after)]}
    return measured | told | {"ratio": round(measured["messages_per_second"] * 2 / (before + after), 3)}


def source_rate(port: int, messages: int, size: int) -> float:
    """Messages a second of `smtp-source -d -s 20`: kept lines, one after another, nothing but SMTP."""
    command = [str(program("smtp-source")), "-d", "-s", str(SESSIONS), "-l", str(size), "-m", str(messages)]
    command += ["-f", "news@example.org", "-t", "reader@example.org", f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(command, check=True, timeout=600, stdout=subprocess.DEVNULL)
    return messages / (time.perf_counter() - began)


@contextmanager
def a_sink() -> Iterator[int]:
    """The port of an smtp-sink that takes everything and forgets it."""
    port = free_port()
    command = [str(program("smtp-sink")), "-u", "nobody", "-c", f"127.0.0.1:{port}", "1000"]
    sink = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if sink.poll() is not None or time.monotonic() > deadline:
                sys.exit("smtp-sink does not listen")
            time.sleep(0.02)
        yield port
    finally:
        sink.terminate()
        sink.wait(10)


def program(name: str) -> str | None:
    """Where a program of Postfix is, on the path or where Debian puts it."""
    return shutil.which(name) or shutil.which(name, path=SBIN)


if __name__ == "__main__":
    main()
