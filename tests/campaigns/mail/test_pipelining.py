"""Several commands in one write, and each answer for what it answers: on real sockets, with a server played by hand."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Meant, Phase
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Envelope, Patience, Relay, Reply
from tests.campaigns.scripted import scripted
from tests.campaigns.talking import Caller, Talk, talking

QUICK = Patience(connect=2, command=2, body=2, data=2, block=2)
PIPELINES = "250-mail.test\n250 PIPELINING"
ME, ANN, BOB = "me@example.org", "ann@example.com", "bob@example.com"
LETTER = b"Subject: x\r\n\r\nhello\r\n"
MAIL = b"MAIL FROM:<me@example.org> SIZE=21\r\n"
ASK_ANN = MAIL + b"RCPT TO:<ann@example.com>\r\nDATA\r\n"
ASK_BOB = MAIL + b"RCPT TO:<bob@example.com>\r\nDATA\r\n"
YES = b"250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n"


def relay_to(port: int, **options: Any) -> Relay:
    return Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK, **options)


def played(talk: Talk, act: Callable[[Relay], Coroutine[Any, Any, None]], **options: Any) -> list[Caller]:
    """Let the act run against the talk; those who called."""

    async def run() -> list[Caller]:
        async with talking(talk) as (port, callers):
            relay = relay_to(port, **options)
            await act(relay)
            await relay.close()
        return callers

    return asyncio.run(run())


async def to(relay: Relay, recipient: str, *, then: str | None = None) -> Reply:
    following = Envelope.of(ME, then, LETTER) if then else None
    return await relay.handover(ME, recipient, LETTER, following=lambda: following)


def test_where_the_server_pipelines_the_envelope_is_one_write_and_the_next_one_comes_with_the_dot():
    async def talk(caller: Caller, _: int) -> None:
        await caller.greet()
        assert await caller.hear(b"DATA\r\n") == ASK_ANN
        caller.say(YES)
        assert await caller.hear(b"\r\n.\r\n" + ASK_BOB) == LETTER + b".\r\n" + ASK_BOB
        caller.say(b"250 2.0.0 took ann's\r\n" + YES)
        assert await caller.hear(b"\r\n.\r\n") == LETTER + b".\r\n"
        caller.say(b"554 5.6.0 not bob's\r\n")
        assert await caller.hear(b"\r\n") == b"QUIT\r\n"
        caller.say(b"221 bye\r\n")

    async def act(relay: Relay) -> None:
        assert await to(relay, ANN, then=BOB) == Reply(Fate.SENT, 250, "2.0.0 took ann's", Phase.DOT, "2.0.0")
        assert await to(relay, BOB) == Reply(Fate.FAILED, 554, "5.6.0 not bob's", Phase.DOT, "5.6.0")

    assert len(played(talk, act)) == 1


def test_where_it_does_not_or_shall_not_each_command_waits_for_its_answer():
    async def talk(caller: Caller, _: int) -> None:
        await caller.greet(b"250-mail.test\r\n250 SIZE 100000\r\n")
        for _letter in range(2):
            for said, answer in (
                (MAIL, b"250 ok\r\n"), (b"RCPT TO:<ann@example.com>\r\n", b"250 ok\r\n"), (b"DATA\r\n", b"354 go\r\n"),
                (LETTER + b".\r\n", b"250 ok\r\n"),
            ):  # fmt: skip
                assert await caller.hear(said) == said
                caller.say(answer)

    async def act(relay: Relay) -> None:
        assert (await to(relay, ANN, then=ANN)).fate is Fate.SENT
        assert (await to(relay, ANN)).fate is Fate.SENT

    played(talk, act)


def test_pipelining_can_be_switched_off_for_a_relay_that_offers_it():
    async def run() -> list[str]:
        async with scripted({"EHLO": PIPELINES}) as server:
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port, pipelining=False), patience=QUICK)
            assert not (await relay._connected()).offer.pipelining
            assert (await to(relay, ANN, then=BOB)).fate is Fate.SENT
            await relay.close()
            return server.commands

    assert asyncio.run(run())[-1] == "QUIT"


def test_what_was_announced_and_does_not_come_ends_the_line_and_nothing_is_handed_over_in_its_name():
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        await caller.hear(b"DATA\r\n")
        caller.say(YES)
        await caller.hear(b"\r\n.\r\n" + (ASK_BOB if number == 0 else b""))
        caller.say(b"250 ok\r\n" + (YES if number == 0 else b""))
        await caller.hear_the_end()

    async def act(relay: Relay) -> None:
        assert (await to(relay, ANN, then=BOB)).fate is Fate.SENT
        assert (await to(relay, ANN)).fate is Fate.SENT

    first, second = played(talk, act)
    assert first.heard == ASK_ANN + LETTER + b".\r\n" + ASK_BOB
    assert second.heard.startswith(ASK_ANN + LETTER + b".\r\n")


def test_a_message_that_was_announced_and_never_came_leaves_no_empty_mail_behind():
    async def talk(caller: Caller, _: int) -> None:
        await caller.greet()
        await caller.hear(b"DATA\r\n")
        caller.say(YES)
        await caller.hear(ASK_BOB)
        caller.say(b"250 ok\r\n" + YES)
        await caller.hear_the_end()

    async def act(relay: Relay) -> None:
        assert (await to(relay, ANN, then=BOB)).fate is Fate.SENT

    (caller,) = played(talk, act)
    assert caller.heard.count(b"\r\n.\r\n") == 1
    assert b"QUIT" not in caller.heard


@pytest.mark.parametrize("last", [b"354 go\r\n", b"554 5.5.1 no valid recipients\r\n"])
def test_g1_a_refused_recipient_gets_no_dot_whatever_the_server_answers_to_data(last):
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        if number == 0:
            await caller.hear(ASK_ANN)
            caller.say(b"250 ok\r\n550 5.1.1 no such user\r\n" + last)
        await caller.hear(ASK_BOB)
        caller.say(b"250 reset\r\n" * (number == 0) + YES)
        await caller.hear(b"\r\n.\r\n")
        caller.say(b"250 ok\r\n")
        await caller.hear_the_end()

    async def act(relay: Relay) -> None:
        reply = await to(relay, ANN)
        assert (reply.fate, reply.phase, reply.enhanced) == (Fate.FAILED, Phase.RCPT, "5.1.1")
        assert (await to(relay, BOB)).fate is Fate.SENT

    callers = played(talk, act)
    dots = b"".join(caller.heard for caller in callers).count(b"\r\n.\r\n")
    assert dots == 1
    assert len(callers) == (2 if last.startswith(b"354") else 1)
    assert (b"RSET\r\n" + ASK_BOB in callers[0].heard) is (len(callers) == 1)


@pytest.mark.parametrize(
    ("answers", "fate", "phase", "meant"),
    [
        (b"421 4.3.2 closing\r\n", Fate.DEFERRED, Phase.MAIL, Meant.RELAY),
        (b"250 ok\r\n421 4.7.0 too fast\r\n", Fate.DEFERRED, Phase.RCPT, Meant.DOMAIN),
        (b"250 ok\r\n250 ok\r\n421 closing\r\n", Fate.DEFERRED, Phase.DATA, Meant.RELAY),
        (b"550 5.7.1 not you\r\n503 a\r\n503 b\r\n", Fate.FAILED, Phase.MAIL, Meant.MESSAGE),
        (b"250 ok\r\n450 4.7.1 slowly\r\n503 b\r\n", Fate.DEFERRED, Phase.RCPT, Meant.DOMAIN),
        (b"250 ok\r\n", Fate.DEFERRED, Phase.RCPT, Meant.RELAY),
        (b"250 ok\r\n250 ok\r\n", Fate.DEFERRED, Phase.DATA, Meant.RELAY),
        (b"250 ok\r\n250 ok\r\n354 go\r\n250 unasked\r\n", Fate.DEFERRED, Phase.BODY, Meant.RELAY),
        (b"250 ok\r\nhello there\r\n", Fate.DEFERRED, Phase.RCPT, Meant.RELAY),
        (b"", Fate.DEFERRED, Phase.MAIL, Meant.RELAY),
    ],
)
def test_a_no_or_the_end_at_any_command_is_told_with_its_place(answers, fate, phase, meant):
    async def talk(caller: Caller, _: int) -> None:
        await caller.greet()
        await caller.hear(ASK_ANN)
        caller.say(answers)
        caller.hang_up()

    async def act(relay: Relay) -> None:
        reply = await to(relay, ANN)
        assert (reply.fate, reply.phase, reply.meant) == (fate, phase, meant)
        assert reply.reached

    played(talk, act)


def test_a_line_is_renewed_after_its_number_of_messages_and_nothing_is_announced_on_its_last():
    async def run() -> tuple[int, list[Fate], int]:
        async with scripted({"EHLO": PIPELINES}) as server:
            relay = relay_to(server.port, most_messages=2)
            fates = [(await to(relay, ANN, then=ANN)).fate for _ in range(5)]
            await relay.close()
            return server.connections, fates, len(server.messages)

    assert asyncio.run(run()) == (3, [Fate.SENT] * 5, 5)


def test_a_following_envelope_that_the_server_does_not_take_is_not_announced_and_refused_in_its_turn():
    async def run() -> tuple[list[Reply], list[str]]:
        async with scripted({"EHLO": PIPELINES}) as server:
            relay = relay_to(server.port)
            replies = [await to(relay, ANN, then="bob@example.com>\r\nRSET"), await to(relay, "jörg@example.com")]
            await relay.close()
            return replies, server.commands

    (first, second), commands = asyncio.run(run())
    assert (first.fate, second.fate, second.phase) == (Fate.SENT, Fate.FAILED, Phase.PREPARE)
    assert commands[1:] == ["MAIL FROM:<me@example.org>", "RCPT TO:<ann@example.com>", "DATA", "QUIT"]


def test_who_cannot_say_what_follows_does_not_cost_this_message_its_dot():
    def broken() -> Envelope:
        raise RuntimeError("the queue is gone")

    async def run() -> Reply:
        async with scripted({"EHLO": PIPELINES}) as server:
            relay = relay_to(server.port)
            reply = await relay.handover(ME, ANN, LETTER, following=broken)
            await relay.close()
            return reply

    assert asyncio.run(run()).fate is Fate.SENT
