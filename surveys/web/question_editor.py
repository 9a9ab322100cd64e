"""The console page of one question: its wording, its answers row by row, when it is shown, and how it looks."""

from functools import partial

from starlette.responses import Response

from core.errors import HeedfulError
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.cells import Posted
from surveys.domain.condition_forms import condition_from, rule_fields
from surveys.domain.definitions import Survey
from surveys.domain.editing import replace_question, written_questions
from surveys.domain.form_tables import form_of
from surveys.domain.fresh_questions import worded
from surveys.domain.questions import Question
from surveys.domain.rule_words import told
from surveys.domain.survey_files import question_table
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import drafted
from surveys.web.editor_forms import (
    described,
    form_shown,
    page_of,
    posted_fields,
    pressed,
    question_controls,
    question_named,
    rules_shown,
    split,
)
from surveys.web.row_logic import row_logic
from surveys.web.survey_editor import kind_menu, kind_title
from surveys.web.survey_pages import PAGE, survey_of_visit
from surveys.web.survey_preview import IN_FRAME, question_in_frame

WORDS = ("text", "hint", "required")
FURTHER = ("name", "refusal", "shuffle")


def show_question(visit: Visit) -> Answer:
    """The form of one question."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    question = question_named(survey, str(visit.path["question"]))
    table = question_table(question)
    form = form_of(table, question_controls(question)) | rule_fields(table.get("show_if"))
    return _form(visit, stored, survey, question, form)


def _form(
    visit: Visit, stored: Stored, survey: Survey, question: Question, form: Posted, error: HeedfulError | None = None
) -> Answer:
    words, others = split(question_controls(question), WORDS)
    further, own = split(others, FURTHER)
    page = page_of(survey, question)
    return visit.page(
        "console/surveys/question.html",
        question=question,
        page=page,
        kind=kind_title(question.kind),
        place=survey.pages.index(page) + 1,
        words=words,
        own=own,
        further=further,
        fixed=stored.version > 0,
        kinds=kind_menu(),
        said=visit.query("said"),
        logic=row_logic(form, own, survey, page.name),
        **form_shown(visit, stored, question, form, error),
        **rules_shown(form, survey, page.name),
    )


def change_question(visit: Visit) -> Answer:
    """Keep what the form says of one question; a press on a row's button only shows the form anew."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    question = question_named(survey, str(visit.path["question"]))
    draw, change = partial(_form, visit, stored, survey, question), partial(_changed, survey, question)
    name = next(iter(worded(posted_fields(visit), question, survey).get("name", ())), question.name)
    place = "&then=add" if visit.text("then") else f"#q-{name}"
    return pressed(visit, stored, question, draw=draw, change=change, home=f"&at=saved+{name}{place}")


def _changed(survey: Survey, question: Question, form: Posted) -> Survey:
    written = worded(form, question, survey)
    table = {"kind": question.kind, **described(written, question_controls(question), survey)}
    condition = condition_from(form, survey)
    return replace_question(survey, question.name, table | ({"show_if": condition} if condition else {}))


def try_question(visit: Visit) -> Answer:
    """How the question would look and when it would be shown if the form were saved; nothing is kept."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    question = question_named(survey, str(visit.path["question"]))
    try:
        changed = _changed(survey, question, posted_fields(visit))
    except HeedfulError as error:
        return _tried(visit, error=error)
    place = list(written_questions(survey)).index(question.name)
    shown = list(written_questions(changed).values())[place]
    framed = question_in_frame(visit, changed, shown)
    if "hx-request" not in visit.request.headers:
        return framed
    return _tried(visit, condition=told(shown.show_if, changed), framed=bytes(framed.body).decode())


def _tried(visit: Visit, *, error: HeedfulError | None = None, condition: str = "", framed: str = "") -> Response:
    answer = visit.page("console/surveys/tried.html", error=error, condition=condition, framed=framed)
    answer.headers.update(IN_FRAME)
    return answer


def show_one(visit: Visit) -> Answer:
    """The question alone as people see it, for a frame beside its form."""
    survey = drafted(visit.session, survey_of_visit(visit))
    return question_in_frame(visit, survey, question_named(survey, str(visit.path["question"])))


PLACES = (
    Place(PAGE + "/edit/{question}", show_question, role=Role.EDITOR),
    Place(PAGE + "/edit/{question}", change_question, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/edit/{question}/try", try_question, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/edit/{question}/shown", show_one, role=Role.EDITOR),
)
