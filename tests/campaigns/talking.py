"""A mail server that a test plays by hand, byte by byte, on a real socket."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

OFFER = (
    b"250-mail.test\r\n250-PIPELINING\r\n250-SIZE 100000\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8\r\n"
)


class Caller:
    """One line, from the server's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._heard = bytearray()
        self.ended = asyncio.Event()
        self._news = asyncio.Event()
        self._told = 0

    @property
    def heard(self) -> bytes:
        """All that the client said after EHLO."""
        return bytes(self._heard)

    async def greet(self, offer: bytes = OFFER, *, hello: bool = True) -> None:
        """Greet, and say what the server can do; without `hello` the client has been greeted before."""
        if hello:
            self.say(b"220 mail.test\r\n")
        await self._reader.readuntil(b"\r\n")
        self.say(offer)

    async def secure(self, tls: ssl.SSLContext, *, offer: bytes = b"", after: bytes = b"") -> None:
        """Greet, and go over to TLS when the client asks; `after` is slipped in behind the answer, unprotected."""
        self.say(b"220 mail.test\r\n")
        await self._reader.readuntil(b"\r\n")
        self.say(b"250-mail.test\r\n" + offer + b"250 STARTTLS\r\n")
        assert await self._reader.readuntil(b"\r\n") == b"STARTTLS\r\n"
        self.say(b"220 go on\r\n" + after)
        await self._writer.start_tls(tls)

    def say(self, data: bytes) -> None:
        """Say just these bytes."""
        self._writer.write(data)

    async def hear(self, end: bytes) -> bytes:
        """Wait until the client has said something that ends so; what it said since the last time."""
        while not (self._heard.endswith(end) and len(self._heard) >= self._told + len(end)):
            data = await self._reader.read(65536)
            if not data:
                raise ConnectionError("the client hung up")
            self._take(data)
        news, self._told = bytes(self._heard[self._told :]), len(self._heard)
        return news

    async def hear_the_end(self) -> None:
        """Wait until the client hangs up or says goodbye."""
        with suppress(ConnectionError):
            while not self._heard.endswith(b"QUIT\r\n") and (data := await self._reader.read(65536)):
                self._take(data)

    async def has_heard(self, words: bytes) -> None:
        """Wait, while the talk goes on, until the client has said this."""
        async with asyncio.timeout(10):
            while words not in self._heard:
                self._news.clear()
                await self._news.wait()

    def _take(self, data: bytes) -> None:
        self._heard += data
        self._news.set()

    def hang_up(self) -> None:
        """End the line."""
        self._writer.close()


Talk = Callable[[Caller, int], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[Caller]]]:
    """Play `talk(caller, number)` with each that calls; the port, and the callers so far.

    A client that hangs up ends the talk; anything else that goes wrong in it is raised at the end.
    """
    callers: list[Caller] = []
    wrong: list[Exception] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = Caller(reader, writer)
        callers.append(caller)
        try:
            await talk(caller, len(callers) - 1)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except Exception as error:  # noqa: BLE001 - told to the test below
            wrong.append(error)
        finally:
            caller.ended.set()
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], callers
    finally:
        server.close()
    if wrong:
        raise wrong[0]
