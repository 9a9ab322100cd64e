"""Several rows with fields to write into: matrices of words and of numbers."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from surveys.domain.cells import Cell, Cells, Choice, Fault, Posted, Reading
from surveys.domain.choice_lists import list_faults, one_row
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.rating_scale import NUMBER_OPS
from surveys.domain.kinds.text_entry import ShortText
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, RowTally, Tally


@dataclass(frozen=True, kw_only=True)
class EntryGrid(Question):
    """A field for each of `across` in each of `rows`; every field is read as a question of its own."""

    group: ClassVar[KindGroup] = KindGroup.MATRIX
    labels: ClassVar[Mapping[str, str]] = {"across": "Fields of each row"}
    lists: ClassVar[tuple[str, ...]] = ("rows",)
    measure: ClassVar[Measure]

    rows: tuple[Choice, ...]
    across: tuple[Choice, ...]

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """A row and a field to be worded."""
        return {"rows": one_row(), "across": [{"name": "value", "label": "Value"}]}

    @abstractmethod
    def entry(self, row: Choice, part: Choice) -> ShortText | NumberEntry:
        """The question that one field asks."""

    def field(self, row: Choice, part: Choice) -> str:
        """The name of a form field."""
        return f"{self.name}-{row.name}-{part.name}"

    def faults(self) -> Iterator[Flaw]:
        """Lists that cannot be offered, and what is wrong with the fields."""
        yield from super().faults()
        yield from list_faults("rows", self.rows)
        yield from list_faults("across", self.across)
        if self.rows and self.across:
            yield from self.entry(self.rows[0], self.across[0]).faults()

    def rule_rows(self) -> frozenset[str]:
        """The names of the rows."""
        return frozenset(row.name for row in self.rows)

    def take(self, posted: Posted) -> Reading:
        """Take every field; a required matrix needs each of them."""
        cells: list[Cell] = []
        faults: list[Fault] = []
        for row, part in self._fields():
            reading = self.entry(row, part).take(posted)
            cells += [replace(cell, row=row.name, value=part.name) for cell in reading.cells]
            faults += reading.faults
        return Reading(faults=tuple(faults)) if faults else Reading(tuple(cells))

    def _fields(self) -> list[tuple[Choice, Choice]]:
        return [(row, part) for row in self.rows for part in self.across]

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """One field for each cell."""
        found: dict[str, list[str]] = {}
        kept = {(cell.row, cell.value): cell for cell in cells}
        for row, part in self._fields():
            cell = kept.get((row.name, part.name))
            found |= self.entry(row, part).posting((cell,)) if cell else {}
        return found

    def columns(self) -> tuple[Column, ...]:
        """One column for each field."""
        return tuple(
            Column(f"{self.name}_{row.name}_{part.name}", f"{self.text} – {row.label} – {part.label}", self.measure)
            for row, part in self._fields()
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """What each field holds."""
        kept = {(cell.row, cell.value): cell for cell in cells}
        found: list[Exported] = []
        for row, part in self._fields():
            cell = kept.get((row.name, part.name))
            found += self.entry(row, part).values((cell,) if cell else ())
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class TextGrid(EntryGrid):
    """Words in each field, at most `longest` characters."""

    kind: ClassVar[str] = "matrix_text"
    title: ClassVar[str] = "Matrix: words"
    chart: ClassVar[str] = "texts"
    measure: ClassVar[Measure] = Measure.TEXT

    longest: int = 200

    def entry(self, row: Choice, part: Choice) -> ShortText:
        """A short text."""
        name, text = self.field(row, part), f"{row.label} – {part.label}"
        return ShortText(name=name, text=text, required=self.required, longest=self.longest)

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """How many wrote something."""
        return Tally(base, texts=sum(each.count for each in frequencies))


@dataclass(frozen=True, kw_only=True)
class NumberGrid(EntryGrid):
    """A number in each field, from `least` to `most`; `integer` for whole numbers only."""

    kind: ClassVar[str] = "matrix_number"
    title: ClassVar[str] = "Matrix: numbers"
    chart: ClassVar[str] = "means"
    ops: ClassVar[frozenset[Op]] = NUMBER_OPS
    measure: ClassVar[Measure] = Measure.SCALE

    least: float | None = None
    most: float | None = None
    integer: bool = False
    unit: str = ""

    def entry(self, row: Choice, part: Choice) -> NumberEntry:
        """A number."""
        name, text = self.field(row, part), f"{row.label} – {part.label}"
        return NumberEntry(
            name=name, text=text, required=self.required, least=self.least, most=self.most, integer=self.integer
        )

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """Mean, median and deviation of each field."""
        return Tally(base, rows=tuple(self._row(row, part, frequencies) for row, part in self._fields()))

    def _row(self, row: Choice, part: Choice, frequencies: Sequence[Frequency]) -> RowTally:
        own = [each for each in frequencies if (each.row, each.value) == (row.name, part.name)]
        tally = self.entry(row, part).count(own, sum(each.count for each in own))
        return RowTally(f"{row.name}_{part.name}", f"{row.label} – {part.label}", replace(tally, shares=()))
