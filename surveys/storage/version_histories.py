"""All versions of a survey in their order, for the page that tells what changed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.domain.definitions import Survey as Definition
from surveys.domain.survey_files import kept_survey
from surveys.storage.surveys import Survey, SurveyVersion


def versions_of(session: Session, survey: Survey) -> list[tuple[int, datetime | None, Definition]]:
    """Every version with its number and the moment it was published (None: a draft), the newest first."""
    rows = session.scalars(
        select(SurveyVersion).where(SurveyVersion.survey_id == survey.id).order_by(SurveyVersion.number.desc())
    )
    return [(row.number, row.published_at, kept_survey(row.definition)) for row in rows]
