"""Contests: mailings whose variants compete now, for the clock; and a campaign's, for its page."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState
from campaigns.storage.mailings import Mailing, MailingKind
from campaigns.storage.messages import PLANNED, Message
from campaigns.storage.variants import OPEN, Trial


def open_contests(session: Session) -> list[int]:
    """The mailings being sent in which something is to be decided, or somebody is still to get what has won."""
    waits = select(Message.id).where(
        Message.mailing_id == Mailing.id, Message.state == PLANNED, Message.next_try_at >= OPEN
    )
    query = (
        select(Mailing.id)
        .join(Trial, Trial.mailing_id == Mailing.id)
        .where(Mailing.state == MailingState.SENDING.value, or_(Trial.winner.is_(None), waits.exists()))
        .order_by(Mailing.id)
    )
    return list(session.scalars(query))


def contest_of(session: Session, campaign_id: int) -> tuple[Mailing, Trial] | None:
    """The campaign's mailing with its trial, the newest that was not called off before it began."""
    row = session.execute(
        select(Mailing, Trial)
        .join(Trial, Trial.mailing_id == Mailing.id)
        .where(
            Mailing.campaign_id == campaign_id,
            Mailing.kind == MailingKind.FIRST.value,
            Mailing.frozen_at.is_not(None),
        )
        .order_by(Mailing.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None
