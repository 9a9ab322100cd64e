"""A line that does not come about leaves nothing behind, and is said of no message."""

import asyncio

import pytest
import uvloop

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay, Reply
from tests.campaigns.scripted import Script, scripted
from tests.campaigns.talking import Caller, talking

QUICK = Patience(connect=5, command=5, body=5)
LETTER = b"Subject: x\r\n\r\nhello\r\n"
RUNS = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


async def handed(host: str, port: int) -> Reply:
    relay = Relay(RelayUrl(Line.PLAIN, host, port), patience=QUICK)
    reply = await relay.handover("a@example.org", "b@example.com", LETTER)
    await relay.close()
    return reply


@RUNS
@pytest.mark.parametrize("name", ["no.such.name.test", "x" * 64 + ".test", "a..test", "a b.test"])
def test_a_name_without_an_address_defers(run, name):
    reply = run(handed(name, 1))
    assert (reply.fate, reply.phase, reply.reached) == (Fate.DEFERRED, Phase.CONNECT, False)
    assert reply.text


@RUNS
def test_when_one_address_takes_nobody_the_next_is_tried(run):
    """localhost is ::1 too on most machines, where this server does not listen."""

    async def both() -> Reply:
        async with scripted({}) as server:
            return await handed("localhost", server.port)

    assert run(both()).fate is Fate.SENT


@RUNS
def test_who_is_stopped_while_the_line_is_opened_hangs_up(run):
    async def act() -> None:
        calling: asyncio.Future[Caller] = asyncio.get_running_loop().create_future()

        async def talk(caller: Caller, _: int) -> None:
            caller.say(b"220 mail.test\r\n")
            await caller.hear(b"\r\n")
            calling.set_result(caller)
            await caller.hear_the_end()

        async def hand_over() -> None:
            await handed("127.0.0.1", port)

        async with talking(talk) as (port, _):
            task = asyncio.create_task(hand_over())
            caller = await calling
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
            await asyncio.wait_for(caller.ended.wait(), 5)

    run(act())


def test_the_doctor_hears_why_there_is_no_line():
    async def troubles() -> list[str]:
        found = []
        scripts: list[Script] = [{}, {"CONNECT": "554 5.7.1 not from there"}, {"EHLO": None}]
        for script in scripts:
            async with scripted(script) as server:
                relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port), patience=QUICK)
                found.append(await relay.trouble())
                await relay.close()
        return found

    well, refused, lost = asyncio.run(troubles())
    assert (well, refused) == ("", "5.7.1 not from there")
    assert lost


@RUNS
@pytest.mark.parametrize("user", ["", "ann"])
@pytest.mark.parametrize("helo", [None, "502 5.5.1 what?"])
@pytest.mark.parametrize("answer", ["421 4.3.2 ask b@example.com", "554 5.7.1 not you, ann@example.org"])
def test_what_a_server_says_to_our_greeting_is_what_is_told(run, answer, helo, user):
    async def act() -> Reply:
        async with scripted({"EHLO": answer, "HELO": helo}) as server:
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port, user, user), patience=QUICK)
            return await relay.handover("a@example.org", "b@example.com", LETTER)

    reply = run(act())
    assert (reply.code, reply.text) == (int(answer[:3]), answer[4:].rpartition(" ")[0] + " •••@•••")
    assert (reply.fate, reply.reached) == (Fate.DEFERRED, False)


def test_a_refused_password_is_told_with_where_it_is_written():
    async def act() -> str:
        async with scripted({"EHLO": "250-mail.test\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no"}) as server:
            return await Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port, "ann", "pa:ss"), patience=QUICK).trouble()

    assert asyncio.run(act()) == "5.7.8 no (The user and the password in HEEDFUL_SMTP_URL are not taken.)"
