"""Claims: which sender works on which message, and what became of it; every change is conditional (G6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Dialect, String, bindparam, func, select, update
from sqlalchemy import cast as cast_as
from sqlalchemy.orm import Session

from campaigns.domain.rations import ALL, Caps
from campaigns.domain.states import MESSAGE, MailingState, MessageState
from campaigns.storage.deferrals import put_off
from campaigns.storage.mailings import Mailing, MailingKind
from campaigns.storage.messages import CLAIMED, PLANNED, Message
from campaigns.storage.openings import UnderWay, out_of_hours, under_way, wait_for_hours
from contacts.domain.scopes import CONFIRMATION
from contacts.domain.verdicts import Reason
from contacts.storage.askers import people_asking
from contacts.storage.contacts import Person, addressees
from contacts.storage.gate import Judgement, judge
from core.kept import Kept, Rows, among
from core.many import Many

CONTACT_GONE = "contact_gone"
LONGEST_REPLY = 500
AT_ONCE = frozenset({MailingKind.TEST.value, MailingKind.CONFIRMATION.value})
"""What somebody waits for at this moment, and is sent at any hour."""
MOST_ASLEEP = 2000
"""How many people in quiet hours one claim puts off to find others who are awake."""
_QUIET = Reason.QUIET_HOURS


class Claim(NamedTuple):
    """A message that one sender may work on until its lease ends, with the contact as it is now."""

    message_id: int
    mailing_id: int
    attempts: int
    reference: int | None
    contact: Person
    variant: int | None = None


class Outcome(NamedTuple):
    """What became of a claimed message.

    `state` PLANNED with `next_try_at` is a deferral (4xx). Reason: a word for what was withheld or failed.
    """

    message_id: int
    state: MessageState
    reason: str | None = None
    code: int | None = None
    reply: str | None = None
    header_id: str | None = None
    handed_over_at: datetime | None = None
    next_try_at: datetime | None = None


def claim(
    session: Session, sender_id: int, *, at: datetime, lease: timedelta, most: int, quiet_in: str = "", caps: Caps = ALL
) -> list[Claim]:
    """Claim up to `most` messages that are due, what is waited for first, then a fair share of each mailing under way.

    The gate is asked in this transaction: who is not permitted is withheld with the reason, whose contact was
    deleted is cancelled, who is in quiet hours (judged where `quiet_in` names the house's time zone; not for a test) is
    planned again for when they end. None of these is returned, and nothing of a mailing outside its hours or beyond
    its cap.
    """
    mailings = under_way(session, at=at, house_zone=quiet_in or "UTC", first=AT_ONCE)
    taken: list[Claim] = []
    room = {mailing.id: caps.get(mailing.id, most) for mailing in mailings}
    for share in (-(-most // max(len(mailings), 1)), most):
        for mailing in mailings:
            zone = "" if mailing.kind in AT_ONCE else quiet_in
            wanted, asleep = min(share, most - len(taken), room[mailing.id]), MOST_ASLEEP
            while wanted > 0 and asleep > 0:
                found, put_off = _claim_of(session, sender_id, mailing, at, at + lease, wanted, zone)
                taken += found
                room[mailing.id] -= len(found)
                wanted, asleep = (put_off, asleep - put_off) if put_off else (0, 0)
    return taken


def _claim_of(
    session: Session, sender_id: int, mailing: UnderWay, at: datetime, until: datetime, number: int, zone: str
) -> tuple[list[Claim], int]:
    """What was claimed of one mailing, and how many were put off: they are asleep, or it is outside its hours there."""
    topic = mailing.topic
    due = (
        select(Message.id)
        .where(Message.mailing_id == mailing.id, Message.state == PLANNED, Message.next_try_at <= at)
        .order_by(Message.next_try_at)  # no further: the index then needs no sorting of all that is due
        .limit(number)
        .with_for_update(skip_locked=True)  # left out on SQLite, where the transaction is the lock
        .cte("due")
    )
    rows = session.execute(
        update(Message)
        .where(Message.id.in_(select(due.c.id)))
        .values(state=MessageState.CLAIMED.value, sender_id=sender_id, lease_until=until, reason=None)
        .returning(Message.id, Message.address_key, Message.attempts, Message.reference, Message.variant)
        .execution_options(synchronize_session=False)
    ).all()
    if not rows:
        return [], 0
    keys = {row.address_key for row in rows}
    found = judge(session, topic, keys, at=at, quiet_in=zone)
    said = found.verdicts
    contacts = _people(session, topic, keys, [row.reference for row in rows if row.reference is not None], at)
    asleep = {row.id: contacts[row.address_key].time_zone for row in rows if said.get(row.address_key) is _QUIET}
    put_off(session, asleep, topic, at=at, house_zone=zone)
    _end_refused(session, {row.id: row.address_key for row in rows if row.id not in asleep}, found, contacts, at)
    claims = [
        Claim(row.id, mailing.id, row.attempts, row.reference, contacts[row.address_key], row.variant)
        for row in sorted(rows, key=attrgetter("id"))
        if row.address_key in contacts and said.get(row.address_key, Reason.GATE_FAILED) is None
    ]
    zones = {each.message_id: each.contact.time_zone for each in claims}
    early = wait_for_hours(session, zones, mailing.hours, at=at, house_zone=zone or "UTC")
    return [each for each in claims if each.message_id not in early], len(asleep) + len(early)


def _people(
    session: Session, topic: str, keys: Collection[bytes], requests: Collection[int], at: datetime
) -> Mapping[bytes, Person]:
    """Whom messages go to, by key: contacts, or who asked to become one."""
    if topic == CONFIRMATION:
        return people_asking(session, requests, at=at)
    return addressees(session, keys)


def _end_refused(
    session: Session,
    keys: dict[int, bytes],
    found: Judgement,
    contacts: Mapping[bytes, Person],
    at: datetime,
) -> None:
    gone = [number for number, key in keys.items() if key not in contacts]
    _end(session, gone, MessageState.CANCELLED, CONTACT_GONE)
    refused: dict[Reason, list[int]] = {}
    for number, key in keys.items():
        reason = found.verdicts.get(key, Reason.GATE_FAILED)
        if key in contacts and reason is not None:
            refused.setdefault(reason, []).append(number)
    for reason, numbers in refused.items():
        _end(session, numbers, MessageState.WITHHELD, reason.value)
        mark_judged(session, numbers, at=at, sequence=found.sequence)


def mark_judged(session: Session, numbers: Collection[int], *, at: datetime, sequence: int) -> None:
    """Keep with messages from which state of the ledger, and when, their last verdict was read (G17)."""
    session.execute(
        update(Message)
        .where(Message.id.in_(numbers))
        .values(judged_at=at, judged_sequence=sequence)
        .execution_options(synchronize_session=False)
    )


def _end(session: Session, numbers: Sequence[int], state: MessageState, reason: str) -> None:
    if numbers:
        session.execute(
            update(Message)
            .where(Message.id.in_(numbers))
            .values(state=state.value, reason=reason, lease_until=None)
            .execution_options(synchronize_session=False)
        )


def look_who_is_held(session: Session, sender_id: int, numbers: Sequence[int]) -> Rows:
    """Ask what `held_now` reads; within `at_once` nothing is waited for."""
    if not numbers:
        return list
    return _held(session.get_bind().dialect).ahead(session, {"numbers": list(numbers), "sender": sender_id})


def held_now(session: Session, found: Rows, *, at: datetime, house_zone: str = "UTC") -> dict[int, bool]:
    """Which of these messages the sender still holds, in mailings that send, within their hours: ask before the dot.

    With each, whether it goes at once, whatever the hour.
    """
    held = [(row, list(map(int, row.numbers.split(",")))) for row in found()]
    hours = {each: (row.sending_hours, row.sending_zone) for row, those in held if row.sending_hours for each in those}
    closed = out_of_hours(session, hours, at=at, house_zone=house_zone) if hours else ()
    return {each: row.kind in AT_ONCE for row, those in held for each in those if each not in closed}


@lru_cache(maxsize=8)
def _held(dialect: Dialect) -> Kept:
    """For each mailing that sends, the numbers of those of its messages that are held, as one text.

    Messages are found by their numbers before anything else is asked of them: of a mailing that has just begun
    PostgreSQL believes that nothing is claimed yet, and would go through all that is.
    """
    of_message = (Message.id, Message.mailing_id, Message.state, Message.sender_id)
    found = select(*of_message).where(among(Message.id, "numbers", dialect))
    named = found.cte("named").prefix_with("MATERIALIZED", dialect="postgresql")
    numbers = func.aggregate_strings(cast_as(named.c.id, String), ",").label("numbers")
    held = (
        select(numbers, Mailing.kind, Mailing.sending_hours, Mailing.sending_zone)
        .join_from(named, Mailing, Mailing.id == named.c.mailing_id)
        .where(named.c.state == CLAIMED, named.c.sender_id == bindparam("sender"))
        .where(Mailing.state == MailingState.SENDING.value)
        .group_by(Mailing.id)
    )
    return Kept(held, ["numbers", "sender"], dialect)


def settle(session: Session, sender_id: int, outcomes: Iterable[Outcome]) -> None:
    """Record what became of claimed messages; idempotent, and without effect on what the sender lost meanwhile.

    A message that was given up as unknown may still be told to be sent or failed by the sender that knows it.
    """
    rows = [_row(outcome) for outcome in outcomes]
    if rows:
        _SETTLE.tell(session, dict(zip(_ENDED, zip(*rows, strict=True), strict=True)), sender=sender_id)


_ENDED = {
    "id": "bigint", "state": "varchar", "reason": "varchar", "code": "integer", "reply": "varchar",
    "header_id": "varchar", "handed_over_at": "timestamptz", "next_try_at": "timestamptz", "tried": "smallint",
    "also": "varchar",
}  # fmt: skip
_SETTLE = Many(
    """
    UPDATE message SET state = given.state, reason = given.reason, code = given.code, reply = given.reply,
           next_try_at = given.next_try_at, header_id = coalesce(given.header_id, message.header_id),
           handed_over_at = given.handed_over_at, lease_until = NULL, attempts = message.attempts + given.tried
    FROM {given}
    WHERE message.id = given.id AND message.sender_id = %(sender)s AND message.state IN ('claimed', given.also)
    """,
    **_ENDED,
)


def _row(outcome: Outcome) -> tuple[Any, ...]:
    """What `_ENDED` names."""
    MESSAGE.require(MessageState.CLAIMED, outcome.state)
    kept = outcome.state in {MessageState.WITHHELD, MessageState.CANCELLED} or outcome.reason == _QUIET
    late = MessageState.UNKNOWN if outcome.state in {MessageState.SENT, MessageState.FAILED} else MessageState.CLAIMED
    reply = outcome.reply[:LONGEST_REPLY] if outcome.reply else None
    said = (outcome.reason, outcome.code, reply, outcome.header_id, outcome.handed_over_at, outcome.next_try_at)
    return (outcome.message_id, outcome.state.value, *said, int(not kept), late.value)
