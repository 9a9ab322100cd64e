"""Batches: completed answers to an anonymous survey, moved together to the tables that have no way back (G14).

Until then they stand under a pseudonym, and that somebody answered is a mark alone. A batch changes both sides at once:
answers under new random numbers and in the order of these, people by the order of their invitations. So neither an
order, nor a time, nor what one transaction wrote tells whose answers are whose.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from secrets import randbits

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete, Update

from campaigns.domain.states import MessageState
from campaigns.storage.messages import PLANNED, Message
from surveys.domain.anonymity import SMALLEST_BATCH, Anonymity
from surveys.storage.answer_tables import AnonymousAnswer, AnonymousResponse
from surveys.storage.invitations import NOBODY, Invitation, Left, mailings_of_survey
from surveys.storage.pseudonyms import SpentMark
from surveys.storage.responses import Answer, Response, ResponseState
from surveys.storage.surveys import Survey, SurveyState

MarksOf = Callable[[int], Sequence[bytes]]
"""The marks that an invitation of this number may have left, by each of the house's secrets."""
LARGEST_BATCH = 2_000
AT_ONCE = 500
RANDOM_BITS = 62
CELL = ("response_id", "question", "row", "value", "number", "text")
KEPT = ("survey_id", "version", "language", "ending", "quota", "shown", "signs", "completed_at")


def waiting(session: Session, survey_id: int) -> int:
    """How many completed responses to an anonymous survey are not in the results yet."""
    return session.scalar(select(func.count()).select_from(Response).where(_complete(survey_id))) or 0


def _complete(survey_id: int) -> ColumnElement[bool]:
    return and_(Response.survey_id == survey_id, Response.state == ResponseState.COMPLETE.value)


def surveys_with_a_batch(session: Session) -> Sequence[Survey]:
    """Anonymous surveys with answers enough to be let go together; of one that is over, the rest."""
    number = (
        select(func.count())
        .where(Response.survey_id == Survey.id, Response.state == ResponseState.COMPLETE.value)
        .scalar_subquery()
    )
    enough = or_(number >= SMALLEST_BATCH, and_(Survey.state == SurveyState.CLOSED.value, number > 0))
    return session.scalars(select(Survey).where(Survey.anonymity == Anonymity.ANONYMOUS.value, enough)).all()


def release(session: Session, survey: Survey, marks_of: MarksOf) -> int:
    """Move what waits to where it cannot be told apart, and note who has answered; how many were moved.

    Fewer than the smallest batch are moved without noting anybody: then the survey is over, and nobody is reminded.
    """
    rows = session.scalars(
        select(Response).where(_complete(survey.id)).limit(LARGEST_BATCH).with_for_update(skip_locked=True)
    ).all()
    drawn = sorted((randbits(RANDOM_BITS), row.id) for row in rows)
    by_id = {row.id: row for row in rows}
    for start in range(0, len(drawn), AT_ONCE):
        _move(session, [(new, by_id[old]) for new, old in drawn[start : start + AT_ONCE]])
    session.expire_all()
    if len(rows) >= SMALLEST_BATCH:
        _note_who_answered(session, survey, marks_of)
    return len(rows)


def _move(session: Session, drawn: Sequence[tuple[int, Response]]) -> None:
    named = {row.id: new for new, row in drawn}
    fresh = [
        {"id": new, "state": ResponseState.COMPLETE.value} | {name: getattr(row, name) for name in KEPT}
        for new, row in drawn
    ]
    session.execute(insert(AnonymousResponse), fresh)
    columns = (Answer.question, Answer.row, Answer.value, Answer.number, Answer.text)
    cells = session.execute(select(Answer.response_id, *columns).where(Answer.response_id.in_(named))).all()
    moved = sorted(((named[each[0]], *each[1:]) for each in cells), key=itemgetter(0, 1, 2, 3))
    if moved:
        session.execute(insert(AnonymousAnswer), [dict(zip(CELL, each, strict=True)) for each in moved])
    pseudonyms = [row.invitation_id for _, row in drawn]
    _now(session, delete(Answer).where(Answer.response_id.in_(named)))
    _now(session, delete(Response).where(Response.id.in_(named)))
    _now(session, delete(Invitation).where(Invitation.id.in_(pseudonyms), Invitation.contact_id == NOBODY))


def _note_who_answered(session: Session, survey: Survey, marks_of: MarksOf) -> None:
    spent = set(session.scalars(select(SpentMark.mark).where(SpentMark.survey_id == survey.id)))
    numbers = session.scalars(_unanswered(survey.id).execution_options(yield_per=AT_ONCE))
    answered = [number for number in numbers if not spent.isdisjoint(marks_of(number))]
    for start in range(0, len(answered), AT_ONCE):
        own = Invitation.id.in_(answered[start : start + AT_ONCE])
        _now(session, update(Invitation).where(own).values(answered=True))
        _spare(session, survey, own)


def _unanswered(survey_id: int) -> Select[int]:
    return (
        select(Invitation.id)
        .where(Invitation.survey_id == survey_id, Invitation.contact_id != NOBODY, ~Invitation.answered)
        .order_by(Invitation.id)
    )


def _spare(session: Session, survey: Survey, who: ColumnElement[bool]) -> None:
    """Cancel what the survey would still send to those who are known by now to have answered."""
    theirs = exists().where(who, Invitation.address_key == Message.address_key)
    planned = (Message.mailing_id.in_(mailings_of_survey(survey.id)), Message.state == PLANNED)
    values = {"state": MessageState.CANCELLED.value, "reason": Left.ANSWERED.value, "next_try_at": None}
    _now(session, update(Message).where(*planned, theirs).values(**values))


def _now(session: Session, statement: Delete | Update) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
