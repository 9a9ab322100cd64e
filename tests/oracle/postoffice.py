"""A mail server of the judge's own: it notes every verb with a monotonic clock, and is as bad as it is told to be."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

TO = re.compile(rb"^RCPT TO:<([^>]*)>", re.IGNORECASE)
SUBJECT = re.compile(rb"^Subject: (.*?)\r$", re.MULTILINE)
END = b"\r\n.\r\n"
EXTENSIONS = ("8BITMIME", "ENHANCEDSTATUSCODES", "SIZE 20000000", "SMTPUTF8")

MOODS: Mapping[str, float] = {
    "reject-rcpt": 0.01, "defer-mail": 0.005, "defer-rcpt": 0.01, "defer-data": 0.005, "reject-dot": 0.01,
    "defer-dot": 0.02, "drop-at-mail": 0.005, "drop-at-data": 0.005, "drop-in-body": 0.01, "drop-before-dot": 0.005,
    "lose-at-dot": 0.005, "keep-and-drop": 0.005, "hang-after-dot": 0.002, "close-at-mail": 0.005,
    "close-at-dot": 0.005, "slow-data": 0.05, "slow-dot": 0.05, "split": 0.05, "many-lines": 0.1,
}  # fmt: skip
"""What may happen to a letter, and how often."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One line that a client said, or `BODY` and `DOT`; when (monotonic nanoseconds), and how many bytes."""

    at: int
    line: int
    word: str
    size: int


@dataclass(slots=True)
class Letter:
    """One transaction: whose, of which mailing, when its last dot's first byte came, and what became of it here.

    `code` is what was answered to the dot, 0 where nothing was; `heard` is when it was answered.
    """

    to: str
    line: int
    began: int
    mood: str = ""
    dot: int = 0
    subject: str = ""
    kept: bool = False
    code: int = 0
    heard: int = 0
    size: int = 0
    raw: bytes = b""


