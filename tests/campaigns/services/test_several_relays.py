"""Several mail servers on real sockets: shares, servers that die and come back, providers that push back, rates."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.states import MessageState
from campaigns.mail.relay_urls import RelayUrl, read_relay_urls
from campaigns.mail.smtp import Patience, Relay
from campaigns.sending.crews import Way
from campaigns.sending.fleets import traffic_of
from campaigns.services.deliver import Books, Delivery, name_of
from campaigns.storage.messages import Message, count_states
from campaigns.storage.relay_states import relay_states
from campaigns.storage.senders import start_sender
from core.database import Database
from core.holding import Holding
from core.settings import Settings
from tests.campaigns.scenes import add_reader, add_readers, make_draft, sending
from tests.campaigns.scripted import Answer, ScriptedServer, scripted
from tests.conftest import NOON

QUICK = Patience(connect=2, command=2, body=2)
LONGEST = 60


def clock() -> Callable[[], datetime]:
    """A clock that goes on from the scenes' noon."""
    began = time.monotonic()
    return lambda: NOON + timedelta(seconds=time.monotonic() - began)


def a_delivery(
    database: Database, settings: Settings, setting: str, read: Callable[[], datetime], *, alive: bool = False
) -> Delivery:
    """A sender; `alive`: it holds its name, so that others do not take it for dead."""
    relays = read_relay_urls(setting)
    with database.writing() as session:
        sender_id = start_sender(session, "one", read())
    holding = Holding(database, name_of(sender_id)) if alive else None
    if holding:
        holding.take()
    books = Books(database, settings, sender_id, read, holding, traffic_of(settings, relays))
    return Delivery(books, [_way(relay) for relay in relays])


def _way(relay: RelayUrl) -> Way:
    return Way(relay.plan.name, lambda: Relay(relay, patience=QUICK), relay.connections or 1)


def plan(database: Database, number: int, *addresses: str) -> int:
    with database.writing() as session:
        add_readers(session, number)
        for address in addresses:
            add_reader(session, address)
        return sending(session, make_draft()).id


def states(database: Database, mailing_id: int) -> dict[MessageState, int]:
    with database.reading() as session:
        return count_states(session, mailing_id).by_state


async def comes(true: Callable[[], bool]) -> None:
    """Wait until it is so; fail where it does not come to be."""
    async with asyncio.timeout(LONGEST):
        while not true():  # noqa: ASYNC110 - what comes to be is in the database, or in another server's hands
            await asyncio.sleep(0.02)


class House:
    """A server that can be shut and opened again on the same port, with all its lines."""

    def __init__(self, answer: Callable[[str, str], Answer] | None = None) -> None:
        self.server = ScriptedServer({}, None)
        if answer is not None:
            usual = self.server.answer
            self.server.answer = (  # type: ignore[method-assign]  # a script that reads what was said
                lambda step: answer(step, (self.server.commands or [""])[-1]) or usual(step)
            )
        self.port = 0
        self._lines: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None

    async def open(self) -> None:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    def shut(self) -> None:
        if self._listening is not None:
            self._listening.close()
        for line in self._lines:
            line.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        await self.server.serve(reader, writer)

    @property
    def taken(self) -> int:
        return len(self.server.messages)


@asynccontextmanager
async def houses(*several: House) -> AsyncIterator[None]:
    for each in several:
        await each.open()
    yield
    for each in several:
        each.shut()


def test_weights_hold_over_many_messages_and_each_goes_once(database, settings):
    mailing_id = plan(database, 40)

    async def run() -> tuple[int, int]:
        async with scripted() as one, scripted() as two:
            urls = f"smtp://127.0.0.1:{one.port}?name=one&weight=3&connections=3 smtp://127.0.0.1:{two.port}?name=two"
            await asyncio.wait_for(a_delivery(database, settings, urls, clock()).run(until_idle=True), LONGEST)
            return len(one.messages), len(two.messages)

    assert asyncio.run(run()) == (30, 10)
    assert states(database, mailing_id) == {MessageState.SENT: 40}


