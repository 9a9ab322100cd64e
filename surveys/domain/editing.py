"""Changing a survey step by step: each act takes a survey and gives the changed one, checked as a whole."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from core.errors import NotFound
from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.kinds import KINDS
from surveys.domain.survey_files import survey_of, table_of

LONGEST_NAME = 40
_NAMED = re.compile(r"\s*([a-z0-9][a-z0-9_]{0,39})\s*=\s*(.+)")


def add_page(survey: Survey, kind: str) -> Survey:
    """A further page at the end, with a first question of that kind: a page is never empty."""
    table = table_of(survey)
    number = len(table["page"]) + 1
    taken = {page["name"] for page in table["page"]}
    while f"page_{number}" in taken:
        number += 1
    table["page"].append({"name": f"page_{number}", "title": "", "question": [_fresh(survey, kind)]})
    return survey_of(table)


def add_question(survey: Survey, page: str, kind: str) -> Survey:
    """A further question at the end of a page, to be worded."""
    table = table_of(survey)
    _page(table, page)["question"].append(_fresh(survey, kind))
    return survey_of(table)


def _fresh(survey: Survey, kind: str) -> dict[str, Any]:
    """A question that is valid as it stands, under a name that is free."""
    number = sum(1 for _each in survey.questions()) + 1
    while f"question_{number}" in survey.by_name:
        number += 1
    return {"name": f"question_{number}", "kind": kind, "text": _("New question"), **KINDS[kind].skeleton()}


def replace_question(survey: Survey, name: str, changed: Mapping[str, Any]) -> Survey:
    """A question's table in place of another; rules follow a new name."""
    table = table_of(survey)
    page, place = _question(table, name)
    page["question"][place] = dict(changed)
    new = str(changed.get("name", ""))
    if new != name:
        for part in (*table["page"], *(question for page in table["page"] for question in page["question"])):
            if "show_if" in part:
                part["show_if"] = _renamed(part["show_if"], name, new)
    return survey_of(table)


def _renamed(condition: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    if "question" in condition:
        return {**condition, "question": new if condition["question"] == old else condition["question"]}
    return {key: [_renamed(part, old, new) for part in parts] for key, parts in condition.items()}


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


def move_page(survey: Survey, name: str, step: int) -> Survey:
    """The page one place up (−1) or down (1); at the edge it stays."""
    table = table_of(survey)
    place = table["page"].index(_page(table, name))
    if not 0 <= place + step < len(table["page"]):
        return survey
    table["page"].insert(place + step, table["page"].pop(place))
    return survey_of(table)


def change_page(survey: Survey, name: str, changed: Mapping[str, Any]) -> Survey:
    """Title, text and condition of a page anew; None or empty takes one out."""
    table = table_of(survey)
    _merge(_page(table, name), changed)
    return survey_of(table)


def change_head(survey: Survey, changed: Mapping[str, Any]) -> Survey:
    """What stands around the questions anew: title, language, sponsor, minutes, intro, thanks."""
    table = table_of(survey)
    _merge(table, changed)
    return survey_of(table)


def _merge(table: dict[str, Any], changed: Mapping[str, Any]) -> None:
    for key, value in changed.items():
        table.pop(key, None)
        if value:
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


def choices_in(lines: str) -> list[dict[str, str]]:
    """Choices as people write them, one a line: “name = Label”, or a label alone, which gets a name from its words."""
    found: list[dict[str, str]] = []
    for line in lines.splitlines():
        if not line.strip():
            continue
        named = _NAMED.fullmatch(line)
        label = named[2].strip() if named else line.strip()
        name = named[1] if named else _free(name_from(label), [each["name"] for each in found])
        found.append({"name": name, "label": label})
    return found


def name_from(label: str) -> str:
    """A stable name made from words: small letters without marks, digits, underscores."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST_NAME - 4].strip("_") or "choice"


def _free(name: str, taken: list[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free
