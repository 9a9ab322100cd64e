"""Opening and closing what is due; for the clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from surveys.storage.surveys import close_survey, due_surveys, open_survey


def open_and_close_due(session: Session, *, at: datetime) -> tuple[list[str], list[str]]:
    """Open the surveys whose hour to open has come and close those whose last hour is over; their names.

    Idempotent: a second clock at the same moment finds nothing left to do.
    """
    opening, closing = due_surveys(session, at)
    for survey in opening:
        open_survey(session, survey, at)
    for survey in closing:
        close_survey(session, survey, at)
    return [survey.name for survey in opening], [survey.name for survey in closing]
