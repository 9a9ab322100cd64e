"""Rows as plain cells for tables that people read: names, labels or codes, and words, codes or nothing for gaps."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Row, Value, Variable

Cell = str | int | float


class Values(StrEnum):
    """How a choice is written: by its stable name, as people read it, or as a number."""

    NAMES = "names"
    LABELS = "labels"
    CODES = "codes"


class Gaps(StrEnum):
    """How a missing value is written: as words, not at all, or as a number."""

    WORDS = "words"
    BLANK = "blank"
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is to be written."""

    values: Values = Values.NAMES
    gaps: Gaps = Gaps.WORDS


class PlainRows:
    """Turns rows of one data set into plain cells."""

    def __init__(self, data_set: DataSet, shape: Shape) -> None:
        """Each variable's way is chosen once."""
        self._ways = [_way(variable, shape) for variable in data_set.variables]

    def cells(self, row: Row) -> list[Cell]:
        """One row; texts are not made safe for spreadsheets here."""
        return [way(value) for value, way in zip(row, self._ways, strict=True)]


def _way(variable: Variable, shape: Shape) -> Callable[[Value], Cell]:
    known: dict[Value, Cell] = {missing: _gap(missing, variable, shape.gaps) for missing in Missing}
    if shape.values is Values.LABELS and variable.labels:
        known |= variable.words
    elif shape.values is Values.CODES and variable.holds is Holds.CODE:
        known |= variable.codes
    return lambda value: known[value] if value in known else _plain(value)


def _plain(value: Value) -> Cell:
    return value.words if isinstance(value, Missing) else value


def _gap(missing: Missing, variable: Variable, gaps: Gaps) -> Cell:
    if gaps is Gaps.BLANK:
        return ""
    return missing.words if gaps is Gaps.WORDS else variable.missing_code(missing)
