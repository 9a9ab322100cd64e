"""Unlinking: from then on nobody can tell who gave which answers to a confidential survey, the house included."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.storage.identities import due_to_unlink, forget_identities
from surveys.storage.surveys import Survey, SurveyState


def unlink(session: Session, survey: Survey, *, at: datetime) -> int:
    """Forget who gave which answers; how many were known. Nothing brings it back; asked again, nothing happens.

    Raises:
        Conflict: the survey is not confidential, or people may still be answering it.
    """
    if survey.mode is not Anonymity.CONFIDENTIAL:
        raise Conflict(_("Only a confidential survey knows apart from the answers who gave them."))
    if survey.stage is not SurveyState.CLOSED:
        raise Conflict(_("People may still come back to their answers."), remedy=_("Close the survey first."))
    return forget_identities(session, survey, at)


def unlink_due(session: Session, *, at: datetime) -> list[str]:
    """Unlink the surveys whose time has come; their names. A second clock finds nothing left to do."""
    due = due_to_unlink(session, at)
    for survey in due:
        forget_identities(session, survey, at)
    return [survey.name for survey in due]
