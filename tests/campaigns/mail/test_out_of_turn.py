"""What a server says unasked ends the line and is never taken for the answer to anything."""

import asyncio

import pytest

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Meant, Phase
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.reply_reading import Said
from campaigns.mail.replying import answered, lost, masked
from campaigns.mail.smtp import Patience, Relay, Reply
from tests.campaigns.talking import Caller, Talk, talking

QUICK = Patience(connect=2, command=2, body=2, data=2, block=2)
ME, ANN = "me@example.org", "ann@example.com"
LETTER = b"Subject: x\r\n\r\nhello\r\n"
YES = b"250 ok\r\n250 ok\r\n354 go\r\n"


def two(talk: Talk, *, ends: bool = False) -> tuple[list[Reply], list[Caller]]:
    """Hand over two messages; the second one when the first line's talk is over, if it `ends`."""

    async def run() -> tuple[list[Reply], list[Caller]]:
        async with talking(talk) as (port, callers):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)
            replies = [await relay.handover(ME, ANN, LETTER)]
            if ends:
                await callers[0].ended.wait()
            replies.append(await relay.handover(ME, ANN, LETTER))
            await relay.close()
            return replies, callers

    return asyncio.run(run())


async def takes_one(caller: Caller, answer: bytes = b"250 ok\r\n") -> None:
    await caller.hear(b"DATA\r\n")
    caller.say(YES)
    await caller.hear(b"\r\n.\r\n")
    caller.say(answer)


@pytest.mark.parametrize(
    "unasked", [b"250 2.0.0 and this one too\r\n", b"421 4.4.2 idle\r\n", b"hello", b"25", b"\r\n", b"550 no\r\n" * 50]
)
def test_after_a_transaction_it_is_believed_of_nothing_and_the_next_message_takes_a_new_line(unasked):
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        await takes_one(caller, b"250 2.0.0 first\r\n" + unasked if number == 0 else b"550 5.1.1 second\r\n")
        await caller.hear_the_end()

    (first, second), callers = two(talk)
    assert (first.fate, first.text) == (Fate.SENT, "2.0.0 first")
    assert (second.fate, second.text) == (Fate.FAILED, "5.1.1 second")
    assert len(callers) == 2
    assert callers[0].heard.count(b"MAIL") == 1


@pytest.mark.parametrize("last_words", [b"421 4.4.2 idle\r\n", b""])
def test_a_kept_line_that_the_server_ended_costs_the_next_message_nothing(last_words):
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        await takes_one(caller)
        if number == 0:
            caller.say(last_words)
            caller.hang_up()
        else:
            await caller.hear_the_end()

    replies, callers = two(talk, ends=True)
    assert [reply.fate for reply in replies] == [Fate.SENT, Fate.SENT]
    assert len(callers) == 2


@pytest.mark.parametrize("answer", [b"421 4.7.0 enough messages on this line\r\n", b"nonsense\r\n", None])
def test_a_kept_line_that_is_refused_at_mail_is_renewed_once(answer):
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        if number == 0:
            await takes_one(caller)
        await caller.hear(b"DATA\r\n")
        if answer:
            caller.say(answer)
        caller.hang_up()

    (first, second), callers = two(talk)
    assert first.fate is Fate.SENT
    assert (second.fate, second.phase, second.meant) == (Fate.DEFERRED, Phase.MAIL, Meant.RELAY)
    assert len(callers) == 2


def test_a_yes_before_the_dot_is_no_yes():
    async def talk(caller: Caller, _: int) -> None:
        await caller.greet()
        await caller.hear(b"DATA\r\n")
        caller.say(YES)
        await caller.hear(LETTER)
        caller.say(b"250 2.0.0 taken already\r\n")
        await caller.hear_the_end()

    async def run() -> tuple[Reply, bytes]:
        async with talking(talk) as (port, callers):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)

            async def permit() -> bool:
                await callers[0].ended.wait()
                return True

            reply = await relay.handover(ME, ANN, LETTER, permit=permit)
            return reply, callers[0].heard

    reply, heard = asyncio.run(run())
    assert (reply.fate, reply.phase, reply.code) == (Fate.DEFERRED, Phase.BODY, 250)
    assert not heard.endswith(b"\r\n.\r\n")


def test_rset_that_is_refused_ends_the_line():
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        if number == 0:
            await caller.hear(b"DATA\r\n")
            caller.say(b"250 ok\r\n550 5.1.1 no\r\n503 no\r\n")
            await caller.hear(b"DATA\r\n")
            caller.say(b"502 what is RSET\r\n" + YES)
            await caller.hear_the_end()
        await takes_one(caller)
        await caller.hear_the_end()

    (first, second), callers = two(talk)
    assert (first.fate, second.fate) == (Fate.FAILED, Fate.SENT)
    assert len(callers) == 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("5.1.1 <ann@example.com>: no such user", "5.1.1 <•••@•••>: no such user"),
        ("ann@example.com,bob@example.com", "•••@•••,•••@•••"),
        ("jörg@exämple.org is gone\x00\x1b[2J\udc80", "•••@••• is gone  [2J "),
        ("x" * 2000, "x" * 500),
        ("x@" * 2000, ""),
        ("x" * 400 + " " + "y" * 589 + " ann@example.com", "x" * 400 + " " + "y" * 99),
        ("a " * 495 + "ann@example.com", ("a " * 250)),
    ],
)
def test_p1_what_a_server_says_is_kept_without_addresses_and_control_characters(said, kept):
    assert masked(said) == kept
    assert answered(Phase.DOT, Said(554, said)).text == kept
    assert lost(Phase.DOT, said).text == kept
