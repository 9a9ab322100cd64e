"""Taking a definition: a new survey, a changed draft, or the next version of one that is already asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from surveys.domain.definitions import Survey as Definition
from surveys.domain.succession import require_succession
from surveys.storage.surveys import (
    Survey,
    SurveyState,
    add_survey,
    draft_number,
    drafted,
    publish_draft,
    published,
    store_draft,
    survey_named,
)


@dataclass(frozen=True)
class Applied:
    """What became of a definition: the survey, the number of its version, and what was done."""

    survey: Survey
    number: int
    created: bool = False
    changed: bool = False
    published: bool = False


def apply_survey(session: Session, definition: Definition, *, at: datetime, publish: bool = True) -> Applied:
    """Make the survey of that name ask this; idempotent.

    Responses that were begun keep the version they began with. A survey that is open is published at once
    (unless `publish` is False, as the console's editor wants it); otherwise opening publishes.

    Raises:
        BadDefinition: a name that was published before would mean something else.
    """
    survey = survey_named(session, definition.name)
    if survey is None:
        return Applied(add_survey(session, definition, at), 1, created=True, changed=True)
    if survey.version:
        require_succession(published(session, survey), definition)
    changed = drafted(session, survey) != definition
    number = store_draft(session, survey, definition, at) if changed else draft_number(session, survey)
    now_published = publish and survey.stage is SurveyState.OPEN and publish_draft(session, survey, at)
    return Applied(survey, number or survey.version, changed=changed, published=now_published)
