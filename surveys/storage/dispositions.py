"""Dispositions: what became of each person who was asked, one statement for all of them; what response rates count."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.storage.messages import Message
from contacts.domain.scopes import EVERYTHING
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import Block
from surveys.domain.anonymity import Anonymity
from surveys.domain.outcomes_of_asking import HALF, Disposition
from surveys.storage.answer_tables import AnonymousResponse
from surveys.storage.invitations import NOBODY, Invitation, mailings_of_survey
from surveys.storage.pseudonyms import Identity
from surveys.storage.responses import Answer, Response, ResponseState
from surveys.storage.surveys import Survey, all_published, screening_ends

REACHED = (MessageState.SENT.value, MessageState.UNKNOWN.value)
NEVER = (BlockReason.CHILD.value, BlockReason.ERASURE.value)
ENDED = (Disposition.COMPLETE, Disposition.SCREENED_OUT, Disposition.OVER_QUOTA)
STOPPED = (BlockReason.OPT_OUT.value, BlockReason.COMPLAINT.value)


def disposition_of_each(session: Session, survey: Survey) -> Select[int, str]:
    """The statement that says of each invited person, by the number of their invitation, what became of them.

    Of an anonymous survey it says nothing of answers: nobody can tell. Whoever answered stands there as delivered, and
    whoever completed a confidential one before it was unlinked as complete.
    """
    rows = select(Invitation.id, _case(session, survey)).where(_asked(survey))
    return rows.outerjoin(Identity, Identity.invitation_id == Invitation.id).outerjoin(
        Response, Response.invitation_id == func.coalesce(Identity.pseudonym_id, Invitation.id)
    )


def _asked(survey: Survey) -> ColumnElement[bool]:
    return and_(Invitation.survey_id == survey.id, Invitation.contact_id != NOBODY)


def _case(session: Session, survey: Survey) -> ColumnElement[str]:
    unlinked = Disposition.COMPLETE if survey.mode is Anonymity.CONFIDENTIAL else Disposition.DELIVERED
    return case(
        *_answered(session, survey),
        (Invitation.answered, unlinked.value),
        (Invitation.declined_at.is_not(None), Disposition.REFUSED.value),
        (_blocked(NEVER), Disposition.INELIGIBLE.value),
        (_blocked(STOPPED, since_asked=True), Disposition.REFUSED.value),
        (or_(_blocked((BlockReason.BOUNCE.value,)), _only_failed(survey)), Disposition.BOUNCED.value),
        (_mailed(survey, REACHED), Disposition.DELIVERED.value),
        else_=Disposition.NOT_SENT.value,
    )


def _answered(session: Session, survey: Survey) -> list[tuple[ColumnElement[bool], Any]]:
    """The cases that a response decides; it says which end it came to."""
    complete = Response.state == ResponseState.COMPLETE.value
    given = select(func.count(Answer.question.distinct())).where(Answer.response_id == Response.id)
    answered = given.correlate(Response).scalar_subquery()
    return [
        (and_(complete, Response.quota != ""), Disposition.OVER_QUOTA.value),
        (and_(complete, Response.ending.in_(screening_ends(session, survey))), Disposition.SCREENED_OUT.value),
        (complete, Disposition.COMPLETE.value),
        (and_(Response.id.is_not(None), answered == 0), Disposition.OPENED.value),
        (and_(Response.id.is_not(None), answered < _half(session, survey)), Disposition.BROKE_OFF.value),
        (Response.id.is_not(None), Disposition.PARTIAL.value),
    ]


def _half(session: Session, survey: Survey) -> ColumnElement[float]:
    """Half of the questions that the response's version asks."""
    versions = reversed(all_published(session, survey))
    halves = {
        number: HALF * sum(each.answerable for each in version.questions())
        for number, version in enumerate(versions, 1)
    }
    return case(halves, value=Response.version, else_=0.0) if halves else literal(0.0)


def _blocked(reasons: tuple[str, ...], *, since_asked: bool = False) -> ColumnElement[bool]:
    stopped = [Block.address_key == Invitation.address_key, Block.reason.in_(reasons)]
    if since_asked:
        stopped += [Block.since >= Invitation.created_at, or_(Block.scope == EVERYTHING, Block.scope.like("research%"))]
    return exists().where(*stopped)


def _mailed(survey: Survey, states: tuple[str, ...]) -> ColumnElement[bool]:
    own = Message.address_key == Invitation.address_key
    return exists().where(own, Message.mailing_id.in_(mailings_of_survey(survey.id)), Message.state.in_(states))


def _only_failed(survey: Survey) -> ColumnElement[bool]:
    return and_(_mailed(survey, (MessageState.FAILED.value,)), ~_mailed(survey, REACHED))


def dispositions_of(session: Session, survey: Survey) -> dict[Disposition, int]:
    """How many of those who were asked came to which end; together they are everybody who was asked."""
    each = disposition_of_each(session, survey).subquery()
    rows = session.execute(select(each.c[1], func.count()).group_by(each.c[1]))
    counts = dict.fromkeys(Disposition, 0) | {Disposition(name): number for name, number in rows}
    nameless = survey.mode is Anonymity.ANONYMOUS or survey.unlinked_at is not None
    return _with_nameless(session, survey, counts) if nameless else counts


def _with_nameless(session: Session, survey: Survey, counts: Mapping[Disposition, int]) -> dict[Disposition, int]:
    """Answers of nobody's counted in, taken from those who may have given them; no more than there are of these.

    Who completed a confidential survey is known after it was unlinked as well, though not at which end.
    """
    found = dict(counts)
    known = survey.mode is Anonymity.CONFIDENTIAL
    for disposition, number in _nameless(session, survey).items():
        givers = Disposition.COMPLETE if known and disposition in ENDED else Disposition.DELIVERED
        taken = min(number, found[givers])
        found[givers] -= taken
        found[disposition] += taken
    return found


def _nameless(session: Session, survey: Survey) -> dict[Disposition, int]:
    linked = exists().where(Identity.pseudonym_id == Response.invitation_id)
    pseudonymous = select(case(*_answered(session, survey)).label("became"))
    pseudonymous = pseudonymous.where(Response.survey_id == survey.id, ~linked)
    ended = case(
        (AnonymousResponse.quota != "", Disposition.OVER_QUOTA.value),
        (AnonymousResponse.ending.in_(screening_ends(session, survey)), Disposition.SCREENED_OUT.value),
        else_=Disposition.COMPLETE.value,
    )
    released = select(ended.label("became")).where(AnonymousResponse.survey_id == survey.id)
    every = pseudonymous.union_all(released).subquery()
    rows = session.execute(select(every.c.became, func.count()).group_by(every.c.became).order_by(every.c.became))
    return {Disposition(name): number for name, number in rows}
