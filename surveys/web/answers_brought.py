"""Console page for bringing in answers that were given elsewhere: looked at first, then stored."""

from hashlib import sha256
from typing import IO

from starlette.responses import Response

from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.outside.foreign_sheets import read_sheet
from surveys.services.import_responses import (
    Import,
    Prepared,
    definition_for,
    keep_responses,
    prepare_responses,
    require_faultless,
)
from surveys.storage.surveys import Survey
from surveys.web.survey_pages import PAGE, survey_of_visit

BRING = PAGE + "/export/bring"
MOST_ROWS = 2_000
"""More rows than these would keep everybody else waiting: the terminal brings them in by and by."""
MOST_TOLD = 50


def show_bringing(visit: Visit) -> Answer:
    """The form for the file."""
    return _page(visit, survey_of_visit(visit))


def bring(visit: Visit) -> Answer:
    """Look at the file, and store its rows if that was the button pressed."""
    survey = survey_of_visit(visit)
    file = visit.file("file")
    if file is None:
        return _page(visit, survey, error=_("Choose a file."))
    try:
        prepared = _prepared(visit, survey, file.file)
        if visit.text("act") != "store":
            return _page(visit, survey, prepared=prepared)
        if visit.text("partly") != "1":
            require_faultless(prepared)
    except HeedfulError as error:
        return _page(visit, survey, error=str(error))
    for batch in prepared.batches():
        keep_responses(visit.session, survey, batch, at=visit.at)
    return lambda: _page(visit, survey, prepared=prepared, stored=True)


def _prepared(visit: Visit, survey: Survey, file: IO[bytes]) -> Prepared:
    sheet = read_sheet(file)
    if len(sheet.rows) > MOST_ROWS:
        raise BadInput(
            _("The file has more than {most} rows.").format(most=MOST_ROWS),
            remedy=_("Bring it in with `heedful survey import-answers`."),
        )
    file.seek(0)
    wish = Import(sheet, sha256(file.read()).digest(), visit.settings.child_age)
    return prepare_responses(visit.session, survey, definition_for(visit.session, survey), wish, at=visit.at)


def _page(
    visit: Visit, survey: Survey, *, prepared: Prepared | None = None, stored: bool = False, error: str = ""
) -> Response:
    return visit.page(
        "console/surveys/bring.html",
        status=422 if error else 200,
        survey=survey,
        prepared=prepared,
        faults=prepared.faults[:MOST_TOLD] if prepared else (),
        stored=stored,
        error=error,
    )


PLACES = (
    Place(BRING, show_bringing, role=Role.EDITOR),
    Place(BRING, bring, methods=("POST",), role=Role.EDITOR, uploads=True),
)
