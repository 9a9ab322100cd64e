"""Whatever a server does, at random: what it took is sent or unknown, what it did not take is never sent."""

import asyncio
import random
import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.fates import Fate
from campaigns.mail.conversation import Conversation, Patience, broke
from campaigns.mail.envelopes import Envelope, Offer
from campaigns.mail.replying import Reply
from campaigns.mail.wire import BrokenLineError, Wire

QUICK = Patience(5, 5, 5, 5, 5)
LETTER = b"Subject: x\r\n\r\nhello\r\n"
MESSAGES = 6
ACTS = ["ok"] * 12 + ["4", "5", "421", "drop", "extra", "garbage", "many lines"]


class Server:
    """Takes mail for b<number>@; obeys the protocol as to what it takes, and misbehaves as to what it says."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.took: list[int] = []

    def line(self) -> "Rope":
        """A new line to it."""
        return Rope(self)


class Rope(asyncio.Transport):
    """One line to the server, in memory; what it says comes in pieces."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self.ended = False
        self.inbox = b""
        self.recipient: int | None = None
        self.in_data = self.has_sender = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, Wire)
        self.wire = protocol

    def is_closing(self) -> bool:
        return self.ended

    def abort(self) -> None:
        self.ended = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self.ended:
            asyncio.get_running_loop().call_soon(self._take, bytes(data))

    def _take(self, data: bytes) -> None:
        self.inbox += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            before, found, after = self.inbox.partition(end)
            if not found:
                return
            self.inbox = after
            self._act(before)

    def _act(self, said: bytes) -> None:
        act = self.server.chance.choice(ACTS)
        if act == "drop":
            if self.in_data and self.recipient is not None and self.server.chance.random() < 0.5:
                self.server.took.append(self.recipient)
            self.inbox, self.in_data = b"", False
            self._say(b"")
            return
        yes = act not in {"4", "5", "421"}
        code = b"250"
        if self.in_data:
            self.in_data = False
            if yes and self.recipient is not None:
                self.server.took.append(self.recipient)
            yes, self.recipient = yes and self.recipient is not None, None
        elif said.startswith(b"RSET"):
            self.recipient, self.has_sender = None, False
        elif said.startswith(b"MAIL"):
            self.has_sender, self.recipient = yes, None
        elif match := re.match(rb"RCPT TO:<b(\d+)@", said):
            self.recipient = int(match.group(1)) if yes and self.has_sender else None
            yes = self.recipient is not None
        elif said.startswith(b"DATA"):
            yes = yes and (self.recipient is not None or self.server.chance.random() < 0.5)
            code, self.in_data = b"354", yes
        self._answer(act, code if yes else b"421" if act == "421" else b"450" if act == "4" else b"550")

    def _answer(self, act: str, code: bytes) -> None:
        before = code + b"-first\r\n" if act == "many lines" else b""
        after = {"extra": b"250 and another\r\n", "garbage": b"?!\r\n"}.get(act, b"")
        words = before + code + b" last\r\n" + after
        cut = self.server.chance.randrange(len(words))
        self._say(words[:cut]) if cut else None
        self._say(words[cut:])
        if code == b"421":
            self._say(b"")

    def _say(self, data: bytes) -> None:
        asyncio.get_running_loop().call_soon(self._deliver, data)

    def _deliver(self, data: bytes) -> None:
        if self.ended:
            return
        if data:
            self.wire.data_received(data)
        else:
            self.wire.eof_received()


async def mailing(server: Server, *, pipelining: bool, leave: Callable[[int], bool]) -> list[Reply]:
    """Hand over some messages, each announced ahead where it can be."""
    line: Conversation | None = None
    replies = []
    for number in range(MESSAGES):
        if line is None or not line.is_sound:
            line = Conversation(Wire(server.line()), Offer(pipelining=pipelining), QUICK)
        ahead = Envelope.of("a@example.org", f"b{number + 1}@example.com", LETTER)

        async def permit(number: int = number) -> bool:
            return leave(number)

        def following(ahead: Envelope = ahead) -> Envelope:
            return ahead

        try:
            refused = await line.announce(Envelope.of("a@example.org", f"b{number}@example.com", LETTER))
            replies.append(refused or await line.transmit(LETTER, permit, following))
        except BrokenLineError as error:
            replies.append(broke(line.phase, error))
    return replies


def violations(seed: int, *, pipelining: bool) -> list[str]:
    """Play one story; what in it should not be."""
    chance = random.Random(seed)
    server = Server(chance)
    permits = [chance.random() < 0.8 for _ in range(MESSAGES)]
    replies = asyncio.run(mailing(server, pipelining=pipelining, leave=permits.__getitem__))
    found = ["one was taken twice"] if len(server.took) != len(set(server.took)) else []
    for number, reply in enumerate(replies):
        taken, told = number in server.took, reply.fate in {Fate.SENT, Fate.UNKNOWN}
        found += [f"{number} was taken and is {reply.fate}"] if taken and not told else []
        found += [f"{number} was not taken and is sent"] if reply.fate is Fate.SENT and not taken else []
        found += [f"{number} had no permit and is {reply.fate}"] if (taken or told) and not permits[number] else []
    return found


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_g7_what_the_server_took_is_sent_or_unknown_and_what_it_did_not_take_is_never_sent(seed, pipelining):
    assert violations(seed, pipelining=pipelining) == []


def test_g7_control_a_line_that_believes_every_word_is_found_out(monkeypatch):
    def believe(self: Wire, data: bytes) -> None:
        self._replies += self._reader.read(data)
        self._reader.garbled = ""
        self._wake()

    monkeypatch.setattr(Wire, "data_received", believe)
    stories = (violations(seed, pipelining=pipelining) for seed in range(500) for pipelining in (True, False))
    assert any(stories)
