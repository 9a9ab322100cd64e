"""Overtakings: messages handed over by a sender whose permits others had settled as unknown, taking it for dead.

The one residual of the permit protocol (docs/decisions/0025): counted, so that it is seen where it ever happens.
"""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.storage.senders import note_overtaken
from contacts.storage.permits import Permit


def count_overtaken(session: Session, sender_id: int, handed_over: Collection[int]) -> int:
    """How many of these permits, whose messages were handed over, others had settled as unknown; noted with the sender.

    An upper bound: a dot that was written before they did so counts as well.
    """
    number = session.scalar(
        select(func.count()).select_from(Permit).where(Permit.id.in_(handed_over), Permit.outcome == "unknown")
    )
    if number:
        note_overtaken(session, sender_id, number)
    return number or 0


def still_open(session: Session, permits: Collection[int]) -> set[int]:
    """Those of these permits that nobody has settled."""
    return set(session.scalars(select(Permit.id).where(Permit.id.in_(permits), Permit.outcome.is_(None))))
