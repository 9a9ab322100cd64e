"""Conditions within the rows of a form, of a choice, a jump or a quota: told in words, changed by menus once opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.cells import Posted
from surveys.domain.condition_forms import BY_TEXT, RuleRow, as_drawn, condition_from, rule_fields, rule_rows
from surveys.domain.controls import Control, Writing
from surveys.domain.definitions import Survey
from surveys.domain.form_tables import Fields, first_of, spelled_out, value_in
from surveys.domain.rule_words import told
from surveys.domain.show_rules import rules_in
from surveys.domain.survey_tables import condition_in

OPEN = "rule"
MATCH = "-match"


@dataclass(frozen=True, slots=True)
class RowCondition:
    """One row's condition: as a phrase, empty for always; `rows` are its menus, none before it is opened."""

    words: str
    fields: Posted
    rows: Sequence[RuleRow]


def opened(form: Posted, act: str) -> Posted:
    """The form after a press that opens a row's condition, “rule choices 3 show_if”; unchanged by other acts."""
    verb, _space, rest = act.partition(" ")
    if verb != OPEN:
        return form
    name = "-".join(rest.split())
    return {**form, **{f"{name}-{key}": values for key, values in rule_fields(_table(first_of(form, name))).items()}}


def settled(form: Posted, survey: Survey) -> Fields:
    """The form with what the menus of its rows say written into the rows' own fields.

    Raises:
        BadInput: a condition written as in a file cannot be read.
    """
    found = {name: list(values) for name, values in form.items()}
    for key in form:
        if key.endswith(MATCH):
            name = key.removesuffix(MATCH)
            found[name] = [_written(condition_from(_inside(form, name), survey))]
    return found


def row_conditions(form: Posted, controls: Sequence[Control], survey: Survey) -> Mapping[str, RowCondition]:
    """The condition of every row by the name of its field."""
    names = [
        f"{control.name}-{key}-{inner.name}"
        for control in controls
        if control.writing is Writing.ROWS
        for key in form.get(control.name, ())
        for inner in control.row
        if inner.writing is Writing.WHEN
    ]
    return {name: _condition(form, name, survey) for name in names}


def _condition(form: Posted, name: str, survey: Survey) -> RowCondition:
    inside = _inside(form, name)
    if "match" not in inside:
        return RowCondition(_phrase(first_of(form, name), survey), {}, ())
    return RowCondition(menus_told(inside, survey), inside, rule_rows(inside, survey))


def menus_told(form: Posted, survey: Survey) -> str:
    """What menus say, in words, just as they stand on the page; empty while a comparison lacks its value."""
    rows = rule_rows(form, survey)
    drawn = as_drawn(form, rows)
    by_text = first_of(form, "match") == BY_TEXT
    if not by_text and not all(first_of(drawn, f"value_{row.number}") for row in rows if row.subject):
        return ""
    try:
        written = _written(condition_from(drawn, survey))
    except BadInput:
        written = first_of(form, "written")
    return _phrase(written, survey)


def _phrase(written: str, survey: Survey) -> str:
    """In words as far as it can be read and asks what there is, else as it is written."""
    condition = condition_in(_table(written))
    known = all(rule.question in survey.by_name for rule in rules_in(condition))
    return told(condition, survey) if known else written


def _inside(form: Posted, name: str) -> Fields:
    start = f"{name}-"
    return {key.removeprefix(start): list(values) for key, values in form.items() if key.startswith(start)}


def _table(written: str) -> Any:
    """A condition as it stands in a table; itself where it is an expression, or cannot be read."""
    try:
        return value_in(written, _("Shown only if")) if written.startswith("{") else written or None
    except BadInput:
        return written


def _written(condition: Any) -> str:
    """The opposite, for one field."""
    return spelled_out(condition) if isinstance(condition, Mapping) else condition or ""
