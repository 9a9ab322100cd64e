"""People who leave while they are being written to, each by a door of their own; when they were told it is done."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.journeys.mails import Mail
from tests.oracle.estates import Estate

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"')
DONE, LATE, NOT = "done", "late", "not"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody who left was told, and when they had asked and the whole answer was there (monotonic ns)."""

    who: str
    door: str
    asked: int
    heard: int
    said: str


@dataclass
class Leavers:
    """The people, their old mails, and the house they leave; `host`: where its web server is reached."""

    estate: Estate
    token: str
    mails: Mapping[str, Mail]
    chance: Random
    host: str = "127.0.0.1"
    at_once: int = 8
    by_terminal: float = 0.06
    told: list[Confirmation] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def __post_init__(self) -> None:
        self.room = asyncio.Semaphore(self.at_once)

    async def leave(self, who: str, doors: "Sequence[Door]" = ()) -> None:
        """Leave by some door, or by one of these; once."""
        if who in self.begun:
            return
        self.begun.add(who)
        by_terminal = self.chance.random() < self.by_terminal
        door = self.chance.choice(doors or (TERMINAL_DOORS if by_terminal else WEB_DOORS))
        async with self.room:
            asked = time.monotonic_ns()
            try:
                said = await door(self, who)
            except OSError:
                said = NOT
            self.told.append(Confirmation(who, door.__name__, asked, time.monotonic_ns(), said))

    async def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> tuple[int, str]:
        """POST as a client that knows nothing but HTTP; the status and the page."""
        return await self.call("POST", path, body, {"Content-Type": kind})

    async def call(
        self, verb: str, path: str, body: bytes = b"", more: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """One request on a line of its own."""
        reader, writer = await asyncio.open_connection(self.host, self.estate.port)
        heads = {"Host": f"127.0.0.1:{self.estate.port}", "Connection": "close", "Content-Length": str(len(body))}
        heads |= {"Authorization": f"Bearer {self.token}"} if path.startswith("/api") else {}
        lines = [f"{verb} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (heads | dict(more or {})).items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        try:
            answer = await reader.read()
        finally:
            writer.close()
        head, _, page = answer.partition(b"\r\n\r\n")
        if not head:
            raise ConnectionError("no answer")
        return int(head.split(b" ", 2)[1]), page.decode(errors="replace")

    async def api(self, path: str, who: str) -> str:
        """A program's call."""
        code, _ = await self.call("POST", f"/api{path}", json.dumps({"address": who}).encode(), JSON)
        return {200: DONE, 202: LATE}.get(code, NOT)

    async def terminal(self, *arguments: str, given: bytes = b"") -> str:
        """A command of the house; a mail server or an operator runs it."""
        loop = asyncio.get_running_loop()
        said = await loop.run_in_executor(self.hands, lambda: self.estate.told(*arguments, given=given)["said"])
        return DONE if said == "done" else LATE


JSON = {"Content-Type": "application/json"}


def _said(answer: tuple[int, str]) -> str:
    code, page = answer
    if code != 200:
        return NOT
    return DONE if "<h1>Done" in page else LATE if "<h1>Recorded" in page else NOT


async def one_click(people: Leavers, who: str) -> str:
    """RFC 8058, as a mail program does it."""
    return _said(await people.post(urlsplit(people.mails[who].one_click).path, b"List-Unsubscribe=One-Click"))


async def page_with_token(people: Leavers, who: str) -> str:
    """The link in the mail, and its button with what the page had hidden in it."""
    path = urlsplit(people.mails[who].link("/u/")).path
    _, page = await people.call("GET", path)
    return _said(await people.post(path, urlencode(HIDDEN.findall(page)).encode()))


async def page_without_token(people: Leavers, who: str) -> str:
    """The address typed on the open page."""
    _, page = await people.call("GET", "/unsubscribe")
    return _said(await people.post("/unsubscribe", urlencode([*HIDDEN.findall(page), ("address", who)]).encode()))


async def contact_form(people: Leavers, who: str) -> str:
    """The page to write to us."""
    code, page = await people.post("/contact", urlencode({"reason": "stop", "address": who}).encode())
    return NOT if code != 200 else LATE if "may still arrive" in page else DONE


async def api(people: Leavers, who: str) -> str:
    """Another program."""
    return await people.api("/opt-outs", who)


async def complaint(people: Leavers, who: str) -> str:
    """A provider's feedback."""
    return await people.api("/complaints", who)


async def mailto(people: Leavers, who: str) -> str:
    """A letter to the unsubscribe address, as the mail server pipes it in."""
    return await people.terminal("opt-out", "--mail", "-", given=people.mails[who].letter_to_leave(who))


async def operator(people: Leavers, who: str) -> str:
    """An operator who was asked on the telephone."""
    return await people.terminal("opt-out", who, "--evidence", "a telephone call")


Door = Callable[[Leavers, str], Coroutine[Any, Any, str]]
WEB_DOORS: Sequence[Door] = (one_click, page_with_token, page_without_token, contact_form, api, complaint)
TERMINAL_DOORS: Sequence[Door] = (mailto, operator)
