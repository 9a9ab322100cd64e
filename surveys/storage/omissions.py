"""Omissions: who in a survey's mailing is not to be asked, or asked again, and why; decided when it goes out."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import PLANNED, Message
from contacts.domain.scopes import is_research
from surveys.storage.invitations import Invitation, Left, Purpose, Whom, mailings_of_survey
from surveys.storage.pseudonyms import Identity
from surveys.storage.responses import Response, ResponseState
from surveys.storage.surveys import Survey


def leave_out(
    session: Session, mailing: Mailing, survey: Survey, purpose: Purpose, at: datetime, *, whom: Whom = Whom.ANYBODY
) -> int:
    """Exclude from a frozen mailing everybody who is not to be asked (again); the number excluded.

    A mailing on another topic than research asks nobody (G14): its people permitted something else.
    """
    reason = _reason(survey, purpose, at, whom) if is_research(mailing.topic) else literal(Left.NOT_RESEARCH.value)
    excluded = session.scalars(
        update(Message)
        .where(Message.mailing_id == mailing.id, Message.state == PLANNED, reason != "")
        .values(state=MessageState.EXCLUDED.value, reason=reason, next_try_at=None)
        .returning(literal(1))
        .execution_options(synchronize_session=False)
    )
    return len(excluded.all())


def _reason(survey: Survey, purpose: Purpose, at: datetime, whom: Whom) -> ColumnElement[str]:
    """The reason to leave a message out, as SQL; empty text where there is none."""
    if survey.state != "open":
        return literal(Left.SURVEY_CLOSED.value)
    complete = exists().where(Response.invitation_id == Invitation.id, Response.state == ResponseState.COMPLETE.value)
    answered = or_(Invitation.answered, complete)
    whens = [(answered, Left.ANSWERED.value), (Invitation.declined_at.is_not(None), Left.DECLINED.value)]
    if purpose is Purpose.INVITE:
        found = case(*whens, else_=Left.INVITED.value)
        unknown = ""
    else:
        before = at - timedelta(days=survey.reminder_days)
        whens += _beside(whom)
        whens += [
            (~_reached(survey), Left.NOT_INVITED.value),
            (Invitation.reminders >= survey.most_reminders, Left.REMINDED_ENOUGH.value),
            (func.coalesce(Invitation.reminded_at, Invitation.created_at) > before, Left.REMINDED_RECENTLY.value),
        ]
        found = case(*whens, else_="")
        unknown = Left.NOT_INVITED.value
    own = select(found).where(Invitation.survey_id == survey.id, Invitation.address_key == Message.address_key)
    return func.coalesce(own.correlate(Message).scalar_subquery(), unknown)


def _beside(whom: Whom) -> list[tuple[ColumnElement[bool], str]]:
    """Whom a reminder leaves out that is not for everybody, by whether they have begun to answer."""
    apart = exists().where(Identity.invitation_id == Invitation.id, Identity.pseudonym_id == Response.invitation_id)
    begun = or_(exists().where(Response.invitation_id == Invitation.id), apart)
    if whom is Whom.ANYBODY:
        return []
    return [(begun, Left.BEGUN.value) if whom is Whom.NOT_BEGUN else (~begun, Left.NOT_BEGUN.value)]


def _reached(survey: Survey) -> ColumnElement[bool]:
    """Say whether a mail of this survey was handed over to the invitation's address."""
    earlier = Message.__table__.alias("earlier")
    return exists().where(
        earlier.c.address_key == Invitation.address_key,
        earlier.c.mailing_id.in_(mailings_of_survey(survey.id)),
        earlier.c.state.in_((MessageState.SENT.value, MessageState.UNKNOWN.value)),
    )
