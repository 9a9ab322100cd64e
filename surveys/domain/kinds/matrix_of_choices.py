"""What matrices share whose rows are answered by choosing: lists, fields, and reading and counting row by row."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.language import noted
from surveys.domain.cells import Cell, Choice, Fault, Posted, Reading, values_of
from surveys.domain.choice_lists import list_faults
from surveys.domain.questions import Flaw, KindGroup, Question
from surveys.domain.tallies import Frequency, RowTally, Tally


@dataclass(frozen=True, kw_only=True)
class MatrixOfChoices(Question):
    """The same answers are offered in each of `rows`."""

    group: ClassVar[KindGroup] = KindGroup.MATRIX
    lists: ClassVar[tuple[str, ...]] = ("rows",)

    rows: tuple[Choice, ...]

    @property
    @abstractmethod
    def offered(self) -> tuple[Choice, ...]:
        """What can be chosen in each row."""

    def faults(self) -> Iterator[Flaw]:
        """Rows that cannot be offered."""
        yield from super().faults()
        yield from list_faults("rows", self.rows)

    def operands(self) -> frozenset[str]:
        """The names of what can be chosen."""
        return frozenset(choice.name for choice in self.offered)

    def rule_rows(self) -> frozenset[str]:
        """The names of the rows."""
        return frozenset(row.name for row in self.rows)

    def field(self, row: Choice) -> str:
        """The name of the form fields of a row."""
        return f"{self.name}-{row.name}"

    def take(self, posted: Posted) -> Reading:
        """Take the names row by row, in the order of the definition; a required one needs an answer in every row."""
        given = [(row, values_of(posted, self.field(row))) for row in self.rows]
        faults = tuple(fault for row, chosen in given if (fault := self._fault(row, chosen)))
        cells = (cell for row, chosen in given for cell in self.taken(row, chosen))
        return Reading(faults=faults) if faults else Reading(tuple(cells))

    def _fault(self, row: Choice, chosen: list[str]) -> Fault | None:
        if chosen:
            return self.unfit(row, chosen)
        text = noted("Please choose an answer for “{row}”.")
        return Fault(self.field(row), text, {"row": row.label}) if self.required else None

    @abstractmethod
    def unfit(self, row: Choice, chosen: list[str]) -> Fault | None:
        """What is wrong with what was chosen in a row."""

    @abstractmethod
    def taken(self, row: Choice, chosen: list[str]) -> Sequence[Cell]:
        """The answer of a row."""

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A tally for each row."""
        return Tally(base, rows=tuple(self._row(row, frequencies, base) for row in self.rows))

    def _row(self, row: Choice, frequencies: Sequence[Frequency], base: float) -> RowTally:
        own = [each for each in frequencies if each.row == row.name]
        return RowTally(row.name, row.label, self.counted(own, base))

    @abstractmethod
    def counted(self, own: Sequence[Frequency], base: float) -> Tally:
        """The tally of one row; `base` is how many answered the question."""
