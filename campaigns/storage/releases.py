"""Releases: claims kept, put back, or ended because their sender is gone; every change is conditional (G6, G7)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState, MessageState
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import CAMPAIGN_CANCELLED, CLAIMED, DIED, PLANNED, Message
from campaigns.storage.senders import Sender
from contacts.storage.permits import Permit
from contacts.storage.permits import settle as settle_permits


def renew(session: Session, sender_id: int, until: datetime) -> None:
    """Keep the sender's claims alive; what another transaction of the sender works on just now is left to it."""
    mine = (
        select(Message.id)
        .where(Message.state == CLAIMED, Message.sender_id == sender_id)
        .order_by(Message.id)
        .with_for_update(skip_locked=True)  # or two transactions would wait for each other's messages
        .cte("mine")
    )
    session.execute(
        update(Message)
        .where(Message.id.in_(select(mine.c.id)))
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )


def let_go(session: Session, sender_id: int, at: datetime, numbers: Collection[int] | None = None) -> int:
    """Put back what the sender claimed and did not begin: all of it when it stops, or these; the number put back."""
    mine = and_(Message.state == CLAIMED, Message.sender_id == sender_id)
    if numbers is not None:
        mine = and_(mine, Message.id.in_(numbers))
    return _put_back(session, list(session.scalars(select(Message.id).where(mine))), at)[0]


def release_lost(session: Session, at: datetime) -> tuple[int, int]:
    """End the claims whose lease is over: (put back, unknown).

    A message that had a permit may have been handed over: it is unknown, and not sent again by itself (G6). While its
    sender is not known to have ended, a claim waits: clocks may step, and only whose name falls free is dead (decision
    25). A permit may be about to be committed for what looks as if it was not begun: put back, it would go out twice.
    """
    alive = exists().where(Sender.id == Message.sender_id, Sender.stopped_at.is_(None))
    lost = session.scalars(
        select(Message.id)
        .where(Message.state == CLAIMED, Message.lease_until < at, ~alive)
        .with_for_update(skip_locked=True)
    )
    return _put_back(session, list(lost), at)


def _put_back(session: Session, numbers: Sequence[int], at: datetime) -> tuple[int, int]:
    if not numbers:
        return 0, 0
    permits = session.execute(
        select(Permit.message_id, Permit.id).where(Permit.message_id.in_(numbers), Permit.outcome.is_(None))
    ).all()
    begun = [message_id for message_id, _permit in permits]
    settle_permits(session, dict.fromkeys((permit for _message, permit in permits), "unknown"), at=at)
    session.execute(
        update(Message)
        .where(Message.id.in_(begun))
        .values(**DIED, handed_over_at=at, attempts=Message.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    waiting = [number for number in numbers if number not in set(begun)]
    session.execute(
        update(Message)
        .where(Message.id.in_(waiting))
        .values(state=MessageState.PLANNED.value, next_try_at=at, sender_id=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return len(waiting), len(begun)


def cancel_leftovers(session: Session) -> int:
    """Cancel messages that came back to planned after their mailing was cancelled; the number cancelled."""
    cancelled = session.scalars(
        update(Message)
        .where(
            Message.state == PLANNED,
            Message.mailing_id.in_(select(Mailing.id).where(Mailing.state == MailingState.CANCELLED.value)),
        )
        .values(state=MessageState.CANCELLED.value, reason=CAMPAIGN_CANCELLED, next_try_at=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(cancelled.all())
