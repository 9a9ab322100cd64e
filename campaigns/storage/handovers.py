"""Handovers: the short transactions around the last byte of a message, and the ends of senders that died."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.fates import is_hard_bounce
from campaigns.storage.claims import Outcome, held_now, look_who_is_held, mark_judged, settle
from campaigns.storage.messages import Message
from campaigns.storage.releases import let_go
from campaigns.storage.senders import stop_sender
from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask_under_locks, lock_before_asking
from contacts.storage.ledger import ledger_head, record
from contacts.storage.permits import open_permits_of
from contacts.storage.permits import settle as settle_permits
from core.cards import mask_card_numbers
from core.kept import at_once


class Ended(NamedTuple):
    """What became of a message, and of its permit if it had one (sent, deferred, failed or unknown).

    `of_sender`: the server refused our own address, which says nothing about the person.
    """

    outcome: Outcome
    permit_id: int | None = None
    permit_outcome: str = ""
    of_sender: bool = False


class Begone(NamedTuple):
    """A claim let go before anything was handed over; the message is planned again, from `after` seconds on."""

    number: int
    after: float = 0.0


@dataclass(frozen=True)
class NotHeld:
    """No permit: the mailing was paused or cancelled, its hours ended, or the claim was lost meanwhile."""


NOT_HELD = NotHeld()
Asked = Ended | Begone | Wish
Leave = int | Reason | NotHeld
"""A permit's number, or why there is none."""


def settle_and_ask(
    session: Session, sender_id: int, asked: Sequence[Asked], *, at: datetime, quiet_in: str = ""
) -> list[Leave | None]:
    """Let go what was not begun, settle what ended, then ask for permits: in this order, in one transaction.

    The answers come in the order of `asked`, None for what was only recorded. The caller commits at once: no
    transaction is open while a server thinks. `quiet_in`: the house's time zone, where quiet hours are heeded.
    """
    wishes = [each for each in asked if isinstance(each, Wish)]
    ended = [each for each in asked if isinstance(each, Ended)]
    permits = _permits_of(session, sender_id, ended)
    _let_go(session, sender_id, [each for each in asked if isinstance(each, Begone)], at)
    with at_once(session):
        settle_permits(session, permits, at=at)
        settle(session, sender_id, [each.outcome for each in ended])
        lock_before_asking(session, wishes)
        looked = look_who_is_held(session, sender_id, [wish.message_id for wish in wishes])
    held = held_now(session, looked, at=at, house_zone=quiet_in or "UTC")
    mine = [
        wish if held[wish.message_id] == wish.at_once else wish._replace(at_once=not wish.at_once)
        for wish in wishes
        if wish.message_id in held
    ]
    given = ask_under_locks(session, mine, sender_id=sender_id, at=at, quiet_in=quiet_in)
    refused = [number for number, leave in given.items() if isinstance(leave, Reason)]
    if refused:
        mark_judged(session, refused, at=at, sequence=ledger_head(session)[0])
    return [given.get(each.message_id, NOT_HELD) if isinstance(each, Wish) else None for each in asked]


def bounces_among(asked: Sequence[Asked]) -> list[Outcome]:
    """The outcomes that say that nobody is at the address."""
    ended = [each.outcome for each in asked if isinstance(each, Ended) and not each.of_sender]
    return [each for each in ended if is_hard_bounce(each.code, each.reply)]


def note_bounces(session: Session, outcomes: Sequence[Outcome], *, at: datetime) -> int:
    """Record that nobody is at these messages' addresses: a block like any other (G19); the number recorded.

    In a transaction of its own, after the outcomes were settled: it takes the people's locks alone.
    """
    said = {each.message_id: f"{each.code} {each.reply}" for each in outcomes}
    rows = session.execute(
        select(Message.id, Message.mailing_id, Contact.address_key, Contact.family_key)
        .join(Contact, Contact.address_key == Message.address_key)
        .where(Message.id.in_(said))
    )
    facts = [
        stop_fact(
            AddressKeys(own, family),
            Door.DELIVERY,
            at=at,
            evidence=mask_card_numbers(said[number]),
            details={"mailing": of},
        )
        for number, of, own, family in rows
    ]
    record(session, facts, at=at)
    return len(facts)


def _permits_of(session: Session, sender_id: int, ended: Sequence[Ended]) -> dict[int, str]:
    """The permits of messages that ended, with what became of those."""
    settled = {each.permit_id: each.permit_outcome for each in ended if each.permit_id is not None}
    unsure = {each.outcome.message_id: each.permit_outcome for each in ended if each.permit_id is None}
    if any(unsure.values()):  # a permit may have been given although the answer was lost on the way
        asked_for = [message for message, outcome in unsure.items() if outcome]
        still_open = open_permits_of(session, sender_id, asked_for)
        settled |= {permit: unsure[message] for message, permit in still_open.items()}
    return settled


def _let_go(session: Session, sender_id: int, gone: Sequence[Begone], at: datetime) -> None:
    begone: dict[int, list[int]] = {}
    for each in gone:
        begone.setdefault(ceil(each.after), []).append(each.number)
    for after, numbers in begone.items():
        let_go(session, sender_id, at + timedelta(seconds=after), numbers)


def bury(session: Session, sender_id: int, *, at: datetime) -> int:
    """End what a dead sender left: what had a permit is unknown, the rest is planned again (G6, G7)."""
    left = let_go(session, sender_id, at)
    stop_sender(session, sender_id, at)
    return left
