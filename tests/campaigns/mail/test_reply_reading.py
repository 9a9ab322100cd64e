"""Replies are the same however the network cuts them, and none is ever too long for us."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail.conversation import Conversation, Patience, broke
from campaigns.mail.envelopes import Envelope, Offer
from campaigns.mail.reply_reading import LONGEST_LINE, MOST_LINES, ReplyReader, Said
from campaigns.mail.replying import Reply
from campaigns.mail.wire import BrokenLineError, Wire

QUICK = Patience(5, 5, 5, 5, 5)
MESSAGE = b"Subject: x\r\n\r\nhello\r\n"
ENVELOPE = Envelope.of("a@example.org", "b@example.com", MESSAGE)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"250 ok\r\n", Said(250, "ok")),
        (b"250\r\n", Said(250, "")),
        (b"250 \r\n", Said(250, "")),
        (b"250-\r\n250\r\n", Said(250, "")),
        (b"250-a\r\n250-b\r\n250 c\r\n", Said(250, "a b c")),
        (b"250 ok\n", Said(250, "ok")),
        (b"550 5.1.1 J\xc3\xb6rg \xff\r\n", Said(550, "5.1.1 Jörg \ufffd")),
    ],
)
def test_a_reply_is_a_code_and_its_words(data, said):
    reader = ReplyReader()
    assert reader.read(data) == [said]
    assert not reader.is_midway
    assert not reader.garbled


@pytest.mark.parametrize(
    "data",
    [b"hello\r\n", b"25 ok\r\n", b"2500 ok\r\n", b"150 ok\r\n", b"650 ok\r\n", b"250+ok\r\n", b"\r\n", b" 250 ok\r\n",
     b"250-a\r\n251 b\r\n", b"250-a\r\nhello\r\n", b"250 a\rb\r\n", b"250 " + b"x" * LONGEST_LINE + b"\r\n",
     b"x" * (LONGEST_LINE + 1), b"250-x\r\n" * (MOST_LINES + 1), "２５０ ok\r\n".encode()],
)  # fmt: skip
def test_what_is_no_reply_is_told_at_once_and_ends_the_reading(data):
    reader = ReplyReader()
    assert reader.read(b"220 hello\r\n" + data + b"250 late\r\n") == [Said(220, "hello")]
    assert reader.garbled


replies = st.lists(
    st.tuples(st.integers(200, 599), st.lists(st.text("aé .-5\t", max_size=8), min_size=1, max_size=4)), max_size=6
)
cuts = st.lists(st.integers(0, 400), max_size=12)


def cut(data: bytes, at: list[int]) -> list[bytes]:
    marks = [0, *sorted({each for each in at if 0 < each < len(data)}), len(data)]
    return [data[start:end] for start, end in pairwise(marks)]


@given(replies, cuts)
def test_replies_are_the_same_wherever_they_are_cut(said, at):
    lines = [
        f"{code}{'-' if number < len(words) - 1 else ' '}{word}\r\n"
        for code, words in said
        for number, word in enumerate(words)
    ]
    data = "".join(lines).encode()
    reader = ReplyReader()
    found = [each for piece in cut(data, at) for each in reader.read(piece)]
    assert found == [Said(code, " ".join(map(str.strip, words)).strip()) for code, words in said]
    assert not reader.is_midway
    assert not reader.garbled


HANG_UP = b""


class Rope(asyncio.Transport):
    """A line in memory to a server that answers each end of a command with the next of its pieces."""

    def __init__(self, answers: list[list[bytes]]) -> None:
        super().__init__()
        self.answers = answers
        self.written = b""
        self.ended = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, Wire)
        self.wire = protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)
        if bytes(data).endswith((b"DATA\r\n", b".\r\n")) and self.answers:
            for piece in self.answers.pop(0):
                asyncio.get_running_loop().call_soon(self._deliver, piece)

    def _deliver(self, piece: bytes) -> None:
        if not self.ended and piece == HANG_UP:
            self.wire.eof_received()
        elif not self.ended:
            self.wire.data_received(piece)

    def is_closing(self) -> bool:
        return self.ended

    def abort(self) -> None:
        self.ended = True


def conversed(asking: list[bytes], dotted: list[bytes]) -> tuple[Reply, bytes]:
    """Hand one message over on such a line; the reply and what was written."""

    async def run() -> tuple[Reply, bytes]:
        rope = Rope([asking, dotted])
        line = Conversation(Wire(rope), Offer(pipelining=True), QUICK)
        try:
            refused = await line.announce(ENVELOPE)
            reply = refused or await line.transmit(MESSAGE, None, None)
        except BrokenLineError as error:
            reply = broke(line.phase, error)
        return reply, rope.written

    return asyncio.run(run())


ASKING = [
    (b"250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n", None),
    (b"250-2.1.0 a\r\n250 2.1.0 b\r\n550-5.1.1 no\r\n550 5.1.1 such user\r\n554 5.5.1 none\r\n", Fate.FAILED),
    (b"250 ok\r\n451 4.7.1 come later\r\n503 first\r\n", Fate.DEFERRED),
    (b"421 4.3.2 going down\r\n", Fate.DEFERRED),
    (b"250 ok\r\n250 ok\r\n354 go\r\n", None),
]
DOTTED = [
    (b"250 2.0.0 queued as 1\r\n", Fate.SENT),
    (b"250-2.0.0 queued\r\n250 2.0.0 as 1\r\n", Fate.SENT),
    (b"554 5.7.1 spam\r\n", Fate.FAILED),
    (b"421 4.3.2 later\r\n", Fate.DEFERRED),
    (b"2x0 what\r\n", Fate.UNKNOWN),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ASKING), st.sampled_from(DOTTED), cuts, cuts)
def test_the_reply_to_a_handover_is_the_same_wherever_the_answers_are_cut(asking, dotted, first, second):
    whole, written = conversed([asking[0]], [dotted[0]])
    pieces, again = conversed(cut(asking[0], first), cut(dotted[0], second))
    assert pieces == whole
    assert again == written
    assert whole.fate is (asking[1] or dotted[1])


@given(st.binary(max_size=300), cuts)
@settings(max_examples=60, deadline=None)
def test_whatever_a_server_says_before_the_dot_nothing_is_sent_or_unknown_without_it(noise, at):
    pieces = [piece for piece in cut(noise, at) if piece]
    reply, written = conversed([*pieces, HANG_UP], [b"250 ok\r\n"])
    if not written.endswith(b"\r\n.\r\n"):
        assert reply.fate in {Fate.DEFERRED, Fate.FAILED}
        assert reply.phase is not Phase.DOT
