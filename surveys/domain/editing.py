"""Changing a survey step by step: each act takes a survey and gives the changed one, checked as a whole."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from core.errors import NotFound
from core.language import gettext as _
from surveys.domain.choice_names import free_name
from surveys.domain.definitions import Survey
from surveys.domain.kinds import KINDS
from surveys.domain.questions import Question
from surveys.domain.renaming import renamed
from surveys.domain.survey_files import survey_of, table_of


def written_questions(survey: Survey) -> dict[str, Question]:
    """The questions as they stand on the pages, by their names; loops are not written out."""
    return {question.name: question for page in survey.pages for question in page.questions}


def add_page(survey: Survey, kind: str) -> Survey:
    """A further page at the end, with a first question of that kind: a page is never empty."""
    table = table_of(survey)
    table["page"].append(_page_of(table, _fresh(survey, kind)))
    return survey_of(table)


def _page_of(table: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    """A new page with that question, under a name that is free."""
    number = len(table["page"]) + 1
    taken = {page["name"] for page in table["page"]}
    while f"page_{number}" in taken:
        number += 1
    return {"name": f"page_{number}", "title": "", "question": [question]}


def add_question(survey: Survey, page: str, kind: str, after: str = "") -> Survey:
    """A further question on a page, to be worded: after the named one or at the end."""
    table = table_of(survey)
    asked = _page(table, page)["question"]
    names = [each["name"] for each in asked]
    asked.insert(names.index(after) + 1 if after in names else len(asked), _fresh(survey, kind))
    return survey_of(table)


def _fresh(survey: Survey, kind: str) -> dict[str, Any]:
    """A question that is valid as it stands, under a name that is free."""
    number = len(written_questions(survey)) + 1
    while f"question_{number}" in survey.by_name:
        number += 1
    return {"name": f"question_{number}", "kind": kind, "text": _("New question"), **KINDS[kind].skeleton()}


def replace_question(survey: Survey, name: str, changed: Mapping[str, Any]) -> Survey:
    """A question's table in place of another; whatever names it follows a new name."""
    table = table_of(survey)
    page, place = _question(table, name)
    page["question"][place] = dict(changed)
    new = str(changed.get("name", ""))
    return survey_of(renamed(table, name, new) if new != name else table)


def copy_question(survey: Survey, name: str) -> Survey:
    """The same question once more, right after it, under a name that is free."""
    table = table_of(survey)
    page, place = _question(table, name)
    twin = {**page["question"][place], "name": free_name(f"{name[:30]}_copy", survey.by_name)}
    page["question"].insert(place + 1, twin)
    return survey_of(table)


def remove_question(survey: Survey, name: str) -> Survey:
    """The survey without the question, and without its page if that was all there was on it."""
    table = table_of(survey)
    page, place = _question(table, name)
    del page["question"][place]
    table["page"] = [each for each in table["page"] if each["question"]]
    return survey_of(table)


def move_question(survey: Survey, name: str, step: int) -> Survey:
    """The question one place up (−1) or down (1); beyond the edge of its page it goes to the neighbouring page."""
    table = table_of(survey)
    page, place = _question(table, name)
    question = page["question"].pop(place)
    if 0 <= place + step <= len(page["question"]):
        page["question"].insert(place + step, question)
        return survey_of(table)
    neighbour = table["page"].index(page) + step
    if not 0 <= neighbour < len(table["page"]):
        return survey
    found = table["page"][neighbour]["question"]
    found.insert(len(found) if step < 0 else 0, question)
    table["page"] = [each for each in table["page"] if each["question"]]
    return survey_of(table)


def put_question(survey: Survey, name: str, page: str, before: str = "") -> Survey:
    """The question on that page, before the named one or at its end."""
    table = table_of(survey)
    source, place = _question(table, name)
    target = _page(table, page)["question"]
    names = [each["name"] for each in target]
    at = names.index(before) if before in names else len(target)
    if source["question"] is target and place < at:
        at -= 1
    target.insert(at, source["question"].pop(place))
    table["page"] = [each for each in table["page"] if each["question"]]
    return survey_of(table)


def put_on_new_page(survey: Survey, name: str, after: str) -> Survey:
    """The question on a page of its own, right after the named page."""
    table = table_of(survey)
    source, place = _question(table, name)
    at = table["page"].index(_page(table, after)) + 1
    table["page"].insert(at, _page_of(table, source["question"].pop(place)))
    table["page"] = [each for each in table["page"] if each["question"]]
    return survey_of(table)


def change_kind(survey: Survey, name: str, kind: str) -> Survey:
    """The question as one of another kind, with all that this kind knows as well."""
    table = table_of(survey)
    page, place = _question(table, name)
    lost = {"kind", *(() if KINDS[kind].answerable else ("required", "refusal"))}
    known = {each.name for each in fields(KINDS[kind])} - lost
    kept = {key: value for key, value in page["question"][place].items() if key in known}
    page["question"][place] = {**KINDS[kind].skeleton(), **kept, "kind": kind}
    return survey_of(table)


def move_page(survey: Survey, name: str, step: int) -> Survey:
    """The page one place up (−1) or down (1); at the edge it stays."""
    table = table_of(survey)
    place = table["page"].index(_page(table, name))
    if not 0 <= place + step < len(table["page"]):
        return survey
    table["page"].insert(place + step, table["page"].pop(place))
    return survey_of(table)


def remove_page(survey: Survey, name: str) -> Survey:
    """The survey without the page and all that is on it."""
    table = table_of(survey)
    table["page"].remove(_page(table, name))
    return survey_of(table)


def change_page(survey: Survey, name: str, changed: Mapping[str, Any]) -> Survey:
    """These keys of a page anew; None or empty takes one out."""
    table = table_of(survey)
    _merge(_page(table, name), changed)
    return survey_of(table)


def change_head(survey: Survey, changed: Mapping[str, Any]) -> Survey:
    """These keys of what stands around the pages anew; None or empty takes one out."""
    table = table_of(survey)
    _merge(table, changed)
    return survey_of(table)


def _merge(table: dict[str, Any], changed: Mapping[str, Any]) -> None:
    for key, value in changed.items():
        table.pop(key, None)
        if value or value == 0:
            table[key] = value


def _page(table: dict[str, Any], name: str) -> dict[str, Any]:
    for page in table["page"]:
        if page["name"] == name:
            found: dict[str, Any] = page
            return found
    raise NotFound(_("There is no page “{name}”.").format(name=name))


def _question(table: dict[str, Any], name: str) -> tuple[dict[str, Any], int]:
    for page in table["page"]:
        for place, question in enumerate(page["question"]):
            if question["name"] == name:
                return page, place
    raise NotFound(_("There is no question “{name}”.").format(name=name))