@dataclass(eq=False)
class Inbox(asyncio.Protocol):
    """What came on one line, with the moment of each chunk; the reading may be slow, the moments are not."""

    on_line: Callable[["Inbox"], None]
    transport: asyncio.Transport | None = None
    held: bytearray = field(default_factory=bytearray)
    chunks: list[tuple[int, int]] = field(default_factory=list)
    taken: int = 0
    ended: bool = False
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.on_line(self)

    def data_received(self, data: bytes) -> None:
        at = time.monotonic_ns()
        self.held += data
        self.chunks.append((self.taken + len(self.held), at))
        self.more.set()

    def connection_lost(self, _: Exception | None) -> None:
        self.ended = True
        self.more.set()

    async def until(self, mark: bytes, *, after: int = 0) -> tuple[bytes, int]:
        """What comes up to and with a mark, and when the byte `after` bytes into the mark came."""
        looked = 0
        while (found := self.held.find(mark, looked)) < 0:
            if self.ended:
                raise ConnectionError
            looked = max(0, len(self.held) - len(mark) + 1)
            self.more.clear()
            await self.more.wait()
        at = self.moment(self.taken + found + after)
        part = bytes(self.held[: found + len(mark)])
        del self.held[: len(part)]
        self.taken += len(part)
        self.chunks = [each for each in self.chunks if each[0] > self.taken]
        return part, at

    def moment(self, place: int) -> int:
        """When the byte at this place came."""
        return next(at for end, at in self.chunks if end > place)

    def say(self, text: str) -> None:
        """Answer, if anybody is there."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(text.encode() + b"\r\n")

    def drop(self) -> None:
        """End the line at once."""
        if self.transport is not None:
            self.transport.abort()


@dataclass
class Postoffice:
    """The server. `watching` is told of each letter at its steps: rcpt, data, body, dot."""

    seed: int
    moods: Mapping[str, float] = field(default_factory=dict)
    pipelining: float = 0.5
    keep_raw: bool = False
    slow: float = 0.05
    hang: float = 2.0
    watching: Callable[[str, str], None] = lambda _who, _step: None
    verbs: list[Verb] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    lines: int = 0
    port: int = 0
    talks: set[asyncio.Task[None]] = field(default_factory=set)
    inboxes: set[Inbox] = field(default_factory=set)
    chance: Random = field(init=False)
    listening: asyncio.Server | None = None

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; on the port it had before, if it had one."""
        loop = asyncio.get_running_loop()
        self.listening = await loop.create_server(lambda: Inbox(self._met), host, port or self.port)
        self.port = self.listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone: nobody is answered, whoever speaks is cut off."""
        if self.listening is not None:
            self.listening.close()
        for inbox in list(self.inboxes):
            inbox.drop()
        for talk in list(self.talks):
            talk.cancel()
        await asyncio.gather(*self.talks, return_exceptions=True)

    def _met(self, inbox: Inbox) -> None:
        self.lines += 1
        self.inboxes.add(inbox)
        talk = asyncio.ensure_future(self._talk(inbox, self.lines))
        self.talks.add(talk)
        talk.add_done_callback(self.talks.discard)

    async def _talk(self, inbox: Inbox, line: int) -> None:
        with suppress(ConnectionError):
            inbox.say("220 post.test ESMTP")
            while await self._command(inbox, line):
                pass
        self.inboxes.discard(inbox)
        inbox.drop()

    async def _command(self, inbox: Inbox, line: int) -> bool:
        said, at = await inbox.until(b"\r\n")
        word = said[:4].upper().decode("ascii", "replace")
        self.verbs.append(Verb(at, line, word, len(said)))
        if word == "EHLO":
            offered = [*EXTENSIONS, *(["PIPELINING"] if self.chance.random() < self.pipelining else [])]
            inbox.say("\r\n".join(["250-post.test", *(f"250-{each}" for each in offered[:-1]), f"250 {offered[-1]}"]))
        elif word == "MAIL":
            return await self._transaction(inbox, line, at)
        elif word == "QUIT":
            inbox.say("221 2.0.0 bye")
            if inbox.transport is not None:
                inbox.transport.close()
            return False
        else:
            inbox.say("503 5.5.1 first MAIL" if word in {"RCPT", "DATA"} else "250 2.0.0 ok")
        return True

    def _mood(self) -> str:
        for mood, share in self.moods.items():
            if self.chance.random() < share:
                return mood
        return ""

    async def _transaction(self, inbox: Inbox, line: int, at: int) -> bool:
        """From MAIL to the dot, or to whatever comes between; False where the line is to be dropped."""
        mood = self._mood()
        if mood in {"drop-at-mail", "close-at-mail", "defer-mail"}:
            if mood != "drop-at-mail":
                inbox.say("421 4.3.2 closing" if mood == "close-at-mail" else "451 4.3.0 later")
            return mood == "defer-mail"
        inbox.say("250 2.1.0 ok")
        said, at = await inbox.until(b"\r\n")
        self.verbs.append(Verb(at, line, said[:4].decode("ascii", "replace").upper(), len(said)))
        found = TO.match(said)
        if found is None:
            inbox.say("250 2.0.0 reset" if said.upper().startswith(b"RSET") else "503 5.5.1 RCPT comes next")
            return True
        letter = Letter(found[1].decode(), line, at, mood)
        self.letters.append(letter)
        self.watching(letter.to, "rcpt")
        if mood in {"reject-rcpt", "defer-rcpt"}:
            inbox.say("550 5.7.1 not here" if mood == "reject-rcpt" else "450 4.2.1 not now")
            return True
        inbox.say("250 2.1.5 ok")
        said, at = await inbox.until(b"\r\n")
        self.verbs.append(Verb(at, line, said[:4].decode("ascii", "replace").upper(), len(said)))
        if not said.upper().startswith(b"DATA"):
            inbox.say("250 2.0.0 ok")
            return True
        return await self._body(inbox, letter, mood)

    async def _body(self, inbox: Inbox, letter: Letter, mood: str) -> bool:
        if mood in {"drop-at-data", "defer-data"}:
            inbox.say("451 4.3.0 later") if mood == "defer-data" else None
            return mood == "defer-data"
        self.watching(letter.to, "data")
        if mood == "slow-data":
            await asyncio.sleep(self.chance.uniform(0, self.slow))
        inbox.say("354 go on")
        while not inbox.held and not inbox.ended:
            inbox.more.clear()
            await inbox.more.wait()
        if mood == "drop-in-body":
            return False
        self.watching(letter.to, "body")
        if mood == "drop-before-dot":  # all but the dot has come by then, most likely
            await asyncio.sleep(self.chance.uniform(0, 0.004))
            inbox.transport.close() if inbox.transport and END not in inbox.held else None
        raw, letter.dot = await inbox.until(END, after=2)
        self.verbs.append(Verb(letter.dot, letter.line, "DOT", len(raw)))
        subject = SUBJECT.search(raw)
        letter.subject, letter.size = subject[1].decode() if subject else "", len(raw)
        letter.raw = raw[: -len(END) + 2] if self.keep_raw else b""
        self.watching(letter.to, "dot")
        return await self._judged(inbox, letter, mood)

    async def _judged(self, inbox: Inbox, letter: Letter, mood: str) -> bool:
        if mood == "slow-dot":
            await asyncio.sleep(self.chance.uniform(0, self.slow))
        if mood in {"lose-at-dot", "keep-and-drop"}:
            letter.kept = mood == "keep-and-drop"
            return False
        if mood == "hang-after-dot":
            letter.kept = True
            await asyncio.sleep(self.hang)
            return False
        letter.code = {"reject-dot": 554, "defer-dot": 451, "close-at-dot": 421}.get(mood, 250)
        letter.kept = letter.code == 250
        letter.heard = time.monotonic_ns()
        if mood == "split":
            assert inbox.transport is not None
            inbox.transport.write(b"250 2.6")
            await asyncio.sleep(0.002)
            inbox.say(".0 kept")
        elif mood == "many-lines":
            inbox.say("250-2.6.0 kept\r\n250 2.6.0 and queued")
        else:
            inbox.say({250: "250 2.6.0 kept", 554: "554 5.7.1 no"}.get(letter.code, f"{letter.code} 4.3.2 later"))
        return letter.code != 421
