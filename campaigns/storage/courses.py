"""Courses: what decides by which server each mailing under way may go, and how fast."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState
from campaigns.storage.campaigns import Campaign
from campaigns.storage.claims import AT_ONCE
from campaigns.storage.mailings import Mailing

_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Course:
    """How the messages of one mailing go.

    relay: the server that its campaign wishes, or nothing. rate: messages a second, 0 for no limit.
    """

    sender_domain: str
    relay: str = ""
    rate: float = 0.0


def courses_under_way(session: Session, house_sender: str) -> dict[int, Course]:
    """The course of every mailing that is being sent; `house_sender`: the address of those that name none."""
    rows = session.execute(
        select(Mailing.id, Mailing.kind, Mailing.sender_email, Mailing.rate_per_minute, Campaign.relay)
        .join(Campaign, Campaign.id == Mailing.campaign_id)
        .where(Mailing.state == MailingState.SENDING.value)
    )
    return {
        number: Course(
            (sender or house_sender).rpartition("@")[2].lower(),
            relay or "",
            rate / _MINUTE if rate and kind not in AT_ONCE else 0.0,
        )
        for number, kind, sender, rate, relay in rows
    }


def names_by_mailing(session: Session) -> dict[int, str]:
    """The campaign's name of every mailing that is being sent."""
    rows = session.execute(
        select(Mailing.id, Campaign.name)
        .join(Campaign, Campaign.id == Mailing.campaign_id)
        .where(Mailing.state == MailingState.SENDING.value)
    )
    return {row.id: row.name for row in rows}
