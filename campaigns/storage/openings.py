"""Openings: which mailings may send at this hour, and messages put off until their hours begin where a person lives."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState, MessageState
from campaigns.domain.windows import RECIPIENT, is_open, kept_window, opens, waits
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message
from contacts.domain.quiet_hours import zone_of
from contacts.storage.contacts import Contact

NOT_LONG = timedelta(hours=1)
"""Longer than any sender holds a message."""


class UnderWay(NamedTuple):
    """A mailing of which messages may be claimed; `hours` where they are read by the clock of each person."""

    id: int
    topic: str
    kind: str
    hours: str


def under_way(session: Session, *, at: datetime, house_zone: str, first: Collection[str]) -> list[UnderWay]:
    """The mailings that are sending and within their hours, those of the kinds in `first` before all others."""
    found = session.execute(
        select(Mailing.id, Mailing.topic, Mailing.kind, Mailing.sending_hours, Mailing.sending_zone)
        .where(Mailing.state == MailingState.SENDING.value)
        .order_by(Mailing.kind.not_in(first), Mailing.due_at, Mailing.id)
    )
    return [
        UnderWay(number, topic, kind, hours if zone == RECIPIENT else "")
        for number, topic, kind, hours, zone in found
        if not waits(hours, zone, house_zone, at)
    ]


def halted_mailings(session: Session, *, at: datetime) -> set[int]:
    """Mailings that were paused, or cancelled not long ago: nothing of them is to be begun, whoever holds it."""
    cancelled = (Mailing.state == MailingState.CANCELLED.value) & (Mailing.finished_at > at - NOT_LONG)
    query = select(Mailing.id).where((Mailing.state == MailingState.PAUSED.value) | cancelled)
    return set(session.scalars(query))


def out_of_hours(session: Session, hours: Mapping[int, tuple[str, str]], *, at: datetime, house_zone: str) -> set[int]:
    """Which messages may not go now, by their mailings' hours: as written, and the zone that those are told in."""
    own = {number: written for number, (written, zone) in hours.items() if written and zone == RECIPIENT}
    closed = {number for number, (written, zone) in hours.items() if waits(written, zone, house_zone, at)}
    if own:
        people = select(Message.id, Contact.time_zone).join(Contact, Contact.address_key == Message.address_key)
        for number, zone in session.execute(people.where(Message.id.in_(own))):
            if not is_open(kept_window(own[number]), zone_of(zone, house_zone), at):
                closed.add(number)
    return closed


def wait_for_hours(
    session: Session, people: Mapping[int, str], hours: str, *, at: datetime, house_zone: str
) -> set[int]:
    """Plan these messages again where the mailing's hours have not begun; the numbers of those.

    Args:
        session: a writing session.
        people: the messages' numbers, with their contacts' time zones as written.
        hours: the mailing's hours, read where each person lives; empty: any.
        at: now.
        house_zone: where people live whose zone is not known.
    """
    waiting: dict[datetime, list[int]] = {}
    if not hours:
        return set()
    window = kept_window(hours)
    for number, written in people.items():
        waiting.setdefault(opens(window, zone_of(written, house_zone), at), []).append(number)
    waiting.pop(at, None)
    for moment, numbers in waiting.items():
        session.execute(
            update(Message)
            .where(Message.id.in_(numbers))
            .values(state=MessageState.PLANNED.value, next_try_at=moment, sender_id=None, lease_until=None)
            .execution_options(synchronize_session=False)
        )
    return {number for numbers in waiting.values() for number in numbers}
