"""Surveys as TOML text and as JSON-ready tables, in and out without loss; for files, versions and the console."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from campaigns.domain.toml_text import read_toml, write_toml
from core.language import gettext as _
from core.storable import unstorable_place
from surveys.domain.definition_faults import BadDefinition, DefinitionFault
from surveys.domain.definitions import Page, Survey
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Formula, Group, Op, Rule
from surveys.domain.survey_checks import checked, require_publishable
from surveys.domain.survey_tables import LISTS, survey_from


def read_survey(text: str) -> Survey:
    """The survey that a TOML file describes.

    Raises:
        BadInput: the text is no TOML (with the line), or no survey (with every place and its remedy).
    """
    return require_publishable(survey_of(read_toml(text.removeprefix("\ufeff"))))


def survey_of(values: Mapping[str, Any]) -> Survey:
    """The survey that a table describes, checked as a whole.

    Raises:
        BadDefinition: with everything that is wrong.
    """
    _require_storable(values)
    survey, faults = survey_from(values)
    return checked(survey, faults)


def _require_storable(values: Mapping[str, Any]) -> None:
    place = unstorable_place(values)
    if place is not None:
        message = _("This cannot be kept: it has the character NUL, half of a character, or a number beyond 64 bits.")
        raise BadDefinition([DefinitionFault(place or _("survey"), message)])


def kept_survey(values: Mapping[str, Any]) -> Survey:
    """The survey that a stored table describes: it was checked before it was stored, and stays readable ever after."""
    survey, faults = survey_from(values)
    if faults:
        raise BadDefinition(faults)
    return survey


def write_survey(survey: Survey) -> str:
    """A survey as TOML text; reading it gives the same survey."""
    table = table_of(survey)
    own = {"page", "translations", *LISTS.values()}
    lines = [write_toml({key: value for key, value in table.items() if key not in own})]
    for noun in LISTS.values():
        lines += [f"\n[[{noun}]]\n" + _laid_out(each) for each in table.get(noun, [])]
    for page in table["page"]:
        inner = {"question", "jump"}
        lines.append("\n[[page]]\n" + _laid_out({key: value for key, value in page.items() if key not in inner}))
        lines += ["\n[[page.jump]]\n" + _laid_out(jump) for jump in page.get("jump", [])]
        lines += ["\n[[page.question]]\n" + _laid_out(question) for question in page["question"]]
    if "translations" in table:
        written = write_toml({"translations": table["translations"]})
        lines.append("\n" + written.removeprefix("[translations]\n\n"))
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


def _inline(value: Any) -> str:
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


def _plain_fields(thing: Any, skip: Iterable[str] = ()) -> dict[str, Any]:
    kept = [(each, getattr(thing, each.name)) for each in fields(thing) if each.name not in skip]
    return {LISTS.get(each.name, each.name): _plain(value) for each, value in kept if value != _default_of(each)}


def _default_of(each: Field[Any]) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


def _plain(value: Any) -> Any:
    if isinstance(value, (Rule, Group, Formula)):
        return condition_table(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return int(value) if value == int(value) else value
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return _plain_fields(value) if is_dataclass(value) else value


def condition_table(condition: Condition) -> Any:
    """A condition as a table; an expression as its text."""
    if isinstance(condition, Formula):
        return condition.text
    if isinstance(condition, Group):
        return {"all" if condition.every else "any": [condition_table(part) for part in condition.parts]}
    table: dict[str, Any] = {"question": condition.question, "op": condition.op.value}
    if condition.row:
        table["row"] = condition.row
    if condition.op is not Op.ANSWERED or condition.value is not True:
        table["value"] = _plain(condition.value)
    return table
