"""A server that refuses everybody, a clock that watches, and a sender in between: the rest is not thrown after it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from campaigns.domain.states import CampaignState, MessageState
from campaigns.domain.tripwires import LEAST, Wire
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay
from campaigns.services.control import cancel, pause, resume
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

QUICK = Patience(connect=20, command=20, body=20)
READERS = 40
PATIENCE = 20
REFUSES: Script = {"RCPT": "554 5.7.1 We do not know you"}


def _send(database, settings, script: Script, at_recipient: Callable[[int, Delivery], Awaitable[None]]) -> int:
    """Send until nothing may go any more; how many messages arrived. `at_recipient` is told the number of each."""
    asked = 0

    async def send() -> int:
        async def look(step: str) -> None:
            nonlocal asked
            if step == "RCPT":
                asked += 1
                await at_recipient(asked, delivery)

        async with scripted(script, hook=look) as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            with database.writing() as session:
                sender = start_sender(session, "one", NOON)
            delivery = Delivery(Books(database, settings, sender, now), lambda: Relay(url, patience=QUICK), lines=1)
            await asyncio.wait_for(delivery.run(until_idle=True), 60)
            return len(server.messages)

    return asyncio.run(send())


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - it happens in another thread
            await asyncio.sleep(0.02)


def test_a_server_that_refuses_everybody_pauses_the_campaign_before_it_has_refused_all(database, settings):
    clock = Clock(settings, database, now)
    with database.writing() as session:
        add_readers(session, READERS)
        number = sending(session, at=now()).id

    def is_paused() -> bool:
        clock.watch_over()
        with database.reading() as session:
            return get_mailing(session, number).stage == "paused"

    async def watched(asked: int, delivery: Delivery) -> None:
        if asked == LEAST + 6:
            await _until(is_paused)
            await _until(lambda: number in delivery.desk.halted)

    async def goes(_asked: int, _delivery: Delivery) -> None:
        pass

    assert _send(database, settings, REFUSES, watched) == 0
    with database.writing() as session:
        alarm = alarm_of(get_mailing(session, number))
        assert alarm is not None
        assert (alarm.wire, alarm.part) == (Wire.FAILURES, alarm.whole)
        counted = count_states(session, number)
        assert LEAST <= counted.of(MessageState.FAILED) < READERS
        assert counted.of(MessageState.FAILED, MessageState.PLANNED) == READERS
        assert find_campaign(session, "spring").stage is CampaignState.PAUSED
        resume(session, "spring", at=now())
    assert _send(database, settings, {}, goes) == counted.of(MessageState.PLANNED)
    with database.reading() as session:
        assert find_campaign(session, "spring").stage is CampaignState.FINISHED


@pytest.mark.parametrize(("act", "left"), [(pause, MessageState.PLANNED), (cancel, MessageState.CANCELLED)])
def test_a_pause_holds_also_where_no_message_comes_as_far_as_a_permit(database, settings, act, left):
    with database.writing() as session:
        add_readers(session, 20)
        number = sending(session, at=now()).id

    async def paused(asked: int, delivery: Delivery) -> None:
        if asked == 3:
            with database.writing() as session:
                act(session, "spring", at=now())
            await _until(lambda: number in delivery.desk.halted)

    assert _send(database, settings, REFUSES, paused) == 0
    with database.reading() as session:
        counted = count_states(session, number)
    assert counted.of(MessageState.FAILED) <= 5  # what the line had begun, and announced ahead
    assert counted.of(MessageState.FAILED, left) == 20
