"""Console pages for what stands around questions: a page's title, condition and jumps, and the survey's own words."""

from collections.abc import Mapping
from typing import Any

from core.errors import HeedfulError
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.cells import Posted
from surveys.domain.condition_forms import condition_from, rule_fields
from surveys.domain.controls import Control
from surveys.domain.definitions import Page, Survey
from surveys.domain.editing import change_head, change_page
from surveys.domain.form_tables import form_of
from surveys.domain.survey_files import table_of
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import drafted
from surveys.web.editor_forms import (
    described,
    head_controls,
    mark,
    page_controls,
    page_named,
    posted_fields,
    redrawn,
    refused,
    require_seen,
    rules_shown,
    split,
    store,
)
from surveys.web.row_logic import head_logic, page_logic
from surveys.web.survey_pages import PAGE, survey_of_visit

PAGE_WORDS = ("title", "text")
HEAD_WORDS = ("title", "language", "minutes", "sponsor", "purpose", "intro", "thanks", "review", "receipt")


def _part(table: Mapping[str, Any], controls: tuple[Control, ...]) -> dict[str, Any]:
    """What of a table the form shows."""
    names = {each.name for each in controls}
    return {key: value for key, value in table.items() if key in names}


def _page_table(survey: Survey, page: Page) -> dict[str, Any]:
    return next(_part(each, page_controls()) for each in table_of(survey)["page"] if each["name"] == page.name)


def show_page(visit: Visit) -> Answer:
    """The form of one page."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    page = page_named(survey, str(visit.path["page"]))
    table = _page_table(survey, page)
    return _page_form(visit, stored, survey, page, form_of(table, page_controls()) | rule_fields(table.get("show_if")))


def _page_form(
    visit: Visit, stored: Stored, survey: Survey, page: Page, form: Posted, error: HeedfulError | None = None
) -> Answer:
    words, more = split(page_controls(), PAGE_WORDS)
    return visit.page(
        "console/surveys/page.html",
        status=refused(error),
        survey=stored,
        page=page,
        words=words,
        more=more,
        in_use=any(_page_table(survey, page).get(each.name) for each in more),
        values=form,
        seen=visit.text("seen") if visit.text("do") else mark(_page_table(survey, page)),
        pressed=visit.text("do"),
        error=error,
        logic=page_logic(form, more, survey, page),
        **rules_shown(form, survey, page.name),
    )


def change_page_form(visit: Visit) -> Answer:
    """Keep what the form says of one page."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    page = page_named(survey, str(visit.path["page"]))
    form = posted_fields(visit)
    if visit.text("do"):
        return _page_form(visit, stored, survey, page, redrawn(visit, form))
    try:
        require_seen(visit, _page_table(survey, page))
        empty: dict[str, Any] = {each.name: None for each in page_controls()}
        written = empty | described(form, page_controls(), survey) | {"show_if": condition_from(form, survey)}
        store(visit, stored, change_page(survey, page.name, written))
    except HeedfulError as error:
        return _page_form(visit, stored, survey, page, form, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved&at=saved+{page.name}#page-{page.name}")


def show_head(visit: Visit) -> Answer:
    """The form of what stands around the pages."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    return _head_form(visit, stored, survey, form_of(table_of(survey), head_controls(survey)))


def _head_form(visit: Visit, stored: Stored, survey: Survey, form: Posted, error: HeedfulError | None = None) -> Answer:
    words, more = split(head_controls(survey), HEAD_WORDS)
    table = _part(table_of(survey), head_controls(survey))
    return visit.page(
        "console/surveys/head.html",
        status=refused(error),
        survey=stored,
        words=sorted(words, key=lambda each: HEAD_WORDS.index(each.name)),
        more=more,
        used={each.name for each in more if table.get(each.name)},
        values=form,
        seen=visit.text("seen") if visit.text("do") else mark(table),
        pressed=visit.text("do"),
        error=error,
        logic=head_logic(form, more, survey),
    )


def change_head_form(visit: Visit) -> Answer:
    """Keep what the form says of what stands around the pages."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    controls = head_controls(survey)
    form = posted_fields(visit)
    if visit.text("do"):
        return _head_form(visit, stored, survey, redrawn(visit, form))
    try:
        require_seen(visit, _part(table_of(survey), controls))
        empty: dict[str, Any] = {each.name: None for each in controls}
        store(visit, stored, change_head(survey, empty | described(form, controls, survey)))
    except HeedfulError as error:
        return _head_form(visit, stored, survey, form, error)
    return visit.redirect(f"/console/surveys/{stored.id}/edit?said=saved")


PLACES = (
    Place(PAGE + "/pages/{page}", show_page, role=Role.EDITOR),
    Place(PAGE + "/pages/{page}", change_page_form, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/head", show_head, role=Role.EDITOR),
    Place(PAGE + "/head", change_head_form, methods=("POST",), role=Role.EDITOR),
)
