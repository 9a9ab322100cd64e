"""Pieces of the order of a survey in which a question's wording is changed where it stands; for pages with scripts."""

from core.errors import HeedfulError
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.definitions import Survey
from surveys.domain.editing import replace_question
from surveys.domain.questions import Question
from surveys.domain.rule_words import told
from surveys.domain.survey_files import question_table
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import drafted
from surveys.web.editor_forms import mark, question_named, refused, require_seen, store
from surveys.web.survey_editor import kind_title
from surveys.web.survey_pages import PAGE, survey_of_visit


def show_wording(visit: Visit) -> Answer:
    """The few fields that are changed most."""
    stored = survey_of_visit(visit)
    question = question_named(drafted(visit.session, stored), str(visit.path["question"]))
    return _wording(visit, stored, question)


def _wording(visit: Visit, stored: Stored, question: Question, error: HeedfulError | None = None) -> Answer:
    return visit.page(
        "console/surveys/wording.html",
        status=refused(error),
        base=f"/console/surveys/{stored.id}",
        question=question,
        text=visit.text("text") if error else question.text,
        required=bool(visit.text("required")) if error else question.required,
        seen=mark(question),
        error=error,
    )


def change_wording(visit: Visit) -> Answer:
    """Keep them, and show the question in the order again."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    question = question_named(survey, str(visit.path["question"]))
    try:
        require_seen(visit, question)
        changed = _reworded(visit, survey, question)
        store(visit, stored, changed)
    except HeedfulError as error:
        return _wording(visit, stored, question, error)
    return visit.page(
        "console/surveys/row.html",
        base=f"/console/surveys/{stored.id}",
        question=question_named(changed, question.name),
        kind_title=kind_title,
        told=lambda condition: told(condition, changed),
    )


def _reworded(visit: Visit, survey: Survey, question: Question) -> Survey:
    table = question_table(question) | {"text": visit.text("text").replace("\r\n", "\n")}
    required = {"required": bool(visit.text("required"))} if question.answerable else {}
    return replace_question(survey, question.name, table | required)


PLACES = (
    Place(PAGE + "/edit/{question}/wording", show_wording, role=Role.EDITOR),
    Place(PAGE + "/edit/{question}/wording", change_wording, methods=("POST",), role=Role.EDITOR),
)
