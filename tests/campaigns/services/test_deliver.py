"""The sending loop over real SMTP and a real database: every message comes to one end, and no opt-out is overtaken."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from campaigns.domain.fates import GIVEN_UP, NOT_WRITTEN, REFUSED
from campaigns.domain.states import MailingState, MessageState
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Patience, Relay
from campaigns.services.control import cancel, pause
from campaigns.services.deliver import BEATS_OF_SILENCE, LEASE, Books, Delivery, Vigil
from campaigns.storage.claims import claim
from campaigns.storage.links import store_links
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message, count_states
from campaigns.storage.senders import Sender, start_sender
from contacts.domain.facts import Kind
from contacts.storage.blocks import Block
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask
from contacts.storage.ledger import Event
from contacts.storage.permits import Permit
from core.holding import Holding
from tests.campaigns.scenes import add_readers, make_draft, sending, tell
from tests.campaigns.scripted import Script, ScriptedServer, scripted
from tests.conftest import NOON

Hook = Callable[[str], Awaitable[None]]
QUICK = Patience(connect=2, command=2, body=2)


@pytest.fixture
def deliver(database: Any, settings: Any) -> Callable[..., ScriptedServer]:
    """Send what is planned to a scripted server until nothing is due."""

    def run(script: Script | None = None, *, hook: Hook | None = None, lines: int = 2, port: int = 0) -> ScriptedServer:
        async def send() -> ScriptedServer:
            async with scripted(script, hook=hook) as server:
                url = RelayUrl(Line.PLAIN, "127.0.0.1", port or server.port)
                with database.writing() as session:
                    sender_id = start_sender(session, "one", NOON)
                books = Books(database, settings, sender_id, lambda: NOON)
                delivery = Delivery(books, lambda: Relay(url, patience=QUICK), lines=lines)
                await asyncio.wait_for(delivery.run(until_idle=True), 60)
                return server

        return asyncio.run(send())

    return run


def plan(database: Any, number: int, **draft: Any) -> int:
    with database.writing() as session:
        add_readers(session, number)
        return sending(session, make_draft(**draft)).id


def states(database: Any, mailing_id: int) -> dict[MessageState, int]:
    with database.reading() as session:
        return count_states(session, mailing_id).by_state


def messages(database: Any) -> list[Message]:
    with database.reading() as session:
        found = list(session.scalars(select(Message).order_by(Message.id)))
        session.expunge_all()  # a reading session forgets what it read
        return found


def test_every_message_is_sent_once_and_the_mailing_finishes(database, deliver):
    mailing_id = plan(database, 30)
    server = deliver()
    assert states(database, mailing_id) == {MessageState.SENT: 30}
    assert len(server.messages) == 30
    assert {command for command in server.commands if command.startswith("RCPT")} == {
        f"RCPT TO:<reader{number}@example.org>" for number in range(30)
    }
    with database.reading() as session:
        mailing = session.get(Mailing, mailing_id)
        assert mailing is not None
        assert mailing.stage is MailingState.FINISHED
        outcomes = session.scalars(select(Permit.outcome)).all()
        assert outcomes == ["sent"] * 30
    sent = messages(database)[0]
    assert (sent.code, sent.reply, sent.attempts, sent.handed_over_at) == (250, "queued as 1", 1, NOON)
    assert f"Message-ID: <{sent.header_id}>".encode() in b"".join(server.messages)


def test_links_are_wrapped_for_those_who_did_not_refuse_and_never_the_way_out(database, deliver):
    mailing_id = plan(database, 2)
    with database.writing() as session:
        mailing = session.get(Mailing, mailing_id)
        store_links(session, mailing.campaign_id, ["https://example.org/new?a=1&b=2"])
        refuser = session.scalar(select(Contact).where(Contact.address == "reader1@example.org"))
        tell(session, refuser, Kind.OPT_OUT, ["tracking"])
    server = deliver()
    wrapped, plain = sorted(server.messages, key=lambda message: b"/new" in message)
    assert wrapped.count(b"/c/") == 2
    assert b"example.org/new" not in wrapped
    assert b"/c/" not in plain
    assert plain.count(b"/new?a=3D1&") == 2
    for message in (wrapped, plain):
        assert message.count(b"http://127.0.0.1:8025/u/") == 3
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in message


@pytest.mark.parametrize(
    ("step", "reply", "blocked"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "550 5.7.1 we do not like you", False),
        ("MAIL", "550 5.1.1 we know no such sender", False),
    ],
)
def test_g19_a_hard_bounce_blocks_like_any_other_way_out(database, deliver, step, reply, blocked):
    plan(database, 1)
    deliver({step: reply})
    with database.reading() as session:
        found = session.execute(select(Event.door, Event.evidence).where(Event.kind == Kind.BOUNCE.value)).all()
        assert [row.door for row in found] == (["delivery"] if blocked else [])
        assert len(session.scalars(select(Block.scope)).all()) == int(blocked)


@pytest.mark.parametrize(
    ("script", "state", "reason", "code", "permit"),
    [
        ({"RCPT": "450 later"}, MessageState.PLANNED, None, 450, None),
        ({"DOT": "451 later"}, MessageState.PLANNED, None, 451, "deferred"),
        ({"RCPT": "550 no such user"}, MessageState.FAILED, REFUSED, 550, None),
        ({"DOT": "554 spam"}, MessageState.FAILED, REFUSED, 554, "failed"),
        ({"DOT": None}, MessageState.UNKNOWN, None, None, "unknown"),
    ],
)
def test_a_reply_becomes_a_state(database, deliver, script, state, reason, code, permit):
    plan(database, 1)
    deliver(script)
    (message,) = messages(database)
    assert (message.state, message.reason, message.code, message.attempts) == (state, reason, code, 1)
    assert (message.next_try_at or NOON) > NOON if state is MessageState.PLANNED else message.next_try_at is None
    with database.reading() as session:
        assert session.scalars(select(Permit.outcome)).all() == ([permit] if permit else [])


def test_g6_an_unknown_message_is_not_sent_again_by_itself(database, deliver):
    plan(database, 1)
    deliver({"DOT": None})
    assert deliver().messages == []


def test_a_message_that_is_deferred_too_often_fails(database, deliver):
    plan(database, 1)
    with database.writing() as session:
        session.get(Message, 1).attempts = 12  # with the next one as many as are in the window of a day
    deliver({"RCPT": "450 later"})
    assert (messages(database)[0].state, messages(database)[0].reason) == (MessageState.FAILED, GIVEN_UP)


def test_a_server_that_is_away_costs_no_attempt(database, deliver):
    mailing_id = plan(database, 5)
    deliver({"CONNECT": ["421 busy"] * 2}, lines=1)
    assert all(message.attempts <= 1 for message in messages(database))
    assert states(database, mailing_id).keys() <= {MessageState.PLANNED, MessageState.SENT}


def test_a_missing_variable_fails_that_message_and_says_which(database, deliver):
    plan(database, 2, subject="{{ contact.family_name }}")
    with database.writing() as session:
        session.scalar(select(Contact).limit(1)).family_name = "Lee"
    assert len(deliver().messages) == 1
    failed = next(message for message in messages(database) if message.state == MessageState.FAILED)
    assert failed.reason == NOT_WRITTEN
    assert "contact.family_name" in str(failed.reply)


def test_g1_an_opt_out_between_the_claim_and_the_dot_stops_the_mail(database, deliver):
    plan(database, 1)

    async def opts_out_meanwhile(step: str) -> None:
        if step == "DATA":
            with database.writing() as session:
                tell(session, session.scalars(select(Contact)).one(), Kind.OPT_OUT, ["everything"])

    assert deliver(hook=opts_out_meanwhile).messages == []
    (message,) = messages(database)
    assert (message.state, message.reason) == (MessageState.WITHHELD, "opted_out")


def test_g5_while_permits_cannot_be_stored_nothing_is_sent_and_afterwards_nothing_is_lost(database, deliver):
    mailing_id = plan(database, 12)
    returning, turn = list[asyncio.Task[None]](), asyncio.Lock()

    def rename(old: str, new: str) -> None:
        with database.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    async def comes_back() -> None:
        await asyncio.sleep(0.7)
        await asyncio.to_thread(rename, "gone", "permit")

    async def goes_away(step: str) -> None:
        async with turn:  # no dot is answered before the permits' table is away
            if step == "DOT" and not returning:
                await asyncio.to_thread(rename, "permit", "gone")
                returning.append(asyncio.create_task(comes_back()))

    server = deliver(hook=goes_away)
    counted = states(database, mailing_id)
    assert counted[MessageState.SENT] == len(server.messages) == 12 - counted[MessageState.PLANNED]
    assert {message.reason for message in messages(database) if message.state == "planned"} == {"gate_failed"}


@pytest.mark.parametrize(("act", "left"), [(pause, MessageState.PLANNED), (cancel, MessageState.CANCELLED)])
def test_pausing_and_cancelling_hold_from_the_next_message_on(database, deliver, act, left):
    mailing_id = plan(database, 40)
    acted = asyncio.Event()

    async def stops_it(step: str) -> None:
        if step == "DOT" and not acted.is_set():
            acted.set()
            with database.writing() as session:
                act(session, "spring", at=NOON)

    server = deliver(hook=stops_it, lines=2)
    assert 1 <= len(server.messages) <= 3
    counted = states(database, mailing_id)
    waiting = counted.get(MessageState.PLANNED, 0) + counted.get(MessageState.CANCELLED, 0)
    assert counted[MessageState.SENT] + waiting == 40
    assert counted[left] > 0


def test_what_a_dead_sender_left_is_planned_again_or_unknown(database, settings, deliver):
    plan(database, 3)
    with database.writing() as session:
        dead = start_sender(session, "dead", NOON)
        alive = start_sender(session, "alive", NOON)
        claims = claim(session, dead, at=NOON, lease=LEASE, most=2)
        person = claims[0].contact
        ask(session, [Wish(claims[0].message_id, person.address_key, person.family_key, "announcements")],
            sender_id=dead, at=NOON)  # fmt: skip
    vigil = Vigil(database, lambda: NOON, own=alive, read_ticks=count().__next__)
    with Holding(database, f"sender-{dead}") as holding:
        assert holding.take()
        vigil.bury_the_dead()
        assert states(database, 1) == {MessageState.CLAIMED: 2, MessageState.PLANNED: 1}
    bury_the_dead(vigil)
    assert states(database, 1) == {MessageState.UNKNOWN: 1, MessageState.PLANNED: 2}
    with database.reading() as session:
        assert session.scalar(select(Permit.outcome)) == "unknown"
        assert session.scalar(select(func.count()).where(Sender.stopped_at.is_(None))) == 1


def test_g6_control_it_is_the_open_permit_that_keeps_the_message_from_being_sent_again(database, settings, deliver):
    plan(database, 1)
    with database.writing() as session:
        dead = start_sender(session, "dead", NOON)
        (held,) = claim(session, dead, at=NOON, lease=LEASE, most=1)
        person = held.contact
        ask(session, [Wish(held.message_id, person.address_key, person.family_key, "announcements")],
            sender_id=dead, at=NOON)  # fmt: skip
        session.execute(update(Permit).values(outcome="deferred", settled_at=NOON))
    bury_the_dead(Vigil(database, lambda: NOON, own=start_sender_of(database), read_ticks=count().__next__))
    assert len(deliver().messages) == 1


def bury_the_dead(vigil: Vigil) -> None:
    """Look as often as it takes to be sure."""
    for _ in range(BEATS_OF_SILENCE + 1):
        vigil.bury_the_dead()


def start_sender_of(database: Any) -> int:
    with database.writing() as session:
        return start_sender(session, "alive", NOON)


def test_a_sender_that_is_told_to_stop_lets_go_of_what_it_did_not_begin(database, settings):
    mailing_id = plan(database, 40)

    async def run() -> int:
        async def stop_after_five(step: str) -> None:
            if step == "DOT" and len(server.messages) == 5:
                delivery.stop()

        async with scripted(hook=stop_after_five) as server:
            url = RelayUrl(Line.PLAIN, "127.0.0.1", server.port)
            with database.writing() as session:
                sender_id = start_sender(session, "one", NOON)
            delivery = Delivery(Books(database, settings, sender_id, lambda: NOON), lambda: Relay(url), lines=2)

            await delivery.run()
            return len(server.messages)

    sent = asyncio.run(run())
    assert sent < 40
    assert states(database, mailing_id) == {MessageState.SENT: sent, MessageState.PLANNED: 40 - sent}
