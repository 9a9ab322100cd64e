"""What a new survey begins as, by what was given: a file, a text, a template, or a title alone."""

from dataclasses import dataclass

from core.errors import BadInput
from core.language import gettext as _
from core.web.visits import Visit
from surveys.domain.choice_names import name_from
from surveys.domain.definitions import Survey
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.foreign_files import LARGEST, is_foreign, read_foreign, survey_from_foreign
from surveys.domain.survey_documents import read_document
from surveys.domain.survey_files import survey_of
from surveys.storage.starters import started

LARGEST_FILE = 1024 * 1024
THEIRS = (".lss", ".xlsx", ".qsf")


@dataclass(frozen=True)
class Beginning:
    """What a new survey asks, and what of another program's file could not be carried."""

    definition: Survey
    carried: Carried | None = None


def begun(visit: Visit) -> Beginning:
    """What the form of a new survey describes.

    Raises:
        BadInput: nothing was given, or it is no survey.
    """
    upload = visit.file("file")
    if upload is None:
        return Beginning(_described(visit))
    content = upload.file.read(LARGEST + 1)
    if is_foreign(content) or (upload.filename or "").lower().endswith(THEIRS):
        carried = read_foreign(content)
        title = visit.text("title")
        return Beginning(survey_from_foreign(carried, name_from(title) if title else ""), carried)
    return Beginning(read_document(content[:LARGEST_FILE].decode("utf-8", "replace")))


def _described(visit: Visit) -> Survey:
    """The definition that the form itself describes.

    Raises:
        BadInput: nothing was given, or it is no survey.
    """
    if visit.text("text"):
        return read_document(visit.text("text"))
    title, starter = visit.text("title"), visit.text("template")
    if starter:
        return started(starter, name_from(title or starter), title)
    if not title:
        raise BadInput(_("Give it a title, a template, a file or a text."), field="title")
    question = {"name": "question_1", "kind": "long_text", "text": _("New question")}
    page = {"name": "page_1", "question": [question]}
    return survey_of({"name": name_from(title), "title": title, "page": [page]})
