"""Surveys as TOML text and as JSON-ready tables, in and out without loss; for files, versions and the console."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from campaigns.domain.toml_text import read_toml, write_toml
from surveys.domain.cells import Choice
from surveys.domain.definitions import Page, Survey
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Op, Rule
from surveys.domain.survey_checks import checked
from surveys.domain.survey_tables import survey_from


def read_survey(text: str) -> Survey:
    """The survey that a TOML file describes.

    Raises:
        BadInput: the text is no TOML (with the line), or no survey (with every place and its remedy).
    """
    return survey_of(read_toml(text.removeprefix("\ufeff")))


def survey_of(values: Mapping[str, Any]) -> Survey:
    """The survey that a table describes, checked as a whole.

    Raises:
        BadDefinition: with everything that is wrong.
    """
    survey, faults = survey_from(values)
    return checked(survey, faults)


def write_survey(survey: Survey) -> str:
    """A survey as TOML text; reading it gives the same survey."""
    table = table_of(survey)
    lines = [write_toml({key: value for key, value in table.items() if key != "page"})]
    for page in table["page"]:
        lines.append("\n[[page]]\n" + _laid_out({key: value for key, value in page.items() if key != "question"}))
        lines += ["\n[[page.question]]\n" + _laid_out(question) for question in page["question"]]
    return "".join(lines)


def _laid_out(values: Mapping[str, Any]) -> str:
    """One key a line; a list of tables with one table a line; a table within braces."""
    return "".join(_key_line(key, value) for key, value in values.items())


def _key_line(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{key} = {_inline(value)}\n"
    if isinstance(value, list):
        return f"{key} = [\n" + "".join(f"  {_inline(each)},\n" for each in value) + "]\n"
    return write_toml({key: value})


def _inline(value: Mapping[str, Any]) -> str:
    return write_toml({"it": [value]}).removeprefix("it = [").removesuffix("]\n")


def table_of(survey: Survey) -> dict[str, Any]:
    """A survey as dictionaries, lists, texts and numbers; what equals its default is left out."""
    table = _plain_fields(survey, skip={"pages"})
    return {**table, "page": [_page_table(page) for page in survey.pages]}


def _page_table(page: Page) -> dict[str, Any]:
    table = _plain_fields(page, skip={"questions"})
    return {**table, "question": [question_table(question) for question in page.questions]}


def question_table(question: Question) -> dict[str, Any]:
    """One question as a table."""
    return {"name": question.name, "kind": question.kind, **_plain_fields(question, skip={"name"})}


def _plain_fields(thing: Any, skip: set[str]) -> dict[str, Any]:
    given = {each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in skip}
    defaults = {each.name: each.default for each in fields(thing) if each.default is not MISSING}
    return {key: _plain(value) for key, value in given.items() if key not in defaults or value != defaults[key]}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{"name": each.name, "label": each.label} for each in value if isinstance(each, Choice)]
    if isinstance(value, float):
        return int(value) if value == int(value) else value
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return condition_table(value)


def condition_table(condition: Condition) -> dict[str, Any]:
    """A condition as a table."""
    if isinstance(condition, Rule):
        table: dict[str, Any] = {"question": condition.question, "op": condition.op.value}
        if condition.row:
            table["row"] = condition.row
        if condition.op is not Op.ANSWERED or condition.value is not True:
            table["value"] = _plain(condition.value)
        return table
    return {"all" if condition.every else "any": [condition_table(part) for part in condition.parts]}
