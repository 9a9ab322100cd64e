"""What a sender says of itself at each beat, and how it is woken."""

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Relay
from campaigns.services import deliver
from campaigns.services.deliver import Books, Delivery
from campaigns.storage.senders import Sender, SenderState, start_sender
from core.database import Database
from tests.campaigns.scenes import add_readers, make_draft, sending
from tests.campaigns.scripted import scripted
from tests.conftest import NOON, made_settings


def told(database: Any) -> tuple[str, int]:
    with database.reading() as session:
        state, handed_over = session.execute(select(Sender.state, Sender.handed_over)).one()
        return state, handed_over


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread
        await asyncio.sleep(0.01)


def test_a_sender_tells_what_it_does_and_how_much_it_did(database, settings, monkeypatch):
    monkeypatch.setattr(deliver, "BEAT_SECONDS", 0.02)
    seen: list[str] = []

    async def is_told(state: SenderState) -> None:
        while (await asyncio.to_thread(told, database))[0] != state:  # noqa: ASYNC110 - another thread writes it
            await asyncio.sleep(0.01)
        seen.append(state)

    async def run() -> None:
        async def looks(step: str) -> None:
            if step == "DOT" and len(server.messages) == 1:
                await is_told(SenderState.SENDING)
            if step == "DOT" and len(server.messages) == 3:
                delivery.stop()
                await is_told(SenderState.DRAINING)

        async with scripted(hook=looks) as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            books = Books(database, settings, sender_id, lambda: NOON)
            delivery = Delivery(books, lambda: Relay(url), lines=1)
            await asyncio.wait_for(delivery.run(), 60)

    with database.writing() as session:
        add_readers(session, 5)
        sending(session)
        sender_id = start_sender(session, "machine:1", NOON)
    asyncio.run(run())
    assert seen == [SenderState.SENDING, SenderState.DRAINING]
    assert told(database)[1] >= 3


def test_an_idle_sender_is_woken_by_the_commit_that_brings_it_work(postgresql_url, tmp_path, monkeypatch):
    settings = made_settings(postgresql_url, tmp_path)
    monkeypatch.setattr(deliver, "HUNG_SECONDS", 60.0)
    database = Database(postgresql_url)

    async def run() -> int:
        async with scripted() as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            delivery = Delivery(Books(database, settings, sender_id, lambda: NOON), lambda: Relay(url), lines=1)
            working = asyncio.create_task(delivery.run())
            async with asyncio.timeout(20):
                await until(lambda: delivery.bell.works)
                await asyncio.sleep(0.2)  # it has looked, found nothing, and would look again in a minute
                await asyncio.to_thread(begin)
                await until(lambda: bool(server.messages))
            delivery.stop()
            await working
            return len(server.messages)

    def begin() -> None:
        with database.writing() as session:
            sending(session, make_draft())

    with database.writing() as session:
        add_readers(session, 1)
        sender_id = start_sender(session, "machine:1", NOON)
    assert asyncio.run(run()) == 1
    database.close()
