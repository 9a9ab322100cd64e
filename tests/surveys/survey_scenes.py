"""Small worlds for the tests of surveys: a survey that is open, people invited to it, answers given."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.states import CampaignState
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.campaigns import Campaign, move_campaign
from campaigns.storage.mailings import Mailing, MailingKind, begin_mailing, plan_mailing
from campaigns.storage.messages import Message
from contacts.storage.contacts import Contact
from surveys.domain.answering import Go
from surveys.domain.cells import Posted
from surveys.domain.survey_files import read_survey
from surveys.services.apply_survey import apply_survey
from surveys.services.invite import Wish, attach_invitations, draft_invitation
from surveys.storage.invitations import Invitation
from surveys.storage.surveys import Survey, open_survey
from tests.campaigns.scenes import add_reader, clear
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING
from tests.surveys.pressing import press

STRAIGHT = (
    ("start", {"went": ["yes"]}),
    ("trip", {"how": ["train"], "score": ["9"]}),
    ("details", {"train_class": ["4"], "nights": ["3"]}),
    ("end", {"judged-food": ["good"], "more": ["=all good"]}),
)


def opened(session: Session, text: str = BRANCHING) -> Survey:
    """A survey that can be answered."""
    survey = apply_survey(session, read_survey(text), at=NOON).survey
    open_survey(session, survey, NOON)
    return survey


def people(session: Session, number: int) -> list[Contact]:
    """People who may be asked."""
    return [add_reader(session, f"person{each}@example.org", "research", locale="de") for each in range(number)]


def launched(session: Session, campaign: Campaign, at: datetime = NOON) -> Mailing:
    """The campaign's mailing, frozen and with its invitations, as the clock does it."""
    planned = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.FIRST, due_at=at, at=at)
    campaign.scheduled_at = at
    move_campaign(session, campaign, CampaignState.SCHEDULED, at)
    mailing = begin_mailing(session, planned.id, at)
    assert mailing is not None
    freeze_audience(session, mailing, at=at)
    attach_invitations(session, mailing.id, at=at)
    return mailing


def invited(session: Session, survey: Survey) -> Mailing:
    """The first invitation mailing, everybody's message handed over."""
    mailing = launched(session, draft_invitation(session, survey, Wish(), at=NOON))
    hand_over(session, mailing)
    return mailing


def hand_over(session: Session, mailing: Mailing, at: datetime = NOON) -> None:
    """Every planned message of the mailing is sent."""
    for message in session.scalars(select(Message).where(Message.mailing_id == mailing.id, Message.state == "planned")):
        message.state, message.handed_over_at, message.next_try_at = "sent", at, None
    session.flush()


def messages_of(session: Session, mailing: Mailing) -> list[tuple[str, str | None, int | None]]:
    """State, reason and reference of each message, in the order of the contacts."""
    query = select(Message.state, Message.reason, Message.reference).where(Message.mailing_id == mailing.id)
    return [
        (state, reason, reference) for state, reason, reference in session.execute(query.order_by(Message.contact_id))
    ]


def invitations(session: Session) -> list[Invitation]:
    """All invitations in the order of their people."""
    return list(session.scalars(select(Invitation).order_by(Invitation.contact_id, Invitation.id)))


def answer(session: Session, invitation: Invitation, *pages: tuple[str, Posted], at: datetime = NOON) -> None:
    """Press “next” on these pages; on all of the straight way where none are given."""
    for page, posted in pages or STRAIGHT:
        press(session, invitation.id, page, posted, Go.NEXT, at=at)


def counted(session: Session) -> dict[str, int]:
    """How many rows each table holds, for showing that nothing changed."""
    tables = Contact.metadata.sorted_tables
    return {table.name: len(session.execute(table.select()).all()) for table in tables}