def test_the_others_take_over_from_a_server_that_dies_and_it_is_used_again_when_it_is_back(database, settings):
    mailing_id = plan(database, 60)
    one = House()

    async def run() -> int:
        died: list[int] = []

        async def hold(step: str) -> None:
            if step == "DOT" and len(two.messages) == 15 and not died:
                one.shut()
                died.append(one.taken)
            if step == "DOT" and len(two.messages) == 40:
                await one.open()
                await comes(lambda: one.taken > died[0])

        async with houses(one), scripted(hook=hold) as two:
            urls = f"smtp://127.0.0.1:{one.port}?name=one smtp://127.0.0.1:{two.port}?name=two&weight=2"
            delivery = a_delivery(database, settings, urls, clock())
            await asyncio.wait_for(delivery.run(until_idle=True), LONGEST)
            return one.taken - died[0]

    came_back = asyncio.run(run())
    assert came_back > 0
    told = states(database, mailing_id)
    assert told.get(MessageState.SENT, 0) + told.get(MessageState.UNKNOWN, 0) == 60
    assert told.get(MessageState.UNKNOWN, 0) <= 1  # the one whose dot was on its way when the server died


def test_while_no_server_is_there_nothing_is_reported_as_sent_and_then_all_is_by_itself(database, settings):
    mailing_id = plan(database, 10)
    one = House()

    async def run() -> None:
        await one.open()
        one.shut()
        delivery = a_delivery(database, settings, f"smtp://127.0.0.1:{one.port}?name=one", clock())
        job = asyncio.create_task(delivery.run())
        await comes(lambda: misses() >= 2)
        assert states(database, mailing_id).get(MessageState.SENT, 0) == 0
        assert set(states(database, mailing_id)) <= {MessageState.PLANNED, MessageState.CLAIMED}
        await one.open()
        await comes(lambda: states(database, mailing_id) == {MessageState.SENT: 10})
        delivery.stop()
        await job
        one.shut()

    def misses() -> int:
        with database.reading() as session:
            return max((each.misses for each in relay_states(session)), default=0)

    asyncio.run(run())
    assert one.taken == 10


def test_a_provider_that_pushes_back_is_left_alone_and_others_get_their_mail(database, settings):
    gmail = [f"reader{number}@gmail.com" for number in range(12)]
    plan(database, 8, *gmail)

    def pushes_back(step: str, command: str) -> Answer:
        return "450 4.7.28 too much mail" if step == "RCPT" and "@gmail.com" in command else None

    one = House(pushes_back)

    async def run() -> None:
        async with houses(one):
            urls = f"smtp://127.0.0.1:{one.port}?name=one&connections=2"
            await asyncio.wait_for(a_delivery(database, settings, urls, clock()).run(until_idle=True), LONGEST)

    asyncio.run(run())
    assert one.taken == 8
    asked = [command for command in one.server.commands if command.startswith("RCPT") and "@gmail.com" in command]
    assert 1 <= len(asked) <= 4  # each line's, and the next one that it had begun
    with database.reading() as session:
        waiting = session.scalars(select(Message).where(Message.state == MessageState.PLANNED.value)).all()
        assert len(waiting) == 12
        assert sum(each.attempts for each in waiting) == len(asked)


@pytest.mark.parametrize("senders", [2])
def test_two_senders_together_keep_to_a_servers_rate(database, settings, senders):
    mailing_id = plan(database, 45)

    async def run() -> float:
        began, moments = time.monotonic(), [0.0]

        async def log(step: str) -> None:
            if step == "DOT":
                moments.append(time.monotonic())

        async with scripted(hook=log) as one:
            read, urls = clock(), f"smtp://127.0.0.1:{one.port}?name=one&rate=30&connections=2"
            both = [a_delivery(database, settings, urls, read, alive=True) for _ in range(senders)]
            await asyncio.wait_for(asyncio.gather(*(each.run(until_idle=True) for each in both)), LONGEST)
            for each in both:
                assert each.books.holding
                each.books.holding.give_back()
        return moments[-1] - began

    took = asyncio.run(run())
    assert states(database, mailing_id) == {MessageState.SENT: 45}
    assert took >= (45 - 30) / 30
