"""The console page where a survey is a file: read, changed, carried away and brought back, as TOML or JSON."""

from starlette.responses import PlainTextResponse

from core.errors import HeedfulError
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.survey_documents import read_document, write_json
from surveys.domain.survey_files import write_survey
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import drafted
from surveys.web.editor_forms import mark, refused, require_seen, store
from surveys.web.survey_beginnings import LARGEST_FILE
from surveys.web.survey_pages import PAGE, survey_of_visit


def show_file(visit: Visit) -> Answer:
    """The survey as its file, to be read, changed or carried away."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    wanted = visit.query("as")
    if wanted == "json":
        return _download(write_json(survey), f"{stored.name}.json", "application/json")
    if wanted == "file":
        return _download(write_survey(survey), f"{stored.name}.toml", "application/toml")
    return _file(visit, stored, write_survey(survey))


def _download(text: str, name: str, kind: str) -> PlainTextResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(text, media_type=kind, headers=headers)


def _file(visit: Visit, stored: Stored, text: str, error: HeedfulError | None = None) -> Answer:
    seen = mark(write_survey(drafted(visit.session, stored)))
    return visit.page(
        "console/surveys/file.html", status=refused(error), survey=stored, text=text, seen=seen, error=error
    )


def change_file(visit: Visit) -> Answer:
    """Put another text in place of the file."""
    stored = survey_of_visit(visit, locked=True)
    upload = visit.file("file")
    text = upload.file.read(LARGEST_FILE).decode("utf-8", "replace") if upload else visit.text("text")
    try:
        require_seen(visit, write_survey(drafted(visit.session, stored)))
        store(visit, stored, read_document(text))
    except HeedfulError as error:
        return _file(visit, stored, text, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved")


PLACES = (
    Place(PAGE + "/file", show_file, role=Role.EDITOR),
    Place(PAGE + "/file", change_file, methods=("POST",), role=Role.EDITOR),
)
