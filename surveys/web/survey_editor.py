"""Console pages where a survey is written: its order, its questions, its file; every act is a plain form."""

from collections.abc import Callable, Mapping

from starlette.responses import PlainTextResponse

from core.errors import BadInput, Conflict, HeedfulError, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.definitions import Page, Survey
from surveys.domain.editing import (
    add_page,
    add_question,
    change_head,
    change_page,
    move_page,
    move_question,
    remove_question,
    replace_question,
)
from surveys.domain.kinds import KINDS
from surveys.domain.questions import Question
from surveys.domain.rule_words import told
from surveys.domain.show_rules import Op
from surveys.domain.survey_files import read_survey, write_survey
from surveys.services.apply_survey import apply_survey
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import draft_number, drafted, publish_draft
from surveys.web.editor_forms import (
    HEAD,
    RULES,
    answers_told,
    form_values,
    head_values,
    mark,
    own_fields,
    read_question,
    read_rules,
    require_seen,
    rule_values,
    subjects,
)
from surveys.web.survey_pages import PAGE, survey_of_visit

KIND_NAMES = {
    "single": _("One choice of several"),
    "multiple": _("Several choices"),
    "rating": _("Rating, 1 to …"),
    "nps": _("Recommendation, 0 to 10 (NPS)"),
    "matrix": _("Matrix: rows on a scale"),
    "number": _("Number"),
    "text": _("Short text"),
    "long_text": _("Long text"),
    "statement": _("Statement, nothing asked"),
}
OPS = (
    (Op.IS.value, _("is")),
    (Op.IS_NOT.value, _("is not")),
    (Op.HAS.value, _("includes")),
    (Op.GREATER.value, _("is more than")),
    (Op.LESS.value, _("is less than")),
    (Op.ANSWERED.value, _("was answered")),
)


def show_editor(visit: Visit) -> Answer:
    """The survey's order: pages and questions, with what can be done to each."""
    return _editor(visit, survey_of_visit(visit))


def _refused(error: HeedfulError | None) -> int:
    """The status of a form that is shown, or shown again with what is wrong."""
    return (409 if isinstance(error, Conflict) else 422) if error else 200


def _posted(visit: Visit) -> dict[str, str]:
    return {name: value for name, value in visit.form.items() if isinstance(value, str)}


def _editor(visit: Visit, stored: Stored, error: HeedfulError | None = None) -> Answer:
    survey = drafted(visit.session, stored)
    head = head_values(survey)
    return visit.page(
        "console/surveys/editor.html",
        status=_refused(error),
        head=_posted(visit) if error and visit.text("act") == "head" else head,
        seen=mark(head),
        survey=stored,
        definition=survey,
        draft=draft_number(visit.session, stored),
        kinds=list(KIND_NAMES.items()),
        told=lambda condition: told(condition, survey),
        error=error,
        said=visit.query("said"),
    )


