"""A mail server that says what a test tells it to say, on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Answer = str | None  # None: the line is dropped; "hang": nothing is said
DEFAULTS: dict[str, Answer] = {
    "CONNECT": "220 mail.test", "EHLO": "250 mail.test", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go",
    "BODY": "", "DOT": "250 queued as 1", "RSET": "250 ok", "QUIT": "221 bye",
}  # fmt: skip


Script = dict[str, Answer | list[Answer]]


class ScriptedServer:
    """Answers each command from a script: one answer for ever, or a list that is used up and then the default."""

    def __init__(self, script: Script, hook: Callable[[str], Awaitable[None]] | None) -> None:
        self.script = script
        self.hook = hook
        self.port = 0
        self.commands: list[str] = []
        self.messages: list[bytes] = []
        self.connections = 0

    def answer(self, step: str) -> Answer:
        told = self.script.get(step, DEFAULTS.get(step, "500 what?"))
        if isinstance(told, list):
            return told.pop(0) if told else DEFAULTS[step]
        return told

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter, step: str) -> bool:
        if self.hook is not None:
            await self.hook(step)
        told = self.answer(step)
        if told is None:
            return False
        if told == "hang":
            await asyncio.sleep(30)
        if told:
            writer.write(told.replace("\n", "\r\n").encode() + b"\r\n")
            await writer.drain()
        return True

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._say(writer, "CONNECT"):
            return
        while line := await reader.readline():
            command = line.decode().strip()
            self.commands.append(command)
            step = command.split(" ")[0].upper()
            if not await self._say(writer, step) or step == "QUIT":
                return
            if step == "DATA" and self.script.get("DATA", "354").__class__ is str:
                if not str(self.script.get("DATA", "354 go")).startswith("354"):
                    continue
                if self.answer("BODY") is None:
                    await reader.read(100)
                    return
                self.messages.append(await reader.readuntil(b"\r\n.\r\n"))
                if not await self._say(writer, "DOT"):
                    return


@asynccontextmanager
async def scripted(
    script: Script | None = None, *, hook: Callable[[str], Awaitable[None]] | None = None
) -> AsyncIterator[ScriptedServer]:
    """Start such a server: `async with scripted({"RCPT": "550 no"}) as server:`.

    `hook` is awaited with each step before it is answered.
    """
    server = ScriptedServer(script or {}, hook)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
