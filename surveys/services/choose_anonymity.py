"""Choosing how far a survey's answers are kept from the people who gave them: in time, and never less (G14)."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict
from core.language import gettext as _
from surveys.domain.anonymity import Access, Anonymity, may_become
from surveys.domain.naming_checks import require_nobody_named
from surveys.storage.answer_tables import AnonymousResponse
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Response
from surveys.storage.surveys import Survey, drafted

LONGEST_DAYS = 3650


def choose_anonymity(
    session: Session, survey: Survey, mode: Anonymity, unlink_days: int | None = None, *, at: datetime
) -> None:
    """Set the mode, and for a confidential survey after how many days from its end it is unlinked.

    Raises:
        BadDefinition: a question asks who people are.
        Conflict: somebody was invited or has answered, and was promised more than that.
        BadInput: no sensible number of days; or a later unlinking than was promised.
    """
    require_nobody_named(drafted(session, survey), mode)
    invited = _any(session, Invitation, survey)
    answered = _any(session, Response, survey) or _any(session, AnonymousResponse, survey)
    if not may_become(survey.mode, mode, invited=invited, answered=answered):
        message = _(
            "How anonymous a survey is cannot be changed any more: people were invited to it, or have answered."
        )
        raise Conflict(message, remedy=_("Make a new survey from this one."))
    days = unlink_days if mode is Anonymity.CONFIDENTIAL else None
    if days is not None and not 0 <= days <= LONGEST_DAYS:
        raise BadInput(_("0 to {most} days.").format(most=LONGEST_DAYS), field="unlink_days")
    promised = survey.unlink_days if invited and mode is survey.mode else None
    if promised is not None and (days is None or days > promised):
        raise Conflict(_("Who was invited was told that it is forgotten sooner who answered what."))
    survey.anonymity, survey.unlink_days, survey.updated_at = mode.value, days, at
    session.flush()


def choose_access(session: Session, survey: Survey, access: Access, *, at: datetime) -> None:
    """Set who reaches the form: who was invited, or anybody, with or without a code by e-mail."""
    survey.access, survey.updated_at = access.value, at
    session.flush()


def _any(session: Session, table: type[Invitation] | type[Response] | type[AnonymousResponse], survey: Survey) -> bool:
    return bool(session.scalar(select(exists().where(table.survey_id == survey.id))))
