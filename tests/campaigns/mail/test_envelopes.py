"""What a server takes is known from its own words, and what it does not take is refused before anything is said."""

import asyncio

import pytest

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail.envelopes import Envelope, Offer, commands, read_offer
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay, Reply
from core.errors import BadInput
from tests.campaigns.scripted import scripted

ALL = Offer(pipelining=True, size=True, largest=1000, eight_bit=True, utf8=True)
ME, ANN, JOERG = "me@example.org", "ann@example.com", "jörg@exämple.org"


@pytest.mark.parametrize(
    ("extensions", "offer"),
    [
        ({}, Offer()),
        ({"pipelining": "", "8bitmime": "", "smtputf8": ""}, Offer(pipelining=True, eight_bit=True, utf8=True)),
        ({"size": "10240000"}, Offer(size=True, largest=10240000)),
        ({"size": ""}, Offer(size=True)),
        ({"size": "0"}, Offer(size=True)),
        ({"size": "-1"}, Offer(size=True)),
        ({"size": "²"}, Offer(size=True)),
        ({"size": "9" * 30}, Offer(size=True)),
    ],
)
def test_an_offer_is_read_from_what_ehlo_answered(extensions, offer):
    assert read_offer(extensions, pipelining=True) == offer


def test_pipelining_is_not_used_where_it_is_switched_off():
    assert not read_offer({"pipelining": ""}, pipelining=False).pipelining


@pytest.mark.parametrize(
    ("envelope", "offer", "mail", "rcpt"),
    [
        (Envelope(ME, ANN, 10, utf8=False), Offer(), "<me@example.org>", "<ann@example.com>"),
        (Envelope(ME, ANN, 10, utf8=False), ALL, "<me@example.org> SIZE=10", "<ann@example.com>"),
        (Envelope(ME, ANN, 1000, utf8=True), ALL, "<me@example.org> SIZE=1000 BODY=8BITMIME", "<ann@example.com>"),
        (Envelope(ME, JOERG, 1, utf8=False), ALL, "<me@example.org> SIZE=1 SMTPUTF8 BODY=8BITMIME",
         "<jörg@xn--exmple-cua.org>"),
        (Envelope(ME, "ann@exämple.org", 1, utf8=False), Offer(), "<me@example.org>", "<ann@xn--exmple-cua.org>"),
        (Envelope(JOERG, ANN, 1, utf8=True), Offer(utf8=True),
         "<jörg@xn--exmple-cua.org> SMTPUTF8 BODY=8BITMIME", "<ann@example.com>"),
    ],
)  # fmt: skip
def test_an_envelope_is_announced_with_what_the_server_offered(envelope, offer, mail, rcpt):
    said = [f"MAIL FROM:{mail}\r\n".encode(), f"RCPT TO:{rcpt}\r\n".encode(), b"DATA\r\n"]
    assert list(commands(envelope, offer)) == said


@pytest.mark.parametrize(
    ("envelope", "offer", "why"),
    [
        (Envelope(ME, ANN, 1001, utf8=False), ALL, "SIZE"),
        (Envelope(ME, ANN, 10, utf8=True), Offer(), "8BITMIME"),
        (Envelope(ME, JOERG, 10, utf8=False), Offer(eight_bit=True), "SMTPUTF8"),
        (Envelope(JOERG, ANN, 10, utf8=False), Offer(eight_bit=True), "SMTPUTF8"),
        (Envelope(ME, "ann@example.com>\r\nDATA", 10, utf8=False), ALL, "line breaks"),
        (Envelope("me@example.org\n", ANN, 10, utf8=False), ALL, "line breaks"),
        (Envelope(ME, "ann", 10, utf8=False), ALL, "not an email address"),
        (Envelope(ME, 'ann"\u2028"@example.com', 10, utf8=False), ALL, "before the @"),
    ],
)
def test_what_the_server_does_not_take_is_refused_with_the_reason(envelope, offer, why):
    with pytest.raises(BadInput, match=why):
        commands(envelope, offer)


def handed(ehlo: str, message: bytes, recipient: str = ANN) -> tuple[Reply, list[str]]:
    async def run() -> tuple[Reply, list[str]]:
        async with scripted({"EHLO": f"250-mail.test\n{ehlo}"}) as server:
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port), patience=Patience(2, 2, 2, 2, 2))
            reply = await relay.handover(ME, recipient, message)
            await relay.close()
            return reply, server.commands

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("ehlo", "message", "recipient", "why"),
    [
        ("250 SIZE 20", b"x" * 21, ANN, "The message has 21 bytes; the mail server takes 20 (SIZE)."),
        ("250 SIZE 20", "ä".encode(), ANN, "8BITMIME"),
        ("250 8BITMIME", b"x", JOERG, "SMTPUTF8"),
    ],
)
def test_such_a_message_fails_with_the_reason_and_not_a_word_of_it_is_said(ehlo, message, recipient, why):
    reply, said = handed(ehlo, message, recipient)
    assert (reply.fate, reply.phase, reply.reached) == (Fate.FAILED, Phase.PREPARE, True)
    assert why in reply.text
    assert said[1:] == ["QUIT"]


def test_a_message_of_just_the_size_is_taken():
    reply, said = handed("250 SIZE 22", b"Subject: x\r\n\r\nhello!\r\n")
    assert reply.fate is Fate.SENT
    assert said[1] == "MAIL FROM:<me@example.org> SIZE=22"
