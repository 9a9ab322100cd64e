"""Doubts: messages whose outcome is unknown, with all that is known about their end; for the operator who decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from campaigns.domain.likelihoods import Ending, Traces, ending, probably_arrived
from campaigns.domain.states import MessageState
from campaigns.storage.messages import SENDER_DIED, Message, decided_values
from campaigns.storage.senders import Sender
from contacts.storage.contacts import Contact
from contacts.storage.permits import Permit

REACH = 500
"""How many later permits are looked at for a sign of life of the same sender."""


@dataclass(frozen=True)
class Doubt:
    """A message of unknown outcome: to whom, by which sender, when it got its permit, and how it ended."""

    message: Message
    contact: Contact | None
    sender: str
    at: datetime | None
    ending: Ending

    @property
    def arrived(self) -> bool:
        """Whether it probably arrived."""
        return probably_arrived(self.ending)


def doubts_of(session: Session, mailing_id: int, *, limit: int = 100, after: int = 0) -> list[Doubt]:
    """The messages of a mailing that wait for a decision, by number, those after `after`."""
    other = aliased(Permit)
    last = select(func.max(other.id)).where(other.message_id == Message.id).scalar_subquery()
    rows = session.execute(
        select(Message, Contact, Sender.name, Permit.granted_at, _lived_on())
        .select_from(Message)
        .outerjoin(Permit, Permit.id == last)
        .outerjoin(Sender, Sender.id == Message.sender_id)
        .outerjoin(Contact, Contact.address_key == Message.address_key)
        .where(Message.mailing_id == mailing_id, Message.state == MessageState.UNKNOWN.value, Message.id > after)
        .order_by(Message.id)
        .limit(limit)
    )
    return [_doubt(*row) for row in rows]


def _doubt(message: Message, contact: Contact | None, sender: str | None, at: datetime | None, *lived: bool) -> Doubt:
    end = ending(Traces(message.reason != SENDER_DIED, at, any(lived)))
    return Doubt(message, contact, sender or "", at or message.handed_over_at, end)


def _lived_on() -> ColumnElement[bool]:
    """Whether the sender of a permit got another in a later transaction: it had the answer about this one by then."""
    later = aliased(Permit)
    return (
        select(literal(1))
        .where(
            later.id > Permit.id,
            later.id <= Permit.id + REACH,
            later.sender_id == Permit.sender_id,
            later.granted_at > Permit.granted_at,
        )
        .exists()
    )


def decide_all_unknown(session: Session, mailings: Collection[int], new: MessageState, at: datetime) -> int:
    """Settle all messages of unknown outcome of these mailings as an operator says; how many those were (G6)."""
    decided = session.scalars(
        update(Message)
        .where(Message.mailing_id.in_(mailings), Message.state == MessageState.UNKNOWN.value)
        .values(decided_values(new, at))
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire_all()
    return len(decided)
