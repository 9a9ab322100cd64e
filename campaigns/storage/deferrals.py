"""Deferrals: messages to people in quiet hours, planned again for when those end; nothing was tried or withheld."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.storage.messages import PLANNED, Message
from contacts.domain.quiet_hours import awake_from, zone_of
from contacts.domain.verdicts import Reason
from contacts.storage.frequencies import frequencies_for


@dataclass(frozen=True)
class Waiting:
    """How many messages of a mailing wait for quiet hours to end, and until when the last of them does.

    When the first does is not told: who was refused at the last moment is asked about again after a short pause, while
    their quiet hours go on.
    """

    number: int = 0
    until: datetime | None = None


def put_off(session: Session, asleep: Mapping[int, str], topic: str, *, at: datetime, house_zone: str) -> None:
    """Plan these messages again for when all quiet hours of the topic are over where each person lives.

    Args:
        session: a writing session.
        asleep: the messages' numbers, with their contacts' time zones as written.
        topic: what the mail is about; the rules of the groups above it hold as well.
        at: now.
        house_zone: where people live whose zone is not known.
    """
    if not asleep:
        return
    rules = [hours for rule in frequencies_for(session, topic, at=at) if (hours := rule.quiet_hours)]
    waking: dict[datetime, list[int]] = {}
    for number, written in asleep.items():
        waking.setdefault(awake_from(rules, zone_of(written, house_zone), at), []).append(number)
    for moment, numbers in waking.items():
        session.execute(
            update(Message)
            .where(Message.id.in_(numbers))
            .values(
                state=MessageState.PLANNED.value,
                reason=Reason.QUIET_HOURS.value,
                next_try_at=moment,
                sender_id=None,
                lease_until=None,
            )
            .execution_options(synchronize_session=False)
        )


def waiting_for_hours(session: Session, mailing_id: int, *, at: datetime) -> Waiting:
    """How many messages wait for quiet hours to end, and until when."""
    number, until = session.execute(
        select(func.count(), func.max(Message.next_try_at)).where(
            Message.mailing_id == mailing_id,
            Message.state == PLANNED,
            Message.reason == Reason.QUIET_HOURS.value,
            Message.next_try_at > at,
        )
    ).one()
    return Waiting(number, until)
