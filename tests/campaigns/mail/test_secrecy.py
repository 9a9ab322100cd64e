"""A server that tells our password back to us does not get it into any log, page or table."""

import asyncio
import logging
from base64 import b64encode

import pytest

from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.secrecy import as_it_is, hiding
from campaigns.mail.smtp import Patience, Relay, Reply
from tests.campaigns.scripted import Script, scripted

USER, PASSWORD = "postroom", "correct+horse"
SIGNS_IN: Script = {"EHLO": "250-mail.test\n250 AUTH PLAIN", "AUTH": "235 welcome"}


def coded(text: str) -> str:
    return b64encode(text.encode()).decode()


FORMS = [PASSWORD, USER, coded(PASSWORD), coded(USER), coded(f"\0{USER}\0{PASSWORD}"), coded(PASSWORD).rstrip("=")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT"])
def test_p1_what_we_signed_in_with_is_hidden_in_every_answer(step, form, caplog):
    echo = f"554 5.7.1 no <{form}>={form} here " + "x" * 450 + f" {form}"
    caplog.set_level(logging.DEBUG)

    async def run() -> tuple[Reply, str]:
        async with scripted({**SIGNS_IN, step: echo}) as server:
            relay = Relay(RelayUrl(Line.PLAIN, "localhost", server.port, USER, PASSWORD), patience=Patience(2, 2, 2))
            trouble = await relay.trouble()
            reply = await relay.handover("a@example.org", "b@example.com", b"Subject: x\r\n\r\nx\r\n")
            await relay.close()
            return reply, trouble

    reply, trouble = asyncio.run(run())
    told = reply.text + trouble + caplog.text
    assert "5.7.1 no" in reply.text
    assert not [each for each in (*FORMS, form[: len(form) // 2 + 1]) if each in told]


def test_short_words_are_hidden_only_where_they_stand_alone():
    hide = hiding(RelayUrl(Line.TLS, "mx.test", user="no", password="an"))
    assert hide("no such annal, an: now no=") == "••• such annal, •••: now •••="
    assert hiding(RelayUrl(Line.PLAIN, "mx.test")) is as_it_is
    assert as_it_is("no") == "no"
