"""Several rows, and for each row any number of the same choices: a matrix of check boxes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from surveys.domain.cells import Cell, Cells, Choice, Fault
from surveys.domain.choice_lists import list_faults, one_row, two_choices
from surveys.domain.kinds.matrix_of_choices import MatrixOfChoices
from surveys.domain.kinds.multiple_choice import TAKEN
from surveys.domain.questions import Column, Exported, Flaw
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, shares_of


@dataclass(frozen=True, kw_only=True)
class ChoiceGrid(MatrixOfChoices):
    """Any of `choices` for each of `rows`; an exclusive choice goes with no other in its row."""

    kind: ClassVar[str] = "matrix_multiple"
    title: ClassVar[str] = "Matrix: several choices a row"
    chart: ClassVar[str] = "grid"
    ops: ClassVar[frozenset[Op]] = frozenset({Op.HAS, Op.ANSWERED})

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
        yield from list_faults("choices", self.choices)

    def unfit(self, row: Choice, chosen: list[str]) -> Fault | None:
        """Names that are not offered, and what does not go together."""
        if not self.operands().issuperset(chosen):
            return Fault(self.field(row), "Please choose among the answers shown.")
        alone = [choice.label for choice in self.choices if choice.exclusive and choice.name in chosen]
        if alone and len(chosen) > 1:
            return Fault(self.field(row), "“{none}” cannot go together with other answers.", {"none": alone[0]})
        return None

    def taken(self, row: Choice, chosen: list[str]) -> Sequence[Cell]:
        """A cell for each choice."""
        return [Cell(row=row.name, value=choice.name) for choice in self.choices if choice.name in chosen]

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The chosen names of each row."""
        return {
            f"{self.name}-{row}": [cell.value for cell in cells if cell.row == row]
            for row in dict.fromkeys(cell.row for cell in cells)
        }

    def counted(self, own: Sequence[Frequency], base: float) -> Tally:
        """A share for each choice, of those who answered the question."""
        return Tally(base, shares_of(self.choices, own, base))

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
