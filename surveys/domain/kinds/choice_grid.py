"""Several rows, and for each row any number of the same choices: a matrix of check boxes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.language import noted
from surveys.domain.cells import Cell, Cells, Choice, Fault, Posted, Reading, values_of
from surveys.domain.choice_lists import list_faults, one_row, two_choices
from surveys.domain.kinds.multiple_choice import TAKEN
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, RowTally, Tally, shares_of


@dataclass(frozen=True, kw_only=True)
class ChoiceGrid(Question):
    """Any of `choices` for each of `rows`; an exclusive choice goes with no other in its row."""

    kind: ClassVar[str] = "matrix_multiple"
    title: ClassVar[str] = "Matrix: several choices a row"
    group: ClassVar[KindGroup] = KindGroup.MATRIX
    chart: ClassVar[str] = "grid"
    ops: ClassVar[frozenset[Op]] = frozenset({Op.HAS, Op.ANSWERED})
    lists: ClassVar[tuple[str, ...]] = ("rows",)

    rows: tuple[Choice, ...]
    choices: tuple[Choice, ...]

    @property
    def offered(self) -> tuple[Choice, ...]:
        """What can be chosen in each row."""
        return self.choices

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """A row and two answers to be worded."""
        return {"rows": one_row(), "choices": two_choices()}

    def faults(self) -> Iterator[Flaw]:
        """Lists that cannot be offered."""
        yield from super().faults()
        yield from list_faults("rows", self.rows)
        yield from list_faults("choices", self.choices)

    def operands(self) -> frozenset[str]:
        """The names of the choices."""
        return frozenset(choice.name for choice in self.choices)

    def rule_rows(self) -> frozenset[str]:
        """The names of the rows."""
        return frozenset(row.name for row in self.rows)

    def field(self, row: Choice) -> str:
        """The name of the form fields of a row."""
        return f"{self.name}-{row.name}"

    def take(self, posted: Posted) -> Reading:
        """Take the names row by row, in the order of the definition; a required one needs an answer in every row."""
        cells: list[Cell] = []
        faults: list[Fault] = []
        for row in self.rows:
            given = values_of(posted, self.field(row))
            fault = self._fault(row, given)
            faults += [fault] if fault else []
            cells += [Cell(row=row.name, value=choice.name) for choice in self.choices if choice.name in given]
        return Reading(faults=tuple(faults)) if faults else Reading(tuple(cells))

    def _fault(self, row: Choice, given: list[str]) -> Fault | None:
        if not given:
            text = noted("Please choose an answer for “{row}”.")
            return Fault(self.field(row), text, {"row": row.label}) if self.required else None
        if not set(given) <= self.operands():
            return Fault(self.field(row), "Please choose among the answers shown.")
        alone = [choice.label for choice in self.choices if choice.exclusive and choice.name in given]
        if alone and len(given) > 1:
            return Fault(self.field(row), "“{none}” cannot go together with other answers.", {"none": alone[0]})
        return None

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The chosen names of each row."""
        return {
            f"{self.name}-{row}": [cell.value for cell in cells if cell.row == row]
            for row in dict.fromkeys(cell.row for cell in cells)
        }

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """For each row a share for each choice, of those who answered the question."""
        return Tally(base, rows=tuple(self._row(row, frequencies, base) for row in self.rows))

    def _row(self, row: Choice, frequencies: Sequence[Frequency], base: float) -> RowTally:
        own = [each for each in frequencies if each.row == row.name]
        return RowTally(row.name, row.label, Tally(base, shares_of(self.choices, own, base)))

    def columns(self) -> tuple[Column, ...]:
        """One column for each choice of each row (1 or 0)."""
        return tuple(
            Column(
                f"{self.name}_{row.name}_{choice.name}",
                f"{self.text} – {row.label} – {choice.label}",
                labels=TAKEN,
                group=f"{self.name}_{row.name}",
            )
            for row in self.rows
            for choice in self.choices
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """1 or 0 for each choice of each row where the question was answered."""
        taken = {(cell.row, cell.value) for cell in cells}
        return tuple(
            int((row.name, choice.name) in taken) if cells else "" for row in self.rows for choice in self.choices
        )
