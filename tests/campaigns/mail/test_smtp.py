"""What became of a message is told truly, whatever the server does and whenever it does it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import Phase
from campaigns.mail.relay_urls import Line, RelayUrl, read_relay_url
from campaigns.mail.smtp import Patience, Relay, Reply
from core.errors import Misconfigured
from tests.campaigns.scripted import scripted

MESSAGE = b"From: a@example.org\r\nTo: b@example.com\r\nSubject: x\r\n\r\n.dot\r\n..two\r\nend\r\n"
QUICK = Patience(connect=1, command=0.5, body=0.5)


def relay_to(port: int, **options: Any) -> Relay:
    return Relay(RelayUrl(Line.PLAIN, "127.0.0.1", port), patience=QUICK, **options)


def told(script: dict[str, Any], *, recipient: str = "b@example.com", times: int = 1) -> Any:
    """Hand over `times` messages to a scripted server; the replies and the server."""

    async def run() -> tuple[list[Reply], Any]:
        async with scripted(script) as server:
            relay = relay_to(server.port)
            replies = [await relay.handover("a@example.org", recipient, MESSAGE) for _ in range(times)]
            await relay.close()
            return replies, server

    return asyncio.run(run())


def test_a_message_is_handed_over_with_its_dots_doubled():
    (reply,), server = told({})
    assert reply == Reply(Fate.SENT, 250, "queued as 1")
    assert server.messages == [MESSAGE.replace(b"\r\n.", b"\r\n..") + b".\r\n"]
    assert server.commands[1:] == ["MAIL FROM:<a@example.org>", "RCPT TO:<b@example.com>", "DATA", "QUIT"]


@pytest.mark.parametrize(
    ("script", "fate", "code"),
    [
        ({"MAIL": "450 later"}, Fate.DEFERRED, 450),
        ({"MAIL": "550 no"}, Fate.FAILED, 550),
        ({"MAIL": "530 sign in"}, Fate.DEFERRED, 530),
        ({"RCPT": "451 greylisted"}, Fate.DEFERRED, 451),
        ({"RCPT": "550 no such user"}, Fate.FAILED, 550),
        ({"RCPT": "250-a\n250 b", "DOT": "452 full"}, Fate.DEFERRED, 452),
        ({"DATA": "451 later"}, Fate.DEFERRED, 451),
        ({"DATA": "554 no"}, Fate.FAILED, 554),
        ({"DATA": "250 odd"}, Fate.DEFERRED, 250),
        ({"DOT": "550 spam"}, Fate.FAILED, 550),
        ({"DOT": "421 closing"}, Fate.DEFERRED, 421),
        ({"CONNECT": "421 busy"}, Fate.DEFERRED, 421),
        ({"CONNECT": "554 no service"}, Fate.DEFERRED, 554),
        ({"CONNECT": None}, Fate.DEFERRED, None),
        ({"CONNECT": "hang"}, Fate.DEFERRED, None),
        ({"EHLO": None}, Fate.DEFERRED, None),
        ({"MAIL": None}, Fate.DEFERRED, None),
        ({"MAIL": "421 bye"}, Fate.DEFERRED, 421),
        ({"RCPT": None}, Fate.DEFERRED, None),
        ({"RCPT": "hang"}, Fate.DEFERRED, None),
        ({"DATA": "nonsense"}, Fate.DEFERRED, None),
        ({"DOT": None}, Fate.UNKNOWN, None),
        ({"DOT": "hang"}, Fate.UNKNOWN, None),
        ({"DOT": "nonsense"}, Fate.UNKNOWN, None),
        ({"DOT": "354 what"}, Fate.UNKNOWN, 354),
    ],
)
def test_the_fate_of_a_message_is_what_the_server_made_of_it(script, fate, code):
    (reply,), _ = told(script)
    assert (reply.fate, reply.code) == (fate, code)


def test_a_line_that_breaks_in_the_body_is_never_called_sent():
    (reply,), _ = told({"BODY": None})
    assert reply.fate in {Fate.DEFERRED, Fate.UNKNOWN}


def test_after_a_refusal_the_line_is_kept():
    replies, server = told({"RCPT": ["550 no"]}, times=2)
    assert [reply.fate for reply in replies] == [Fate.FAILED, Fate.SENT]
    assert server.connections == 1
    assert "RSET" in server.commands


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DOT"])
def test_after_a_421_a_new_line_is_opened(step):
    replies, server = told({step: ["421 bye"]}, times=2)
    assert [reply.fate for reply in replies] == [Fate.DEFERRED, Fate.SENT]
    assert server.connections == 2


def test_a_kept_line_that_the_server_closed_is_replaced_without_a_loss():
    replies, server = told({"MAIL": ["250 ok", None]}, times=2)
    assert [reply.fate for reply in replies] == [Fate.SENT, Fate.SENT]
    assert server.connections == 2
    assert len(server.messages) == 2


def test_a_line_is_renewed_after_its_number_of_messages():
    async def run() -> int:
        async with scripted({}) as server:
            relay = relay_to(server.port, most_messages=2)
            for _ in range(5):
                assert (await relay.handover("a@example.org", "b@example.com", MESSAGE)).fate is Fate.SENT
            await relay.close()
            return int(server.connections)

    assert asyncio.run(run()) == 3


def test_no_server_at_all_is_a_deferral(unused_port):
    reply = asyncio.run(relay_to(unused_port).handover("a@example.org", "b@example.com", MESSAGE))
    assert (reply.fate, reply.reached) == (Fate.DEFERRED, False)


@pytest.fixture
def unused_port() -> int:
    async def find() -> int:
        server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        server.close()
        return port

    return asyncio.run(find())


@pytest.mark.parametrize(
    "recipient",
    ["a@b.test>\r\nRCPT TO:<evil@x.test", "a@b.test> <c@d.test", "a b@c.test", "a", "", "a@b.test\n", "a@b.test\0"],
)
def test_a_recipient_that_would_inject_a_command_is_refused_and_nothing_is_sent(recipient):
    (reply,), server = told({}, recipient=recipient)
    assert reply.fate is Fate.FAILED
    assert not [command for command in server.commands if command.startswith(("MAIL", "RCPT"))]


def test_letters_beyond_ascii_need_a_server_that_takes_them():
    (reply,), _ = told({}, recipient="jörg@example.org")
    assert reply.fate is Fate.FAILED
    assert "SMTPUTF8" in reply.text
    (reply,), server = told({"EHLO": "250-mail.test\n250 SMTPUTF8"}, recipient="jörg@exämple.org")
    assert reply.fate is Fate.SENT
    assert "MAIL FROM:<a@example.org> SMTPUTF8 BODY=8BITMIME" in server.commands
    assert "RCPT TO:<jörg@xn--exmple-cua.org>" in server.commands


def test_what_the_server_takes_is_known_before(unused_port):
    async def run() -> list[bool]:
        async with scripted({"EHLO": "250-mail.test\n250 SMTPUTF8"}) as able, scripted({}) as unable:
            return [await relay_to(port).takes_utf8() for port in (able.port, unable.port, unused_port)]

    assert asyncio.run(run()) == [True, False, False]


def permitting(answer: Callable[[], Coroutine[Any, Any, bool]]) -> tuple[Reply, list[bytes]]:
    async def run() -> tuple[Reply, list[bytes]]:
        async with scripted({}) as server:
            relay = relay_to(server.port)
            reply = await relay.handover("a@example.org", "b@example.com", MESSAGE, permit=answer)
            await relay.close()
            await asyncio.sleep(0.05)
            return reply, server.messages

    return asyncio.run(run())


def test_the_dot_follows_only_a_permit():
    async def granted() -> bool:
        return True

    async def refused() -> bool:
        await asyncio.sleep(0.05)
        return False

    assert permitting(granted)[0].fate is Fate.SENT
    assert permitting(refused) == (Reply(Fate.WITHHELD, phase=Phase.BODY), [])


def test_g5_a_permit_that_cannot_be_asked_means_not_sent():
    async def broken() -> bool:
        raise RuntimeError("the database is away")

    assert permitting(broken) == (Reply(Fate.WITHHELD, phase=Phase.BODY), [])


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://mail.test", RelayUrl(Line.PLAIN, "mail.test", 25)),
        ("smtps://u%40x:p%3Aw@mail.test", RelayUrl(Line.TLS, "mail.test", 465, "u@x", "p:w")),
        ("smtp+starttls://mail.test:2525?cafile=/ca.pem", RelayUrl(Line.STARTTLS, "mail.test", 2525, cafile="/ca.pem")),
        ("smtp://u:p@127.0.0.1:26", RelayUrl(Line.PLAIN, "127.0.0.1", 26, "u", "p")),
        ("capture:", RelayUrl(Line.CAPTURE)),
    ],
)
def test_the_setting_names_a_server_and_a_kind_of_line(url, read):
    assert read_relay_url(url) == read


@pytest.mark.parametrize(
    "url",
    ["", "mail.test", "http://mail.test", "smtp://", "smtp://x:y", "smtp://x/path", "smtp://x?tls=no", "smtp://u:p@mail.test"],
)  # fmt: skip
def test_a_setting_that_is_no_server_is_refused(url):
    with pytest.raises(Misconfigured):
        read_relay_url(url)


def test_the_password_is_not_shown():
    url = read_relay_url("smtps://user:secret@mail.test")
    assert "secret" not in repr(url) + url.shown
