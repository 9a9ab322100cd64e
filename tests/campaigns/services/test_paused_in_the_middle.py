"""A server that refuses everything, a clock that watches, and a sender in between: the rest is not thrown after it."""

import asyncio

from campaigns.domain.states import CampaignState, MessageState
from campaigns.domain.tripwires import LEAST, Wire
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay
from campaigns.services.control import resume
from campaigns.services.deliver import Books, Delivery
from campaigns.storage.campaigns import find_campaign
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import count_states
from campaigns.storage.senders import start_sender
from campaigns.storage.troubles import alarm_of
from core.clock import now
from scheduler import Clock
from tests.campaigns.scenes import add_readers, sending
from tests.campaigns.scripted import Script, scripted
from tests.conftest import NOON

QUICK = Patience(connect=2, command=2, body=2)
READERS = 60


def _send(database, settings, script: Script, clock: Clock) -> int:
    """Send until nothing may go any more, the clock looking at every recipient; how many messages arrived."""

    async def look(step: str) -> None:
        if step == "RCPT":
            await asyncio.to_thread(clock.watch_over)

    async def send() -> int:
        async with scripted(script, hook=look) as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            with database.writing() as session:
                sender = start_sender(session, "one", NOON)
            delivery = Delivery(Books(database, settings, sender, now), lambda: Relay(url, patience=QUICK), lines=2)
            await asyncio.wait_for(delivery.run(until_idle=True), 60)
            return len(server.messages)

    return asyncio.run(send())


def test_a_server_that_refuses_everybody_pauses_the_campaign_before_it_has_refused_all(database, settings):
    clock = Clock(settings, database, now)
    with database.writing() as session:
        add_readers(session, READERS)
        number = sending(session, at=now()).id
    assert _send(database, settings, {"RCPT": "554 5.7.1 We do not know you"}, clock) == 0
    with database.writing() as session:
        alarm = alarm_of(get_mailing(session, number))
        assert alarm is not None
        assert (alarm.wire, alarm.part) == (Wire.FAILURES, alarm.whole)
        counted = count_states(session, number)
        assert LEAST <= counted.of(MessageState.FAILED) < READERS
        assert counted.of(MessageState.FAILED, MessageState.PLANNED) == READERS
        assert find_campaign(session, "spring").stage is CampaignState.PAUSED
        resume(session, "spring", at=now())
    left = counted.of(MessageState.PLANNED)
    assert _send(database, settings, {}, clock) == left
    with database.reading() as session:
        assert find_campaign(session, "spring").stage is CampaignState.FINISHED
