"""A permit that has grown old ends no message: whoever slept between the permit and the dot wakes up harmless (G1)."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from campaigns.domain.states import MessageState
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Relay
from campaigns.sending.crossings import PROOF_SECONDS
from campaigns.sending.vigils import BEATS_OF_SILENCE, LOOK_SECONDS
from campaigns.services.deliver import Books, Delivery
from campaigns.storage.messages import Message
from campaigns.storage.senders import start_sender
from contacts.storage.permits import Permit
from tests.campaigns.scenes import add_readers, sending
from tests.campaigns.scripted import ScriptedServer, scripted
from tests.conftest import NOON


def send(database: Any, settings: Any, read_clock: Callable[[], float]) -> ScriptedServer:
    """One message, by a sender that reads this clock."""
    with database.writing() as session:
        add_readers(session, 1)
        sending(session)
        sender_id = start_sender(session, "one", NOON)

    async def run() -> ScriptedServer:
        async with scripted() as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            delivery = Delivery(Books(database, settings, sender_id, lambda: NOON), lambda: Relay(url), lines=1)
            delivery.desk.read_clock = read_clock
            await asyncio.wait_for(delivery.run(until_idle=True), 60)
            return server

    return asyncio.run(run())


@pytest.mark.parametrize(("slept", "arrives"), [(PROOF_SECONDS + 0.1, False), (PROOF_SECONDS - 0.1, True)])
def test_g1_a_process_that_slept_between_permit_and_dot_writes_no_dot(database, settings, slept, arrives):
    ticks = count(1000.0, slept)
    server = send(database, settings, lambda: next(ticks))
    assert len(server.messages) == arrives
    with database.reading() as session:
        message = session.scalars(select(Message)).one()
        assert message.state == (MessageState.SENT if arrives else MessageState.PLANNED)
        assert session.scalars(select(Permit.outcome)).all() == ["sent" if arrives else "deferred"]


def test_g1_a_permit_is_too_old_well_before_others_may_settle_it():
    assert BEATS_OF_SILENCE * LOOK_SECONDS - 1 >= PROOF_SECONDS
