"""Survey files of other programs told apart by what is in them, for console and terminal."""

from typing import Any

from core.cards import screened
from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.json_documents import json_document
from surveys.domain.foreign.lime_files import is_lime, read_lime
from surveys.domain.foreign.qualtrics_files import is_qualtrics, read_qualtrics
from surveys.domain.foreign.surveyjs_files import is_surveyjs, read_surveyjs
from surveys.domain.foreign.xlsform_files import read_xlsform
from surveys.domain.survey_files import survey_of

LARGEST = 20 * 1024 * 1024


def is_foreign(content: bytes) -> bool:
    """Say whether a file is another program's survey rather than one of ours."""
    if content[:2] == b"PK" or is_lime(content):
        return True
    values = _json(content)
    return values is not None and (is_qualtrics(values) or is_surveyjs(values))


def read_foreign(content: bytes) -> Carried:
    """What was carried from a file of LimeSurvey, XLSForm, SurveyJS or Qualtrics; card numbers are masked (P8).

    Raises:
        BadInput: it is none of them, broken, or far larger than a questionnaire.
    """
    if len(content) > LARGEST:
        raise BadInput(_("The file is larger than {most} MB.").format(most=LARGEST // 1024 // 1024))
    return _read(content)


def _read(content: bytes) -> Carried:
    if content[:2] == b"PK":
        return read_xlsform(content)
    if is_lime(content):
        return read_lime(content)
    values: Any = json_document(content) if _opens(content) else None
    if is_qualtrics(values):
        return read_qualtrics(values)
    if is_surveyjs(values):
        return read_surveyjs(values)
    message = _("This is no survey of LimeSurvey (.lss), XLSForm (.xlsx), SurveyJS (.json) or Qualtrics (.qsf).")
    raise BadInput(message, remedy=_("`heedful survey apply` takes Heedful's own files."))


def _opens(content: bytes) -> bool:
    """Whether a file begins as a JSON document does."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _json(content: bytes) -> Any:
    """The document of a JSON file; None for everything else."""
    try:
        return json_document(content) if _opens(content) else None
    except BadInput:
        return None


def survey_from_foreign(carried: Carried, name: str = "") -> Survey:
    """The survey itself, under that name or its own.

    Raises:
        BadInput: nothing of it could be carried, or what was carried is no survey; tells why.
    """
    if not carried.table.get("page"):
        raise BadInput(_("There is no question in this file that can be asked here."))
    return survey_of(screened({**carried.table, **({"name": name} if name else {})}))
