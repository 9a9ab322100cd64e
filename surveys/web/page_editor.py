"""Console pages for what stands around questions: a page's title, condition and jumps, and the survey's own words."""

from collections.abc import Mapping
from functools import partial
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
    form_shown,
    head_controls,
    page_controls,
    page_named,
    pressed,
    rules_shown,
    split,
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
    table = _page_table(survey, page)
    return visit.page(
        "console/surveys/page.html",
        page=page,
        words=words,
        more=more,
        in_use=any(table.get(each.name) for each in more),
        logic=page_logic(form, more, survey, page),
        **form_shown(visit, stored, table, form, error),
        **rules_shown(form, survey, page.name),
    )


def change_page_form(visit: Visit) -> Answer:
    """Keep what the form says of one page."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    page = page_named(survey, str(visit.path["page"]))

    def change(form: Posted) -> Survey:
        written = _emptied(page_controls()) | described(form, page_controls(), survey)
        return change_page(survey, page.name, written | {"show_if": condition_from(form, survey)})

    draw = partial(_page_form, visit, stored, survey, page)
    home = f"&at=saved+{page.name}#page-{page.name}"
    return pressed(visit, stored, _page_table(survey, page), draw=draw, change=change, home=home)


def _emptied(controls: tuple[Control, ...]) -> dict[str, Any]:
    return {each.name: None for each in controls}


def show_head(visit: Visit) -> Answer:
    """The form of what stands around the pages."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    return _head_form(visit, stored, survey, form_of(table_of(survey), head_controls(survey)))


def _head_form(visit: Visit, stored: Stored, survey: Survey, form: Posted, error: HeedfulError | None = None) -> Answer:
    words, more = split(head_controls(survey), HEAD_WORDS)
    table = _part(table_of(survey), head_controls(survey))
    begun = form_of(table, head_controls(survey))
    changed = {name.partition("-")[0] for name, values in form.items() if any(values) and values != begun.get(name)}
    return visit.page(
        "console/surveys/head.html",
        words=sorted(words, key=lambda each: HEAD_WORDS.index(each.name)),
        more=more,
        used={each.name for each in more if table.get(each.name) or each.name in changed},
        logic=head_logic(form, more, survey),
        **form_shown(visit, stored, table, form, error),
    )


def change_head_form(visit: Visit) -> Answer:
    """Keep what the form says of what stands around the pages."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    controls = head_controls(survey)

    def change(form: Posted) -> Survey:
        return change_head(survey, _emptied(controls) | described(form, controls, survey))

    draw = partial(_head_form, visit, stored, survey)
    return pressed(visit, stored, _part(table_of(survey), controls), draw=draw, change=change, home="")


PLACES = (
    Place(PAGE + "/pages/{page}", show_page, role=Role.EDITOR),
    Place(PAGE + "/pages/{page}", change_page_form, methods=("POST",), role=Role.EDITOR),
    Place(PAGE + "/head", show_head, role=Role.EDITOR),
    Place(PAGE + "/head", change_head_form, methods=("POST",), role=Role.EDITOR),
)
