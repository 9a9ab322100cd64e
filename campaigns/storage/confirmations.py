"""Confirmations: the house's own mailings, one a day, that ask who signed up whether they meant it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.domain.checks import Clearance
from campaigns.domain.content_checks import LANGUAGE
from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.storage.campaigns import HOUSE, Campaign, fingerprint
from campaigns.storage.mailings import Mailing, MailingKind, begin_mailing, plan_mailing, reopen_mailing
from campaigns.storage.messages import Message
from contacts.domain.joining_tokens import CONFIRM_PATH
from contacts.domain.scopes import CONFIRMATION
from core.database import insert_new
from core.tokens import TokenKind

NO_CONTACT = 0
"""The number of nobody: who has not confirmed is no contact."""


def house_campaign(session: Session) -> Campaign | None:
    """The campaign that all confirmations belong to, once there was one."""
    return session.scalar(select(Campaign).where(Campaign.name == HOUSE))


def mailing_of_the_day(
    session: Session, subject: str, html: str, text: str, *, language: str = "", at: datetime
) -> Mailing:
    """The day's mailing of confirmations in a language, open for more; with these templates if it is new.

    One a day (UTC): an address is once in each (G6), and no mailing grows without end. Without a language it is in the
    house's.
    """
    campaign = house_campaign(session) or _found(session, at)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    begun_today = session.scalars(
        select(Mailing)
        .where(
            Mailing.campaign_id == campaign.id,
            Mailing.kind == MailingKind.CONFIRMATION.value,
            Mailing.created_at >= midnight,
            Mailing.state.in_((MailingState.SENDING.value, MailingState.FINISHED.value)),
        )
        .order_by(Mailing.id.desc())
    )
    content = {LANGUAGE: language} if language else {}
    today = next((each for each in begun_today if each.content == content), None)
    if today is not None:
        reopen_mailing(session, today, at)
        return today
    cleared = Clearance(fingerprint(campaign), subject, html, text)
    planned = plan_mailing(session, campaign, cleared, kind=MailingKind.CONFIRMATION, due_at=at, at=at)
    planned.content = content
    begun = begin_mailing(session, planned.id, at)
    assert begun is not None, "a mailing planned in this transaction is nobody else's"
    return begun


def _found(session: Session, at: datetime) -> Campaign:
    campaign = Campaign(
        name=HOUSE,
        title="Confirmations of sign-ups",
        topic=CONFIRMATION,
        state=CampaignState.FINISHED.value,
        tracking=False,
        personal_path=CONFIRM_PATH,
        personal_kind=TokenKind.CONFIRM.value,
        created_at=at,
        updated_at=at,
    )
    session.add(campaign)
    session.flush()
    return campaign


def add_confirmation(session: Session, mailing: Mailing, own: bytes, signup_id: int, *, at: datetime) -> None:
    """Plan the one mail of a request; its link will name this request and no other.

    One that is planned for the address already, for a request that was taken back since, names this one from now on.
    """
    planned = (Message.mailing_id == mailing.id, Message.address_key == own)
    again = session.execute(
        update(Message)
        .where(*planned, Message.state == MessageState.PLANNED.value)
        .values(reference=signup_id)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).first()
    if again is None:
        row = {
            "mailing_id": mailing.id,
            "contact_id": NO_CONTACT,
            "address_key": own,
            "state": MessageState.PLANNED.value,
            "next_try_at": at,
            "reference": signup_id,
        }
        insert_new(session, Message, [row])
