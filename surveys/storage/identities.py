"""Identities: whose the pseudonyms of confidential surveys are, when that is due to be forgotten, and forgetting it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from surveys.domain.anonymity import Anonymity, day_of
from surveys.storage.invitations import Invitation
from surveys.storage.pseudonyms import Identity
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, SurveyState


def count_linked(session: Session, survey_id: int) -> int:
    """How many pseudonyms of a survey it is still known of whose they are."""
    return session.scalar(select(func.count()).select_from(Identity).where(_of(survey_id))) or 0


def _of(survey_id: int) -> ColumnElement[bool]:
    return Identity.invitation_id.in_(select(Invitation.id).where(Invitation.survey_id == survey_id))


def due_to_unlink(session: Session, at: datetime) -> Sequence[Survey]:
    """Confidential surveys that closed so many days ago as was set, and still know who answered what."""
    closed = select(Survey).where(
        Survey.anonymity == Anonymity.CONFIDENTIAL.value,
        Survey.state == SurveyState.CLOSED.value,
        Survey.unlink_days.is_not(None),
        Survey.closed_at.is_not(None),
        Survey.unlinked_at.is_(None),
    )
    return [each for each in session.scalars(closed) if unlinks_at(each) <= at]


def unlinks_at(survey: Survey) -> datetime:
    """When a closed survey with a clock forgets who gave which answers."""
    assert survey.closed_at is not None
    assert survey.unlink_days is not None
    return survey.closed_at + timedelta(days=survey.unlink_days)


def forget_identities(session: Session, survey: Survey, at: datetime) -> int:
    """Forget whose the pseudonyms are, for good, and of each moment all but the day; how many were forgotten.

    Every row is written anew, by numbers that were drawn by lot: PostgreSQL keeps beside each in which transaction and
    after which others it was written.
    """
    columns = (Response.id, Response.invitation_id, Response.started_at, Response.completed_at)
    rows = session.execute(select(*columns).where(Response.survey_id == survey.id).order_by(Response.id)).all()
    for number, pseudonym, started, completed in rows:
        days = {"started_at": day_of(started), "completed_at": completed and day_of(completed)}
        for anew in (
            update(Response).where(Response.id == number).values(**days),
            update(Answer).where(Answer.response_id == number).values(text=Answer.text),
            update(Invitation).where(Invitation.id == pseudonym).values(language=Invitation.language),
        ):
            session.execute(anew, execution_options={"synchronize_session": False})
    known = count_linked(session, survey.id)
    session.execute(delete(Identity).where(_of(survey.id)), execution_options={"synchronize_session": False})
    survey.unlinked_at = survey.unlinked_at or at
    session.flush()
    session.expire_all()
    return known
