"""A server that falls silent is given up after the time of that step, and what it means depends on the step."""

import asyncio
from dataclasses import replace

import pytest

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay, Reply
from tests.campaigns.scripted import Script, scripted

LETTER = b"Subject: x\r\n\r\nhello\r\n"
LONG = Patience(60, 60, 60, 60, 60)
PIPELINES = "250-mail.test\n250 PIPELINING"


def test_nobody_is_less_patient_than_the_standard_asks():
    asked = Patience()
    minutes = [each / 60 for each in (asked.connect, asked.command, asked.data, asked.block, asked.body)]
    assert minutes == [5, 5, 2, 3, 10]  # RFC 5321 4.5.3.2


@pytest.mark.parametrize("ehlo", [PIPELINES, "250 mail.test"], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(
    ("step", "short", "fate", "phase"),
    [
        ("CONNECT", "connect", Fate.DEFERRED, Phase.CONNECT),
        ("EHLO", "connect", Fate.DEFERRED, Phase.CONNECT),
        ("MAIL", "command", Fate.DEFERRED, Phase.MAIL),
        ("RCPT", "command", Fate.DEFERRED, Phase.RCPT),
        ("DATA", "data", Fate.DEFERRED, Phase.DATA),
        ("DOT", "body", Fate.UNKNOWN, Phase.DOT),
    ],
)
def test_each_step_has_a_time_of_its_own(step, short, fate, phase, ehlo):
    script: Script = {"EHLO": ehlo} | {step: "hang"}

    async def run() -> Reply:
        async with scripted(script) as server:
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port), patience=replace(LONG, **{short: 0.05}))
            return await asyncio.wait_for(relay.handover("a@example.org", "b@example.com", LETTER), 30)

    reply = asyncio.run(run())
    assert (reply.fate, reply.phase, reply.code) == (fate, phase, None)
    assert "0.05 seconds" in reply.text or phase is Phase.CONNECT
