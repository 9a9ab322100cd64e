"""Servers that take a line and then say nothing: others get the work, and who stops does not wait for them."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from campaigns.domain.states import MessageState
from campaigns.mail.relay_urls import Line, RelayUrl, read_relay_urls
from campaigns.mail.smtp import Relay
from campaigns.sending.fleets import traffic_of, ways_of
from campaigns.sending.silences import Silences
from campaigns.services import deliver
from campaigns.services.deliver import Books, Delivery
from campaigns.storage import routes
from campaigns.storage.handovers import Asked, Leave
from campaigns.storage.messages import Message
from campaigns.storage.relay_states import relay_states
from campaigns.storage.senders import start_sender
from contacts.storage.permits import Permit
from core.clock import now
from tests.campaigns.scenes import add_readers, sending
from tests.campaigns.scripted import ScriptedServer, scripted

LONGEST = 20


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(deliver, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(deliver, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(deliver, "HUNG_SECONDS", 0.1)
    monkeypatch.setattr(routes, "SILENT_SECONDS", 0.1)
    caplog.set_level(logging.INFO, "heedful.sender")


def plan(database: Any, number: int) -> None:
    with database.writing() as session:
        add_readers(session, number)
        sending(session)


def a_delivery(database: Any, settings: Any, **servers: ScriptedServer) -> Delivery:
    """A sender with two lines to each of these servers."""
    told = " ".join(f"smtp://127.0.0.1:{each.port}?name={name}&connections=2" for name, each in servers.items())
    relays = read_relay_urls(told)
    with database.writing() as session:
        sender_id = start_sender(session, "one", now())
    books = Books(database, settings, sender_id, now, None, traffic_of(settings, relays))
    delivery = Delivery(books, ways_of(settings, relays))
    books.traffic.sightings.chance = lambda: 0.0  # the shortest rests
    delivery.silent_seconds = delivery.drain_seconds = 0.3
    return delivery


async def comes(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONGEST):
        while not true():  # noqa: ASYNC110 - what comes to be is in another server's hands
            await asyncio.sleep(0.01)


async def stopped(delivery: Delivery, running: "asyncio.Task[None]") -> None:
    delivery.stop()
    await asyncio.wait_for(running, LONGEST)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def states(database: Any) -> dict[str, int]:
    with database.reading() as session:
        return dict(Counter(session.scalars(select(Message.state))))


def outcomes(database: Any) -> dict[str | None, int]:
    with database.reading() as session:
        return dict(Counter(session.scalars(select(Permit.outcome))))


def warnings(caplog: pytest.LogCaptureFixture, words: str) -> list[logging.LogRecord]:
    return [each for each in caplog.records if each.message == words]


def test_g7_what_waits_for_a_silent_server_goes_by_another_and_one_warning_says_so(database, settings, caplog):
    plan(database, 20)

    async def work() -> None:
        async with scripted({"RCPT": "hang"}) as bad, scripted() as good:
            delivery = a_delivery(database, settings, bad=bad, good=good)
            running = asyncio.create_task(delivery.run())
            await comes(lambda: len(good.messages) == 18)
            await comes(lambda: delivery.desk.handed_over == 18)
            await stopped(delivery, running)
            assert len(good.messages) == 18
            assert bad.messages == []

    run(work())
    assert states(database) == {MessageState.SENT: 18, MessageState.PLANNED: 2}
    assert outcomes(database) == {"sent": 18}
    (warning,) = warnings(caplog, "the mail server does not answer")
    assert warning.__dict__["relay"] == "bad"
    with database.reading() as session:
        said = {each.name: each.said for each in relay_states(session)}
    assert "does not answer" in (said["bad"] or "")


def test_a_server_that_answers_again_is_used_again(database, settings, caplog):
    plan(database, 8)

    async def work() -> None:
        async def hold(step: str) -> None:
            if step == "RCPT":
                await again.wait()

        again = asyncio.Event()
        async with scripted(hook=hold) as server:
            delivery = a_delivery(database, settings, only=server)
            running = asyncio.create_task(delivery.run())
            await comes(lambda: "only" in delivery.books.traffic.silent)
            assert delivery.books.traffic.pause_of("only") > 0
            again.set()
            await comes(lambda: delivery.desk.handed_over == 8)
            await stopped(delivery, running)
            assert len(server.messages) == 8

    run(work())
    assert states(database) == {MessageState.SENT: 8}
    assert len(warnings(caplog, "the mail server is tried again")) == 1


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_g6_a_sender_that_stops_gives_back_at_once_what_has_no_permit(database, settings, caplog, step):
    plan(database, 10)

    async def work() -> None:
        async with scripted({step: "hang"}) as server:
            delivery = a_delivery(database, settings, only=server)
            delivery.silent_seconds, delivery.drain_seconds = 600, 5  # what connects anew now ends then
            running = asyncio.create_task(delivery.run())
            await comes(lambda: server.connections == 2 and len(delivery.crews["only"].silences) == 2)
            await stopped(delivery, running)
            assert server.messages == []

    run(work())
    assert states(database) == {MessageState.PLANNED: 10}
    assert outcomes(database) == {}
    (told,) = warnings(caplog, "the sender stopped before all was sent")
    assert (told.__dict__["given_back"], told.__dict__["unknown"]) == (10, 0)


def test_g6_a_dot_without_an_answer_is_unknown_a_little_after_the_sender_was_stopped(database, settings, caplog):
    plan(database, 10)

    async def work() -> None:
        async with scripted({"DOT": "hang"}) as server:
            delivery = a_delivery(database, settings, only=server)
            delivery.silent_seconds = 600
            running = asyncio.create_task(delivery.run())
            await comes(lambda: len(server.messages) == 2)
            await stopped(delivery, running)
            assert len(server.messages) == 2

    run(work())
    assert states(database) == {MessageState.UNKNOWN: 2, MessageState.PLANNED: 8}
    assert outcomes(database) == {"unknown": 2}
    (told,) = warnings(caplog, "the sender stopped before all was sent")
    assert (told.__dict__["given_back"], told.__dict__["unknown"]) == (8, 2)


def test_a_dot_that_is_answered_in_time_counts_although_the_sender_stops(database, settings):
    plan(database, 10)

    async def work() -> None:
        async def hold(step: str) -> None:
            if step == "DOT":
                await again.wait()

        again = asyncio.Event()
        async with scripted(hook=hold) as server:
            delivery = a_delivery(database, settings, only=server)
            delivery.drain_seconds = delivery.silent_seconds = 600
            running = asyncio.create_task(delivery.run())
            await comes(lambda: len(server.messages) == 2)
            delivery.stop()
            await comes(lambda: delivery.desk.given_back > 0)
            again.set()
            await asyncio.wait_for(running, LONGEST)
            assert len(server.messages) == 2

    run(work())
    assert states(database) == {MessageState.SENT: 2, MessageState.PLANNED: 8}
    assert outcomes(database) == {"sent": 2}


def test_g6_a_permit_whose_answer_comes_after_the_drain_is_closed_and_no_dot_is_written(database, settings):
    plan(database, 10)

    async def work() -> None:
        def late(asked: Sequence[Asked]) -> list[Leave | None]:
            given = answer(asked)
            granted.set()
            opened.wait(LONGEST)
            return given

        opened, granted = threading.Event(), threading.Event()
        async with scripted() as server:
            delivery = a_delivery(database, settings, only=server)
            answer = delivery.books.answer
            delivery.books.answer = late  # type: ignore[method-assign]  # the same, and later
            running = asyncio.create_task(delivery.run())
            await comes(granted.is_set)
            delivery.stop()
            await comes(lambda: not delivery.desk.busy)
            opened.set()
            await asyncio.wait_for(running, LONGEST)
            assert server.messages == []

    run(work())
    assert states(database) == {MessageState.PLANNED: 10}
    assert set(outcomes(database)) == {"deferred"}


def test_a_server_is_silent_only_while_all_of_its_lines_wait_and_by_the_last_of_them():
    async def work() -> None:
        ticks = [100.0]
        silences = Silences(2, lambda: ticks[0])
        one, two = (Relay(RelayUrl(Line.PLAIN, "127.0.0.1", 25)) for _ in range(2))
        silences.begins(one)
        ticks[0] = 200.0
        assert silences.seconds() == 0
        silences.begins(two)
        ticks[0] = 207.0
        assert silences.seconds() == 7
        silences.ends(two)
        assert silences.seconds() == 0

    run(work())
