"""A table of a definition as the fields of a form, and back, without loss; for the editor, whatever the kind."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.domain.toml_text import read_toml, write_toml
from core.errors import BadInput
from surveys.domain.cells import Posted
from surveys.domain.choice_names import choices_in, free_name, name_from
from surveys.domain.controls import Control, Writing
from surveys.domain.tallies import plain

NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,9})?")
BLANK_ROWS = 1
Fields = dict[str, list[str]]


def form_of(table: Mapping[str, Any], controls: Sequence[Control]) -> Fields:
    """What the fields of the form hold for this table; what it leaves out has its default."""
    found: Fields = {}
    for each in controls:
        value = table.get(each.name, each.default)
        if each.writing is Writing.ROWS:
            found |= _rows(each, value)
        elif each.writing is not Writing.RULES:
            found[each.name] = [_spelled(each, value)]
    return found


def _rows(control: Control, value: Any) -> Fields:
    rows = ([value] if value else []) if control.single else (value or [])
    known = {each.name for each in control.row}
    if any(not isinstance(row, Mapping) or not set(row) <= known for row in rows):
        return {control.name: [], f"{control.name}-toml": [spelled_out(value)]}
    return _numbered(control, rows)


def _numbered(control: Control, rows: Sequence[Mapping[str, Any]]) -> Fields:
    blank = max(0, 1 - len(rows)) if control.single else BLANK_ROWS
    keys = [str(number) for number in range(1, len(rows) + blank + 1)]
    found: Fields = {control.name: keys}
    for key, row in zip(keys, [*rows, *[{}] * blank], strict=True):
        inner = form_of(row, control.row)
        found |= {f"{control.name}-{key}-{name}": values for name, values in inner.items()}
    return found


def _spelled(control: Control, value: Any) -> str:
    if value is None or value in ("", ()):
        return ""
    if control.writing is Writing.TICK:
        return "1" if value else ""
    if control.writing is Writing.NUMBER:
        return "" if value == control.default == 0 else plain(float(value))
    if control.writing is Writing.LINES:
        return "\n".join(value)
    if control.writing is Writing.TOML or not isinstance(value, str):
        return write_toml(value).strip() if control.mapping else spelled_out(value)
    return value


def spelled_out(value: Any) -> str:
    """A value as a file has it; of a list, one a line."""
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"  {spelled_out(each)},\n" for each in value) + "]"
    return write_toml({"it": [value]}).removeprefix("it = [").removesuffix("]\n")


def table_from(form: Posted, controls: Sequence[Control]) -> dict[str, Any]:
    """The table that these fields describe; what is empty or left as it would be anyway is left out.

    Raises:
        BadInput: a field that is written as in a file cannot be read.
    """
    table: dict[str, Any] = {}
    for each in controls:
        if each.writing is Writing.RULES:
            continue
        value = _rows_from(form, each) if each.writing is Writing.ROWS else _read(each, first_of(form, each.name))
        if _kept(each, value):
            table[each.name] = value
    return table


def _kept(control: Control, value: Any) -> bool:
    if control.writing is Writing.TICK:
        return bool(value is not (control.default is True))
    return control.needed or value not in ("", [], {}, None)


def first_of(form: Posted, name: str) -> str:
    """The words of a field, without outer space."""
    return next(iter(form.get(name, ())), "").replace("\r\n", "\n").strip()


def _read(control: Control, written: str) -> Any:
    if control.writing is Writing.TICK:
        return written == "1"
    if control.writing is Writing.NUMBER:
        return number_in(written)
    if control.writing is Writing.LINES:
        return [line.strip() for line in written.splitlines() if line.strip()]
    if control.writing is Writing.TOML or (control.writing is Writing.WHEN and written.startswith("{")):
        return value_in(written, control.label, mapping=control.mapping) if written else ""
    return written


def value_in(written: str, label: str, *, mapping: bool = False) -> Any:
    """A value, or the lines of a table, as a file has them.

    Raises:
        BadInput: it is no TOML.
    """
    try:
        return read_toml(written) if mapping else read_toml(f"it = {written}").get("it", "")
    except BadInput as wrong:
        raise BadInput(f"{label}: {wrong.message}", remedy=wrong.remedy, line=wrong.line) from None


def number_in(written: str) -> int | float | str:
    """The number that is written, or the text itself, so that the check tells what is wrong with it."""
    if not NUMBER.fullmatch(written):
        return written
    number = float(written.replace(",", "."))
    return int(number) if number.is_integer() else number


def _rows_from(form: Posted, control: Control) -> Any:
    written = first_of(form, f"{control.name}-toml")
    if written:
        return value_in(written, control.label)
    rows = [_row(form, control, key) for key in form.get(control.name, ())]
    rows = _named([row for row in rows if row], control)
    for row in choices_in(first_of(form, f"{control.name}-lines")):
        rows.append(row | {"name": free_name(row["name"], [str(each["name"]) for each in rows])})
    return (rows[0] if rows else "") if control.single else rows


def _row(form: Posted, control: Control, key: str) -> dict[str, Any]:
    """One row; a row in which nothing is written is none."""
    start = f"{control.name}-{key}-"
    inner = {name.removeprefix(start): values for name, values in form.items() if name.startswith(start)}
    table = table_from(inner, control.row)
    written = {
        each.name: table[each.name] for each in control.row if table.get(each.name) not in (None, "", each.default)
    }
    return table if written else {}


def _named(rows: list[dict[str, Any]], control: Control) -> list[dict[str, Any]]:
    """A row that has a label and no name is named after it."""
    if not {"name", "label"} <= {each.name for each in control.row}:
        return rows
    taken = [row["name"] for row in rows if row["name"]]
    for row in rows:
        if not row["name"]:
            row["name"] = free_name(name_from(str(row["label"])), taken)
            taken.append(row["name"])
    return rows


def rearranged(form: Posted, act: str) -> Fields:
    """The form after a press on one of its rows' buttons: “up choices 3”, “down …”, “drop …”, “more choices”."""
    changed: Fields = {name: list(values) for name, values in form.items()}
    verb, _space, rest = act.partition(" ")
    name, _space, key = rest.partition(" ")
    keys = changed.get(name, [])
    if verb == "more":
        highest = max((int(each) for each in keys if each.isdecimal()), default=0)
        keys += [str(highest + 1), str(highest + 2)]
    elif verb == "drop" and key in keys:
        keys.remove(key)
    elif verb in {"up", "down"} and key in keys:
        place = keys.index(key)
        keys.insert(max(0, place + (1 if verb == "down" else -1)), keys.pop(place))
    return changed | {name: keys} if name else changed
