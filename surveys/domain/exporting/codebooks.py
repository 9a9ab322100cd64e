"""The codebook of a data set: every variable with what it means, for people, and as plain values for programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contacts.domain.formulas import csv_line
from surveys.domain.exporting.csv_files import BYTE_ORDER_MARK
from surveys.domain.exporting.data_sets import DataSet, Missing, ValueLabel, Variable
from surveys.domain.exporting.plain_rows import Cell
from surveys.domain.exporting.variable_names import spss_names, stata_names

HEADER = ("variable", "label", "holds", "measure", "set", "question", "versions", "spss", "stata")
VALUE_HEADER = ("value", "code", "meaning")


@dataclass(frozen=True)
class Entry:
    """One variable; `spss` and `stata` are its names there, `missing` its codes with what they mean."""

    variable: Variable
    spss: str
    stata: str

    @property
    def values(self) -> tuple[ValueLabel, ...]:
        """The values that have labels."""
        return self.variable.labels

    @property
    def missing(self) -> tuple[tuple[int, str, str], ...]:
        """For each missing value the number in SPSS, the letter in Stata, and the words; none for a response's own."""
        if not self.variable.asked:
            return ()
        return tuple((self.variable.missing_code(each), f".{each.letter}", each.words) for each in Missing)

    @property
    def cells(self) -> tuple[str, ...]:
        """What `HEADER` names."""
        each = self.variable
        versions = " ".join(map(str, each.versions))
        facts = (each.name, each.label, each.holds, each.measure, each.group, each.question, versions)
        return (*facts, self.spss, self.stata)


def codebook(data_set: DataSet) -> list[Entry]:
    """All variables in order."""
    names = [variable.name for variable in data_set.variables]
    spss, stata = spss_names(names), stata_names(names)
    return [Entry(each, spss[each.name], stata[each.name]) for each in data_set.variables]


def codebook_lines(data_set: DataSet) -> Iterator[list[Cell]]:
    """The codebook as a table, header first: a line for each labelled or missing value, at least one a variable."""
    yield [*HEADER, *VALUE_HEADER]
    for entry in codebook(data_set):
        values: list[tuple[Cell, Cell, str]] = [(each.value, each.code, each.label) for each in entry.values]
        values += [("", code, words) for code, _letter, words in entry.missing]
        for value in values or [("", "", "")]:
            yield [*entry.cells, *value]


def codebook_csv(data_set: DataSet) -> Iterator[bytes]:
    """The table as CSV, with nothing in it that a spreadsheet would run."""
    mark = BYTE_ORDER_MARK
    for cells in codebook_lines(data_set):
        yield (mark + csv_line(cells)).encode()
        mark = ""


def described(data_set: DataSet) -> dict[str, Any]:
    """The codebook as plain values."""
    return {
        "survey": data_set.name,
        "title": data_set.title,
        "language": data_set.language,
        "versions": data_set.versions,
        "variables": [_described(entry) for entry in codebook(data_set)],
        "sets": [{"name": each.name, "label": each.label, "variables": list(each.names)} for each in data_set.sets],
    }


def _described(entry: Entry) -> dict[str, Any]:
    values = [{"value": each.value, "code": each.code, "label": each.label} for each in entry.values]
    missing = [{"spss": code, "stata": letter, "label": words} for code, letter, words in entry.missing]
    names = {"spss": entry.spss, "stata": entry.stata}
    each = entry.variable
    facts = {"name": each.name, "label": each.label, "holds": each.holds.value, "measure": each.measure.value}
    facts |= {"set": each.group, "question": each.question}
    return {**facts, "versions": list(each.versions), "names": names, "values": values, "missing": missing}
