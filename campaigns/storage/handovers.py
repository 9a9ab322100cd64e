"""Handovers: the short transactions around the last byte of a message, and the ends of senders that died."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.fates import is_hard_bounce
from campaigns.storage.claims import Outcome, mark_judged, settle, still_held
from campaigns.storage.messages import Message
from campaigns.storage.releases import let_go
from campaigns.storage.senders import stop_sender
from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask
from contacts.storage.ledger import ledger_head, record
from contacts.storage.permits import open_permits_of
from contacts.storage.permits import settle as settle_permits
from core.cards import mask_card_numbers


@dataclass(frozen=True)
class Ended:
    """What became of a message, and of its permit if it had one (sent, deferred, failed or unknown).

    `of_sender`: the server refused our own address, which says nothing about the person.
    """

    outcome: Outcome
    permit_id: int | None = None
    permit_outcome: str = ""
    of_sender: bool = False


@dataclass(frozen=True)
class Begone:
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
    """Settle what ended, let go what was not begun, then ask for permits: in this order, in one transaction.

    The answers come in the order of `asked`, None for what was only recorded. The caller commits at once: no
    transaction is open while a server thinks. `quiet_in`: the house's time zone, where quiet hours are heeded.
    """
    ended = [each for each in asked if isinstance(each, Ended)]
    _settle_permits(session, sender_id, ended, at)
    settle(session, sender_id, [each.outcome for each in ended])
    begone: dict[int, list[int]] = {}
    for each in asked:
        if isinstance(each, Begone):
            begone.setdefault(ceil(each.after), []).append(each.number)
    for after, numbers in begone.items():
        let_go(session, sender_id, at + timedelta(seconds=after), numbers)
    wishes = [each for each in asked if isinstance(each, Wish)]
    held = _held(session, sender_id, wishes, at, quiet_in) if wishes else {}
    mine = [
        wish if held[wish.message_id] == wish.at_once else replace(wish, at_once=not wish.at_once)
        for wish in wishes
        if wish.message_id in held
    ]
    given = ask(session, mine, sender_id=sender_id, at=at, quiet_in=quiet_in)
    refused = [number for number, leave in given.items() if isinstance(leave, Reason)]
    if refused:
        mark_judged(session, refused, at=at, sequence=ledger_head(session)[0])
    return [given.get(each.message_id, NOT_HELD) if isinstance(each, Wish) else None for each in asked]


def _held(session: Session, sender_id: int, wishes: Sequence[Wish], at: datetime, zone: str) -> dict[int, bool]:
    numbers = [wish.message_id for wish in wishes]
    return still_held(session, sender_id, numbers, at=at, house_zone=zone or "UTC")


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


def _settle_permits(session: Session, sender_id: int, ended: Sequence[Ended], at: datetime) -> None:
    settled = {each.permit_id: each.permit_outcome for each in ended if each.permit_id is not None}
    unsure = {each.outcome.message_id: each.permit_outcome for each in ended if each.permit_id is None}
    if any(unsure.values()):  # a permit may have been given although the answer was lost on the way
        still_open = open_permits_of(session, sender_id)
        settled |= {still_open[message]: unsure[message] for message in unsure.keys() & still_open if unsure[message]}
    settle_permits(session, settled, at=at)


def bury(session: Session, sender_id: int, *, at: datetime) -> int:
    """End what a dead sender left: what had a permit is unknown, the rest is planned again (G6, G7)."""
    left = let_go(session, sender_id, at)
    stop_sender(session, sender_id, at)
    return left
