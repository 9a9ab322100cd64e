"""The real storage functions in every order of their steps, on real sessions: no dot comes after a "done" (G1)."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import update

from campaigns.domain.states import MessageState
from campaigns.storage.claims import Claim, Outcome, claim
from campaigns.storage.handovers import Ended, bury, settle_and_ask
from campaigns.storage.messages import Message
from contacts.domain.facts import Door
from contacts.services.erase_person import erase_person
from contacts.services.merge_contacts import merge_contacts
from contacts.services.unsubscribe import opt_out
from contacts.storage import locks
from contacts.storage.contacts import Person
from contacts.storage.gate import Wish
from contacts.storage.permits import covered_and_open
from core.database import Database
from tests.campaigns.scenes import a_sender, add_reader, sending
from tests.conftest import NOON
from tests.oracle.driven_house import Actor, Step, driven, orders
from tests.oracle.sabotages import LOCKS, everywhere

LEASE = timedelta(minutes=5)
SAMPLE = 40


def wish(of: Claim) -> Wish:
    return Wish(of.message_id, of.contact.address_key, of.contact.family_key, "announcements")


def asks(actor: Actor) -> None:
    session = actor.begin()
    actor.seen["leave"] = settle_and_ask(session, actor.seen["sender"], [wish(actor.seen["claim"])], at=NOON)[0]


def commits(actor: Actor) -> None:
    actor.commit()


def writes_the_dot(actor: Actor) -> None:
    if isinstance(actor.seen["leave"], int) and not actor.seen.get("buried", lambda: False)():
        actor.tell("dot")
        actor.seen["dotted"] = True


def settles(actor: Actor) -> None:
    leave = actor.seen["leave"]
    if isinstance(leave, int):
        sent = bool(actor.seen.get("dotted"))
        state = MessageState.SENT if sent else MessageState.PLANNED
        number, next_try_at = actor.seen["claim"].message_id, None if sent else NOON
        outcome = Outcome(number, state, handed_over_at=NOON if sent else None, next_try_at=next_try_at)
        with actor.database.writing() as session:
            ended = Ended(outcome, leave, "sent" if sent else "deferred")
            settle_and_ask(session, actor.seen["sender"], [ended], at=NOON)


def claims(actor: Actor) -> None:
    with actor.database.writing() as session:
        found = claim(session, actor.seen["sender"], at=NOON, lease=LEASE, most=1)
    actor.seen["claim"] = found[0] if found else actor.seen["claim"]


def buries(actor: Actor) -> None:
    with actor.database.writing() as session:
        bury(session, actor.seen["dead"], at=NOON)
    actor.seen["done"] = True


def opts_out(actor: Actor) -> None:
    person = actor.seen["person"]
    opt_out(actor.begin(), person.keys, "everything", Door.PAGE, at=NOON)


def erases(actor: Actor) -> None:
    erase_person(actor.begin(), actor.seen["person"].keys, Door.TERMINAL, at=NOON, operator="terminal")


def merges(actor: Actor) -> None:
    merge_contacts(actor.begin(), actor.seen["person"].id, actor.seen["other"].id, at=NOON)


def says(actor: Actor) -> None:
    with actor.database.reading() as session:
        late = covered_and_open(session, [actor.seen["person"].address_key], "everything")
    actor.tell("late" if late else "done")


SENDS: Sequence[Step] = (asks, commits, writes_the_dot, settles)


class Street:
    """A mailing to many, each of whom one order is tried on."""

    def __init__(self, database: Database, number: int, others: int = 0) -> None:
        self.database = database
        with database.writing() as session:
            for each in range(number):
                add_reader(session, f"reader{each}@example.org")
            self.others = [add_reader(session, f"other{each}@example.net", "updates") for each in range(others)]
            sending(session)
            self.sender, self.second = a_sender(session), a_sender(session, "two")
            self.claims = claim(session, self.sender, at=NOON, lease=LEASE, most=number)

    def given_to_another(self, of: Claim) -> int:
        """Let a sender of its own hold this claim."""
        with self.database.writing() as session:
            number = a_sender(session, "dying")
            session.execute(update(Message).where(Message.id == of.message_id).values(sender_id=number))
        return number

    def put_away(self, of: Claim) -> None:
        """Let nobody claim this message any more."""
        with self.database.writing() as session:
            values = {"state": "cancelled", "reason": "contact_gone"}
            session.execute(update(Message).where(Message.id == of.message_id).values(**values))

    def state(self, of: Claim) -> str:
        with self.database.reading() as session:
            message = session.get(Message, of.message_id)
            assert message is not None
            return message.state


Made = Callable[[Street, Person, list[str], int], Actor]


def stopping(first: Step, *, merged: bool = False) -> Made:
    def make(street: Street, person: Person, story: list[str], number: int) -> Actor:
        seen = {"person": person}
        if merged:
            seen["other"] = street.others[number]
            with street.database.writing() as session:
                opt_out(session, street.others[number].keys, "everything", Door.PAGE, at=NOON)
        return Actor("stop", street.database, (first, commits, says), story, seen)

    return make


STOPS = {"opt-out": stopping(opts_out), "erasure": stopping(erases), "merge": stopping(merges, merged=True)}


def violations(street: Street, stop: Made) -> list[list[str]]:
    """Every order of a sender's and a stopper's steps; the stories in which a dot follows a "done"."""
    wrong = []
    every = list(orders([len(SENDS), 3]))
    for number, order in enumerate(every):
        story: list[str] = []
        claimed = street.claims[number]
        sends = Actor("sender", street.database, SENDS, story, {"claim": claimed, "sender": street.sender})
        actors = [sends, stop(street, claimed.contact, story, number)]
        with closing(actors[0]), closing(actors[1]):
            driven(actors, order)
        told = [each.split()[1] for each in story]
        if "done" in told and "dot" in told[told.index("done") :]:
            wrong.append(story)
        elif "dot" in told:
            assert street.state(claimed) == "sent"
    return wrong


@pytest.mark.parametrize("stop", STOPS)
def test_g1_in_every_order_of_real_steps_nobody_is_written_to_after_done(database, stop):
    number = len(list(orders([len(SENDS), 3])))
    street = Street(database, number, number if stop == "merge" else 0)
    assert violations(street, STOPS[stop]) == []


def test_negative_control_without_the_lock_some_order_of_real_steps_is_wrong(postgresql_url, monkeypatch):
    for name in LOCKS:
        if hasattr(locks, name):
            everywhere(locks, name, lambda *_, **__: None, monkeypatch.setattr)
    with closing(Database(postgresql_url)) as database:
        street = Street(database, 35)
        assert violations(street, STOPS["opt-out"])


def test_g6_g7_in_orders_of_real_steps_with_a_burial_nobody_gets_two_and_every_message_ends(database):
    chance = random.Random(4)
    every = chance.sample(list(orders((len(SENDS), 1, len(SENDS) + 1))), SAMPLE)
    street, ends = Street(database, SAMPLE), set()
    for claimed, order in zip(street.claims, every, strict=True):
        story: list[str] = []
        dying = street.given_to_another(claimed)
        buried = Actor("undertaker", database, (buries,), story, {"dead": dying})
        seen = {"claim": claimed, "sender": dying, "buried": lambda it=buried: "done" in it.seen}
        first = Actor("first", database, SENDS, story, seen)
        second = Actor("second", database, (claims, *SENDS), story, {"claim": claimed, "sender": street.second})
        with closing(first), closing(buried), closing(second):
            driven([first, buried, second], order)
        state = street.state(claimed)
        ends.add(state)
        assert len(story) <= 1, story
        assert state in ({"sent", "unknown"} if story else {"planned", "unknown"}), (order, story)
        street.put_away(claimed)
    assert ends == {"sent", "unknown", "planned"}
