"""The bytes between us and a mail server: commands out, replies in, each owed reply told from a word out of turn."""

import asyncio
import socket
import struct
from collections import deque
from typing import cast

from campaigns.mail.reply_reading import ReplyReader, Said
from core.clock import elapsed

_PIECE = 64 * 1024
"""Bytes of a message that are written before the server must have taken them."""
_AT_ONCE, _IN_ORDER = struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)
UNHEARD_MILLISECONDS = 8000
"""How long the system goes on trying to deliver what the other machine does not acknowledge.

Shorter than the silence after which the database ends the session of a machine that is cut off (core.holding): nothing
may arrive of a sender that others took for dead.
"""


class BrokenLineError(Exception):
    """The line is gone, or cannot be trusted any more; `said` is what the server said out of turn."""

    def __init__(self, why: str, said: Said | None = None) -> None:
        super().__init__(why)
        self.said = said


class Wire(asyncio.Protocol):
    """Takes over an open, secured and greeted line; one task uses it at a time.

    Each write says how many replies it earns. Whatever else the server says breaks the line, so that no reply is ever
    taken for the answer to something else. Replies that came before a break are still read.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        self._reader = ReplyReader()
        self._replies: deque[Said] = deque()
        self._owed = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._broken: BrokenLineError | None = None
        self._deadline = 0.0  # of the present wait, by the loop's clock
        self._seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.heard_at = 0.0  # on core.clock.elapsed: when the server said something last
        # paused as soon as a byte is held here: what was written and drained is with the system, not with us
        transport.set_write_buffer_limits(high=1)
        transport.set_protocol(self)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is known to be wrong with the line."""
        return self._broken is None and not self._transport.is_closing()

    def write(self, data: bytes, *, earns: int = 0) -> None:
        """Write; `earns` replies follow.

        Raises:
            BrokenLineError: the line was gone before; nothing was written.
        """
        if self._broken is not None or self._transport.is_closing():
            raise self._broken or BrokenLineError("The line to the mail server broke.")
        self._owed += earns
        try:
            self._transport.write(data)
        except RuntimeError as error:  # uvloop says so of a transport that it closed
            raise BrokenLineError(str(error)) from None

    async def write_all(self, data: bytes, seconds: float) -> None:
        """Write much, no faster than the server takes it; each piece within `seconds`.

        Raises:
            BrokenLineError: the line broke, or the server stopped reading.
        """
        for start in range(0, len(data), _PIECE):
            self.write(data[start : start + _PIECE] if len(data) > _PIECE else data)
            while self._paused and self._broken is None:
                await self._something(seconds)
        if self._broken is not None:
            raise self._broken

    async def reply(self, seconds: float) -> Said:
        """Wait for the next reply.

        Raises:
            BrokenLineError: it did not come.
        """
        while not self._replies:
            if self._broken is not None:
                raise self._broken
            await self._something(seconds)
        return self._replies.popleft()

    def take(self, codes: list[int]) -> bool:
        """Take the replies that are there if they are just these; else all of them stay."""
        if [said.code for said in self._replies] != codes:
            return False
        self._replies.clear()
        return True

    def end(self, why: str = "The line was ended.") -> None:
        """End the line at once; what is not written yet is thrown away."""
        self._break(BrokenLineError(why))

    def part(self) -> None:
        """Let the line end in order: everything that was said on it has been answered."""
        _set(self._transport, socket.SOL_SOCKET, socket.SO_LINGER, _IN_ORDER)

    def data_received(self, data: bytes) -> None:
        """Read replies; called by the event loop."""
        if self._broken is not None:
            return
        self.heard_at = elapsed()
        for said in self._reader.read(data):
            if not self._owed:
                self._break(BrokenLineError("The mail server spoke out of turn.", said))
                return
            self._owed -= 1
            self._replies.append(said)
        if self._reader.garbled:
            self._break(BrokenLineError(self._reader.garbled))
        elif not self._owed and self._reader.is_midway:
            self._break(BrokenLineError("The mail server spoke out of turn."))
        elif self._replies:
            self._wake()

    def eof_received(self) -> None:
        """Take the server's goodbye; called by the event loop."""
        self._break(BrokenLineError("The mail server closed the line."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the line is gone; called by the event loop."""
        self._break(BrokenLineError(str(exc) if exc and str(exc) else "The mail server closed the line."))

    def pause_writing(self) -> None:
        """Hold back; called by the event loop."""
        self._paused = True

    def resume_writing(self) -> None:
        """Go on writing; called by the event loop."""
        self._paused = False
        self._wake()

    def _something(self, seconds: float) -> "asyncio.Future[None]":
        """What to await until something happens to the line; it breaks after `seconds` in which nothing did."""
        self._seconds = seconds
        self._deadline = deadline = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > deadline:
            self._look_at(deadline)
        self._waiter = waiter = self._loop.create_future()
        return waiter

    def _look_at(self, moment: float) -> None:
        """Look then whether a wait is over its time: one timer serves the waits of many messages."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(moment, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if self._loop.time() < self._deadline:
            self._look_at(self._deadline)
        else:
            self._break(BrokenLineError(f"The mail server did not answer within {self._seconds:g} seconds."))

    def _break(self, why: BrokenLineError) -> None:
        if self._broken is None:
            self._broken = why
            self._transport.abort()
            if self._timer is not None:
                self._timer.cancel()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def take_over(transport: asyncio.BaseTransport | None) -> Wire:
    """Speak on a line that somebody else opened.

    The system forgets what it still holds of the line when the line ends, or its process dies: a dot must not arrive
    when its permit has been settled (G1).

    Raises:
        BrokenLineError: it is closed already.
    """
    if transport is None or transport.is_closing():
        raise BrokenLineError("The mail server closed the line.")
    _set(transport, socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        _set(transport, socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MILLISECONDS)
    return Wire(cast(asyncio.Transport, transport))


def _set(transport: asyncio.BaseTransport, level: int, option: int, value: int | bytes) -> None:
    opened = transport.get_extra_info("socket")
    if opened is not None and opened.fileno() >= 0:
        opened.setsockopt(level, option, value)
