"""A crowd of browsers for the benchmarks: kept connections to a server of this machine that cost it little."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop

_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = b"content-length: "
_PLACE = b"\r\nlocation: "


@dataclass(frozen=True, slots=True)
class Seen:
    """What one request was answered with: its status, and where it led to."""

    status: int
    place: bytes


@dataclass(frozen=True, slots=True)
class Press:
    """One request as bytes; `judge` is told what came of it and says whether this walk goes on."""

    request: bytes
    judge: Callable[[Seen], bool]


Walk = Iterator[Press]


@dataclass
class Tally:
    """What the whole crowd saw: how many requests, how long each took in seconds, when the first and the last ended."""

    took: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.took) / max(self.ended - self.began, 1e-9)

    def milliseconds(self, share: float) -> float:
        """How long so many of the requests took at most."""
        ordered = sorted(self.took)
        return round(1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1) if ordered else 0.0


class Walker(asyncio.Protocol):
    """One kept connection that takes one walk after another until there is none."""

    def __init__(self, walks: Iterator[Walk], tally: Tally, done: asyncio.Future[None]) -> None:
        self._walks, self._tally, self._done = walks, tally, done
        self._walk: Walk = iter(())
        self._read = bytearray()
        self._asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own kind of it
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Ask on when an answer is whole."""
        self._read += data
        head = self._read.find(_HEAD_ENDS)
        if head < 0:
            return
        told = bytes(self._read[: head + 2]).lower()
        place = told.find(_LENGTH)
        length = int(told[place + len(_LENGTH) : told.index(b"\r\n", place)]) if place >= 0 else 0
        if len(self._read) >= head + len(_HEAD_ENDS) + length:
            self._answered(bytes(self._read[: head + 2]))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away, or we did."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed a kept connection"))

    def _answered(self, head: bytes) -> None:
        self._tally.ended = time.perf_counter()
        self._tally.took.append(self._tally.ended - self._asked_at)
        self._read.clear()
        place = head.lower().find(_PLACE)
        led = head[place + len(_PLACE) : head.index(b"\r\n", place + 2)] if place >= 0 else b""
        if not self._press.judge(Seen(int(head[9:12]), led)):
            self._walk = iter(())
        self._ask()

    def _ask(self) -> None:
        press = next(self._walk, None)
        while press is None:
            walk = next(self._walks, None)
            if walk is None:
                if not self._done.done():
                    self._done.set_result(None)
                self._transport.close()
                return
            self._walk = walk
            press = next(walk, None)
        self._press = press
        self._asked_at = time.perf_counter()
        self._transport.write(press.request)


def crowd(port: int, walks: Iterator[Walk], connections: int) -> Tally:
    """Walk all walks over so many kept connections at once; each ends what it began."""

    async def all_of_them() -> Tally:
        loop, tally = asyncio.get_running_loop(), Tally(began=time.perf_counter())
        ends = [loop.create_future() for _ in range(connections)]
        for end in ends:
            await loop.create_connection(lambda end=end: Walker(walks, tally, end), "127.0.0.1", port)  # type: ignore[misc]  # mypy cannot infer this lambda
        await asyncio.gather(*ends)
        return tally

    return uvloop.run(all_of_them())


def get(path: str, port: int) -> bytes:
    """A GET as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n".encode()


def post(path: str, port: int, form: str) -> bytes:
    """A form that is sent, as bytes."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(form)}\r\n\r\n{form}".encode()
