"""Postponements: claimed messages planned again for when limits let them go; nothing was tried or withheld."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from campaigns.domain.rations import Held
from campaigns.domain.states import MailingState, MessageState
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import PLANNED, Message


def postpone(session: Session, sender_id: int, moments: Mapping[int, tuple[datetime, Held]]) -> None:
    """Plan these messages again, each for its own moment, with why it waits; only what the sender still holds."""
    if not moments:
        return
    table = cast(Table, Message.__table__)
    session.connection().execute(
        table.update()
        .where(
            table.c.id == bindparam("b_id"),
            table.c.sender_id == sender_id,
            table.c.state == MessageState.CLAIMED.value,
        )
        .values(
            state=MessageState.PLANNED.value,
            next_try_at=bindparam("b_moment"),
            reason=bindparam("b_reason"),
            sender_id=None,
            lease_until=None,
        ),
        [{"b_id": number, "b_moment": moment, "b_reason": why.value} for number, (moment, why) in moments.items()],
    )


def count_postponed(session: Session) -> dict[Held, int]:
    """How many messages of what is being sent wait for each kind of limit."""
    rows = session.execute(
        select(Message.reason, func.count())
        .where(
            Message.mailing_id.in_(select(Mailing.id).where(Mailing.state == MailingState.SENDING.value)),
            Message.state == PLANNED,
            Message.reason.in_([each.value for each in Held]),
        )
        .group_by(Message.reason)
    )
    return {Held(str(reason)): number for reason, number in rows}
