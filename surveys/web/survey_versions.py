"""The console page with a survey's history: each version, what changed in it, and the way back to an earlier one."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import PlainTextResponse

from core.errors import NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.definitions import Survey
from surveys.domain.survey_files import write_survey
from surveys.domain.version_changes import Change, changes
from surveys.storage.version_histories import versions_of
from surveys.web.editor_forms import store
from surveys.web.survey_pages import PAGE, survey_of_visit


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: when it was published (None: not yet) and what changed in it; nothing is told of the first."""

    number: int
    published_at: datetime | None
    changes: list[Change]


def show_versions(visit: Visit) -> Answer:
    """All versions, the newest first."""
    stored = survey_of_visit(visit)
    found = versions_of(visit.session, stored)
    rows = [
        VersionRow(number, at, changes(found[place + 1][2], survey) if place + 1 < len(found) else [])
        for place, (number, at, survey) in enumerate(found)
    ]
    return visit.page("console/surveys/versions.html", survey=stored, rows=rows, said=visit.query("said"))


def show_version_file(visit: Visit) -> Answer:
    """One version as its file."""
    stored = survey_of_visit(visit)
    number = int(visit.path["number"])
    survey = _version(visit, number)
    headers = {"Content-Disposition": f'attachment; filename="{stored.name}-{number}.toml"'}
    return PlainTextResponse(write_survey(survey), media_type="application/toml", headers=headers)


def go_back(visit: Visit) -> Answer:
    """Put an earlier version in place of the draft, to work on from there."""
    stored = survey_of_visit(visit, locked=True)
    number = visit.text("number")
    store(visit, stored, _version(visit, int(number) if number.isdecimal() else 0))
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved")


def _version(visit: Visit, number: int) -> Survey:
    for each, _at, survey in versions_of(visit.session, survey_of_visit(visit)):
        if each == number:
            return survey
    raise NotFound(_("There is no such version."))


PLACES = (
    Place(PAGE + "/versions", show_versions, role=Role.EDITOR),
    Place(PAGE + "/versions", go_back, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/versions/{number:int}", show_version_file, role=Role.EDITOR),
)
