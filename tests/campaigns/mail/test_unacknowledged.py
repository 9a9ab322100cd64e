"""Each line to a mail server is ended by the system when what was written is not acknowledged for long."""

import asyncio
import os
import socket
from collections.abc import Callable

import pytest
import uvloop

from campaigns.domain.fates import Fate
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Relay
from campaigns.mail.unacknowledged import SECONDS, give_up_on
from campaigns.sending.crossings import PROOF_SECONDS
from campaigns.sending.vigils import BEATS_OF_SILENCE, LOOK_SECONDS
from tests.campaigns.scripted import scripted


def patience_of(descriptor: int) -> int:
    with socket.socket(fileno=os.dup(descriptor)) as same:
        return same.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_line_has_its_patience_set(new_loop: Callable[[], asyncio.AbstractEventLoop]):
    async def run() -> int:
        async with scripted() as server:
            relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", server.port))
            reply = await relay.handover("news@example.org", "ann@example.org", b"Subject: x\r\n\r\nx\r\n")
            assert reply.fate is Fate.SENT
            assert relay._line is not None
            line = relay._line.wire._transport.get_extra_info("socket")
            found = patience_of(line.fileno())
            await relay.close()
            return found

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(run()) == SECONDS * 1000


def test_g1_a_dot_that_was_cut_off_is_given_up_before_others_settle_its_permit():
    silent = 5 + 3 * 2  # core.holding.SIGNS_OF_LIFE: until PostgreSQL ends the session of a machine that fell silent
    assert silent + BEATS_OF_SILENCE * LOOK_SECONDS > PROOF_SECONDS + SECONDS + 1


def test_what_is_no_line_over_tcp_is_left_alone():
    give_up_on(None)
    give_up_on(asyncio.BaseTransport())
