"""Targets of weights as files: TOML with a table a question or a list of combinations, or CSV; for the terminal."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from campaigns.domain.toml_text import read_toml, write_toml
from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.form_tables import number_in
from surveys.domain.weighting_plans import Plan

TARGET = "target"
TRIM = "trim"
CELL = "cell"
LISTED = ("question", "answer", TARGET)
EXAMPLE = "Write a table a question, such as [gender] with female = 51 and male = 49 below it."


def read_plan(text: str, *, is_csv: bool = False) -> Plan:
    """The plan of a file: raking to each question's groups, or post-stratification to the combinations of a list.

    In TOML `[went]` with `yes = 60` and so on, or `cell = [{ went = "yes", how = "train", target = 12 }, …]`, each with
    an optional `trim` on top. In CSV the columns question, answer, target, or a column a question and the target last.

    Raises:
        BadInput: it is no such file.
    """
    return _csv_plan(text) if is_csv else _toml_plan(read_toml(text))


def write_plan(plan: Plan) -> str:
    """The plan as a TOML file; reading it gives the same plan."""
    trim = {} if plan.trim is None else {TRIM: _tidy(plan.trim)}
    if plan.cells is None:
        margins = [{name: _tidy(each) for name, each in groups.items()} for groups in plan.margins]
        return write_toml({**trim, **dict(zip(plan.questions, margins, strict=True))})
    named = [(dict(zip(plan.questions, cell, strict=True)), target) for cell, target in plan.cells.items()]
    return write_toml({**trim, CELL: [{**names, TARGET: _tidy(target)} for names, target in named]})


def _tidy(number: float) -> float:
    return int(number) if number == int(number) else number


def _toml_plan(table: Mapping[str, Any]) -> Plan:
    rest = dict(table)
    trim = None if isinstance(rest.get(TRIM, {}), Mapping) else _number(rest.pop(TRIM), TRIM)
    rows = rest.get(CELL)
    if isinstance(rows, list):
        if len(rest) > 1 or not all(isinstance(row, Mapping) for row in rows):
            raise BadInput(_("Beside “cell” there can be “trim” alone."), field=CELL)
        return _of_combinations([{key: str(value) for key, value in row.items()} for row in rows], trim)
    for question, groups in rest.items():
        if not isinstance(groups, Mapping):
            raise BadInput(_("The targets of “{column}” are no numbers.").format(column=question), remedy=_(EXAMPLE))
    return _raking({name: {str(key): each for key, each in groups.items()} for name, groups in rest.items()}, trim)


def _csv_plan(text: str) -> Plan:
    sign = ";" if ";" in text.partition("\n")[0] else ","
    lines = [
        [cell.strip() for cell in line] for line in csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=sign)
    ]
    columns = lines[0] if lines else []
    rows = [dict(zip(columns, line, strict=False)) for line in lines[1:] if any(line)]
    if TARGET not in columns or not rows:
        remedy = _("Name the columns question, answer, target; or a column a question, and target.")
        raise BadInput(_("There is no column “target”, or no row."), field=TARGET, remedy=remedy)
    if set(columns) != set(LISTED):
        return _of_combinations(rows, None)
    margins: dict[str, dict[str, str]] = {}
    for row in rows:
        margins.setdefault(row.get("question", ""), {})[row.get("answer", "")] = row.get(TARGET, "")
    return _raking(margins, None)


def _raking(margins: Mapping[str, Mapping[str, Any]], trim: float | None) -> Plan:
    if not margins:
        raise BadInput(_("There is no target in the file."), remedy=_(EXAMPLE))
    numbers = [
        {name: _number(each, f"{question}, {name}") for name, each in groups.items()}
        for question, groups in margins.items()
    ]
    return Plan(tuple(margins), tuple(numbers), trim=trim)


def _of_combinations(rows: Sequence[Mapping[str, str]], trim: float | None) -> Plan:
    questions = tuple(key for key in (rows[0] if rows else ()) if key != TARGET)
    cells = {tuple(row.get(each, "") for each in questions): row.get(TARGET, "") for row in rows}
    if not questions or any("" in cell for cell in cells):
        raise BadInput(_("Each combination needs an answer to each question, and a target."), field=CELL)
    if len(cells) < len(rows):
        raise BadInput(_("A combination stands there twice."), field=CELL)
    return Plan(questions, cells={cell: _number(each, " × ".join(cell)) for cell, each in cells.items()}, trim=trim)


def _number(written: object, label: str) -> float:
    found = number_in(str(written).removesuffix("%").strip())
    if isinstance(found, str):
        message = _("“{label}” needs a number.").format(label=label)
        raise BadInput(message, field="targets", remedy=_("Write a share in per cent, or a count."))
    return float(found)
