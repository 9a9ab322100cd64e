"""Files that people added to their answers: a list, and each to be saved; never shown by the browser itself."""

from urllib.parse import quote

from starlette.responses import Response

from core.errors import NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit, as_number
from surveys.storage.added_files import upload_of, uploads_of
from surveys.web.survey_pages import PAGE, survey_of_visit

AT_ONCE = 100


def show_files(visit: Visit) -> Answer:
    """The files of completed responses, a hundred at a time."""
    survey = survey_of_visit(visit)
    after = (visit.number("after") or 0, visit.query("question"))
    found = uploads_of(visit.session, survey.id, after=after, limit=AT_ONCE + 1)
    return visit.page("console/surveys/files.html", survey=survey, files=found[:AT_ONCE], more=len(found) > AT_ONCE)


def save_file(visit: Visit) -> Answer:
    """One file, as bytes to be saved: whatever it claims to be, no browser runs it here."""
    survey = survey_of_visit(visit)
    number = as_number(str(visit.path["response"])) or 0
    found = upload_of(visit.session, survey.id, number, str(visit.path["question"]))
    if found is None:
        raise NotFound(_("There is no such file."))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.content, media_type="application/octet-stream", headers=headers)


PLACES = (
    Place(PAGE + "/files", show_files, role=Role.EDITOR),
    Place(PAGE + "/files/{response}/{question}", save_file, role=Role.EDITOR),
)
