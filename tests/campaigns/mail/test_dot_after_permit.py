"""The last byte waits for its permit, on every kind of line and whatever else goes wrong."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvloop

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail import smtp
from campaigns.mail.conversation import Conversation, Following, Permit
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.replying import answered, withheld
from campaigns.mail.smtp import Envelope, Patience, Relay, Reply
from campaigns.mail.stuffing import stuffed
from tests.campaigns.talking import Caller, talking

QUICK = Patience(connect=2, command=2, body=2, data=2, block=0.3)
ME, ANN, BOB = "me@example.org", "ann@example.com", "bob@example.com"
LETTER = b"Subject: x\r\n\r\nhello\r\n"
YES = b"250 ok\r\n250 ok\r\n354 go\r\n"
RUNS: list[Callable[[Coroutine[Any, Any, Any]], Any]] = [asyncio.run, uvloop.run]


async def takes(caller: Caller, _: int) -> None:
    """Take whatever comes."""
    await caller.greet()
    await caller.hear(b"DATA\r\n")
    caller.say(YES)
    await caller.hear_the_end()


class Asked:
    """A permit that is not answered before the server has heard the body."""

    def __init__(self, answer: bool | Exception, callers: list[Caller]) -> None:
        self.answer = answer
        self.callers = callers
        self.times = 0

    async def __call__(self) -> bool:
        self.times += 1
        await self.callers[-1].has_heard(LETTER)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def refused(
    answer: bool | Exception, run: Callable[[Coroutine[Any, Any, Any]], Any] = asyncio.run
) -> tuple[Reply, bytes]:
    """Hand one message over without a permit; the reply, and all that the server ever heard."""

    async def act() -> tuple[Reply, bytes]:
        async with talking(takes) as (port, callers):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)
            asked = Asked(answer, callers)
            reply = await relay.handover(ME, ANN, LETTER, permit=asked, following=lambda: Envelope.of(ME, BOB, LETTER))
            assert asked.times == 1
            await callers[0].ended.wait()
            return reply, callers[0].heard

    result: tuple[Reply, bytes] = run(act())
    return result


@pytest.mark.parametrize("run", RUNS, ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("answer", [False, RuntimeError("the database is away"), TimeoutError()], ids=repr)
def test_g1_g5_without_a_yes_the_server_hears_all_but_the_dot_and_then_the_line_is_gone(answer, run):
    reply, heard = refused(answer, run)
    assert reply == withheld()
    assert heard.endswith(b"DATA\r\n" + LETTER)


class Hasty(Conversation):
    """The mistake that the protocol is there to prevent: the dot goes with the body, the permit is asked later."""

    async def transmit(self, message: bytes, permit: Permit | None, following: Following | None) -> Reply:
        self.phase = Phase.BODY
        self.wire.write(stuffed(message) + b".\r\n", earns=1)
        if permit is not None and not await permit():
            self.wire.end("There was no permit.")
            return withheld()
        assert following
        return answered(Phase.DOT, await self.wire.reply(2))


def test_g1_control_a_dot_before_the_permit_is_found_by_the_test_above(monkeypatch):
    monkeypatch.setattr(smtp, "Conversation", Hasty)
    reply, heard = refused(answer=False)
    assert reply == withheld()
    assert heard.endswith(LETTER + b".\r\n")


def test_g1_a_permit_on_a_line_that_broke_meanwhile_is_not_used():
    async def talk(caller: Caller, number: int) -> None:
        await caller.greet()
        await caller.hear(b"DATA\r\n")
        caller.say(YES)
        await caller.hear(LETTER)
        caller.say(b"421 4.4.2 too slow\r\n")
        caller.hang_up()

    async def act() -> tuple[Reply, bytes]:
        async with talking(talk) as (port, callers):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)

            async def permit() -> bool:
                await callers[0].ended.wait()
                await asyncio.sleep(0.02)
                return True

            return await relay.handover(ME, ANN, LETTER, permit=permit), callers[0].heard

    reply, heard = asyncio.run(act())
    assert (reply.fate, reply.phase) == (Fate.DEFERRED, Phase.BODY)
    assert heard.endswith(LETTER)


@pytest.mark.parametrize("run", RUNS, ids=["asyncio", "uvloop"])
def test_a_server_that_stops_reading_is_given_up_and_no_permit_is_asked(run):
    big = b"x" * 78 + b"\r\n"
    big = big * (16 * 1024 * 1024 // len(big))

    async def talk(caller: Caller, number: int) -> None:
        await caller.greet(b"250-mail.test\r\n250 PIPELINING\r\n")
        await caller.hear(b"DATA\r\n")
        caller.say(YES)
        await caller.ended.wait()

    async def act() -> Reply:
        async with talking(talk) as (port, callers):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)

            async def permit() -> bool:
                raise AssertionError("asked before the server had the message")

            reply = await relay.handover(ME, ANN, big, permit=permit)
            callers[0].ended.set()
            return reply

    reply = run(act())
    assert (reply.fate, reply.phase) == (Fate.DEFERRED, Phase.BODY)


@pytest.mark.parametrize("run", RUNS, ids=["asyncio", "uvloop"])
def test_a_big_message_to_a_slow_server_arrives_whole_and_the_permit_is_asked_when_the_system_has_it(run):
    line = b".23456789" * 8 + b"\r\n"
    big = line * (16 * 1024 * 1024 // len(line))

    async def talk(caller: Caller, number: int) -> None:
        await caller.greet(b"250-mail.test\r\n250 PIPELINING\r\n")
        await caller.hear(b"DATA\r\n")
        caller.say(YES)
        await asyncio.sleep(0.05)  # meanwhile nothing is read, and the line is full
        await caller.hear(b"\r\n.\r\n")
        caller.say(b"250 ok\r\n")
        await caller.hear_the_end()

    async def act() -> tuple[Reply, list[int], bytes]:
        async with talking(talk) as (port, callers):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)
            held: list[int] = []

            async def permit() -> bool:
                assert relay._line is not None
                held.append(relay._line.wire._transport.get_write_buffer_size())
                return True

            reply = await relay.handover(ME, ANN, big, permit=permit)
            await relay.close()
            return reply, held, callers[0].heard

    reply, held, heard = run(act())
    assert reply.fate is Fate.SENT
    assert held == [0]
    assert heard.endswith(b"DATA\r\n" + stuffed(big) + b".\r\nQUIT\r\n")


@pytest.mark.parametrize(("dotted", "fate"), [(False, None), (True, Fate.UNKNOWN)])
def test_a_sender_that_is_stopped_leaves_nothing_half_said(dotted, fate):
    async def act() -> Reply | None:
        calling: asyncio.Future[Caller] = asyncio.get_running_loop().create_future()

        async def talk(caller: Caller, number: int) -> None:
            calling.set_result(caller)
            await (takes(caller, number) if dotted else says_nothing(caller))

        async with talking(talk) as (port, _):
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK)
            task = asyncio.create_task(relay.handover(ME, ANN, LETTER))
            caller = await calling
            await caller.has_heard(LETTER + b".\r\n" if dotted else b"DATA\r\n")
            task.cancel()
            await asyncio.wait([task])
            await caller.ended.wait()
            return None if task.cancelled() else task.result()

    reply = asyncio.run(act())
    assert (reply.fate if reply else None) is fate


async def says_nothing(caller: Caller) -> None:
    """Greet, and answer nothing."""
    await caller.greet()
    await caller.hear_the_end()
