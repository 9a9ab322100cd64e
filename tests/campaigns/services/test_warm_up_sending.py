"""A warm-up day is kept to the message by the sending loop, also when a sender stops in the middle and over days."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from campaigns.domain.rations import WHOLE
from campaigns.domain.states import MessageState
from campaigns.mail.relay_urls import read_relay_urls
from campaigns.mail.smtp import Relay
from campaigns.sending.crews import Way
from campaigns.sending.fleets import traffic_of
from campaigns.services.deliver import Books, Delivery
from campaigns.storage.messages import Message, count_states
from campaigns.storage.senders import start_sender, stop_sender
from campaigns.storage.warm_ups import taken_on
from tests.campaigns.scenes import add_readers, make_draft, sending
from tests.campaigns.scripted import scripted

EVENING = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)
"""23:30 in Berlin, on the evening before a day of 25 hours."""


def test_days_are_kept_to_the_message_over_a_stop_in_the_middle_and_a_day_of_25_hours(database, settings):
    house = settings.model_copy(update={"time_zone": "Europe/Berlin"})
    with database.writing() as session:
        add_readers(session, 45)
        mailing_id = sending(session, make_draft()).id
        session.execute(update(Message).values(next_try_at=EVENING))

    async def send(at: datetime, *, stop_after: int = 0) -> int:
        async def hook(step: str) -> None:
            if step == "DOT" and stop_after and len(server.messages) >= stop_after:
                delivery.stop()

        async with scripted(hook=hook) as server:
            relays = read_relay_urls(f"smtp://127.0.0.1:{server.port}?name=new&warmup=2026-10-24:20,15,99")
            with database.writing() as session:
                number = start_sender(session, "one", at)
            books = Books(database, house, number, lambda: at, traffic=traffic_of(house, relays))
            delivery = Delivery(books, [Way("new", lambda: Relay(relays[0]), 2)])
            await asyncio.wait_for(delivery.run(until_idle=True), 60)
            with database.writing() as session:
                stop_sender(session, number, at)
            return len(server.messages)

    first = asyncio.run(send(EVENING, stop_after=6))
    assert 6 <= first <= 10
    assert first + asyncio.run(send(EVENING)) == 20
    for hours, sent in ((0.4, 0), (0.5, 15), (24, 0), (25.4, 0), (25.5, 10)):
        assert asyncio.run(send(EVENING + timedelta(hours=hours))) == sent, hours
    with database.reading() as session:
        assert count_states(session, mailing_id).by_state == {MessageState.SENT: 45}
        counted: list[Any] = [taken_on(session, (EVENING + timedelta(days=day)).date()) for day in range(3)]
    assert [each[("new", WHOLE)] for each in counted] == [20, 15, 10]