def edit(visit: Visit) -> Answer:
    """One act on the survey's order or its head."""
    stored = survey_of_visit(visit, locked=True)
    act = ACTS.get(visit.text("act"))
    try:
        if act is None:
            raise BadInput(_("Nothing to change was named."))
        _store(visit, stored, act(drafted(visit.session, stored), visit))
    except HeedfulError as error:
        return _editor(visit, stored, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit")


def _store(visit: Visit, stored: Stored, changed: Survey) -> None:
    """Keep the change as a draft; what people answer changes only when it is published."""
    with visit.session.begin_nested():
        if changed.name != stored.name:
            raise BadInput(_("The name of a survey stays: “{name}”.").format(name=stored.name), field="name")
        apply_survey(visit.session, changed, at=visit.at, publish=False)


def _head(survey: Survey, visit: Visit) -> Survey:
    require_seen(visit, head_values(survey))
    written: dict[str, object] = {name: visit.text(name).replace("\r\n", "\n") for name in HEAD}
    minutes = visit.text("minutes")
    return change_head(survey, {**written, "minutes": int(minutes) if minutes.isdecimal() else 0})


def _kind(visit: Visit) -> str:
    if visit.text("kind") not in KINDS:
        raise BadInput(_("Choose a kind of question."), field="kind")
    return visit.text("kind")


ACTS: Mapping[str, Callable[[Survey, Visit], Survey]] = {
    "head": _head,
    "add_page": lambda survey, visit: add_page(survey, _kind(visit)),
    "add_question": lambda survey, visit: add_question(survey, visit.text("page"), _kind(visit)),
    "up": lambda survey, visit: move_question(survey, visit.text("question"), -1),
    "down": lambda survey, visit: move_question(survey, visit.text("question"), 1),
    "remove": lambda survey, visit: remove_question(survey, visit.text("question")),
    "page_up": lambda survey, visit: move_page(survey, visit.text("page"), -1),
    "page_down": lambda survey, visit: move_page(survey, visit.text("page"), 1),
}


def show_question(visit: Visit) -> Answer:
    """The form of one question."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    return _question_form(visit, stored, survey, _question(survey, visit))


def _question(survey: Survey, visit: Visit) -> Question:
    found = survey.by_name.get(str(visit.path["question"]))
    if found is None:
        raise NotFound(_("There is no question of that name."))
    return found


def _page_of(survey: Survey, question: Question) -> Page:
    return next(page for page in survey.pages if question in page.questions)


def _question_form(
    visit: Visit, stored: Stored, survey: Survey, question: Question, error: HeedfulError | None = None
) -> Answer:
    page = _page_of(survey, question)
    return visit.page(
        "console/surveys/question.html",
        status=_refused(error),
        survey=stored,
        question=question,
        kind=KIND_NAMES[question.kind],
        own=[(name, _(label), form) for name, label, form in own_fields(question)],
        values=_posted(visit) if error else form_values(question),
        seen=mark(question),
        fixed=stored.version > 0,
        error=error,
        **_rule_choices(survey, page),
    )


def _rule_choices(survey: Survey, page: Page) -> dict[str, object]:
    return {
        "subjects": subjects(survey, page.name),
        "answers": answers_told(survey, page.name),
        "ops": OPS,
        "rules": range(RULES),
    }


def change_question(visit: Visit) -> Answer:
    """Keep what the form says of one question."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    question = _question(survey, visit)
    try:
        require_seen(visit, question)
        changed = replace_question(survey, question.name, read_question(visit, survey, question))
        _store(visit, stored, changed)
    except HeedfulError as error:
        return _question_form(visit, stored, survey, question, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved")


def show_page(visit: Visit) -> Answer:
    """The form of one page: title, text, condition."""
    return _page_form(visit, survey_of_visit(visit))


def _page_form(visit: Visit, stored: Stored, error: HeedfulError | None = None) -> Answer:
    survey = drafted(visit.session, stored)
    page = _page(survey, visit)
    return visit.page(
        "console/surveys/page.html",
        status=_refused(error),
        survey=stored,
        page=page,
        values=_posted(visit) if error else {**_page_head(page), **rule_values(page.show_if)},
        seen=mark((_page_head(page), page.show_if)),
        error=error,
        **_rule_choices(survey, page),
    )


def _page_head(page: Page) -> dict[str, str]:
    return {"title": page.title, "text": page.text}


def _page(survey: Survey, visit: Visit) -> Page:
    found = next((page for page in survey.pages if page.name == visit.path["page"]), None)
    if found is None:
        raise NotFound(_("There is no page of that name."))
    return found


def change_page_form(visit: Visit) -> Answer:
    """Keep what the form says of one page."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    page = _page(survey, visit)
    try:
        require_seen(visit, (_page_head(page), page.show_if))
        text = visit.text("text").replace("\r\n", "\n")
        rules = read_rules(visit, survey, page.show_if)
        changed = change_page(survey, page.name, {"title": visit.text("title"), "text": text, "show_if": rules})
        _store(visit, stored, changed)
    except HeedfulError as error:
        return _page_form(visit, stored, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved")


def show_file(visit: Visit) -> Answer:
    """The survey as its file, to be read, changed or carried away."""
    stored = survey_of_visit(visit)
    text = write_survey(drafted(visit.session, stored))
    if visit.query("as") == "file":
        headers = {"Content-Disposition": f'attachment; filename="{stored.name}.toml"'}
        return PlainTextResponse(text, media_type="application/toml", headers=headers)
    return _file(visit, stored, text)


def _file(visit: Visit, stored: Stored, text: str, error: HeedfulError | None = None) -> Answer:
    seen = mark(write_survey(drafted(visit.session, stored)))
    return visit.page(
        "console/surveys/file.html", status=_refused(error), survey=stored, text=text, seen=seen, error=error
    )


def change_file(visit: Visit) -> Answer:
    """Put another text in place of the file."""
    stored = survey_of_visit(visit, locked=True)
    try:
        require_seen(visit, write_survey(drafted(visit.session, stored)))
        _store(visit, stored, read_survey(visit.text("text")))
    except HeedfulError as error:
        return _file(visit, stored, visit.text("text"), error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved")


def publish(visit: Visit) -> Answer:
    """Let new responses answer the draft; those that were begun keep their version."""
    stored = survey_of_visit(visit)
    publish_draft(visit.session, stored, visit.at)
    return visit.redirect(f"/console/surveys/{stored.id}?said=published")


PLACES = (
    Place(PAGE + "/edit", show_editor, role=Role.EDITOR),
    Place(PAGE + "/edit", edit, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/edit/{question}", show_question, role=Role.EDITOR),
    Place(PAGE + "/edit/{question}", change_question, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/pages/{page}", show_page, role=Role.EDITOR),
    Place(PAGE + "/pages/{page}", change_page_form, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/file", show_file, role=Role.EDITOR),
    Place(PAGE + "/file", change_file, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/publish", publish, methods=("POST",), role=Role.EDITOR),
)
