"""What kinds share that give each of several choices a number of its own: a place, or a part of a total."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from surveys.domain.cells import Cells, Choice
from surveys.domain.choice_lists import list_faults, two_choices
from surveys.domain.kinds.rating_scale import NUMBER_OPS
from surveys.domain.questions import Column, Exported, Flaw, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, RowTally, Tally, exported, plain


@dataclass(frozen=True, kw_only=True)
class NumbersByChoice(Question):
    """Each of `choices` has a field, an answer and a column of its own."""

    ops: ClassVar[frozenset[Op]] = NUMBER_OPS
    lists: ClassVar[tuple[str, ...]] = ("choices",)
    measure: ClassVar[Measure]

    choices: tuple[Choice, ...]

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The choices, each of which has an answer of its own."""
        return self.choices

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """Two things to be worded."""
        return {"choices": two_choices()}

    def faults(self) -> Iterator[Flaw]:
        """A list that cannot be offered."""
        yield from super().faults()
        yield from list_faults("choices", self.choices)

    def rule_rows(self) -> frozenset[str]:
        """The names of the choices: a rule asks for the number of one of them."""
        return frozenset(choice.name for choice in self.choices)

    def field(self, choice: Choice) -> str:
        """The name of a choice's form field."""
        return f"{self.name}-{choice.name}"

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """One field a choice."""
        return {f"{self.name}-{cell.row}": [plain(cell.number or 0.0)] for cell in cells}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A tally for each choice, on the number of responses that gave it a number."""
        return Tally(base, rows=tuple(self._row(choice, frequencies) for choice in self.choices))

    def _row(self, choice: Choice, frequencies: Sequence[Frequency]) -> RowTally:
        own = [each for each in frequencies if each.row == choice.name]
        return RowTally(choice.name, choice.label, self.counted(own, sum(each.count for each in own)))

    @abstractmethod
    def counted(self, own: Sequence[Frequency], base: float) -> Tally:
        """The tally of one choice."""

    def columns(self) -> tuple[Column, ...]:
        """One column a choice."""
        return tuple(
            Column(f"{self.name}_{choice.name}", f"{self.text} – {choice.label}", self.measure)
            for choice in self.choices
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The number of each choice."""
        given = {cell.row: cell.number for cell in cells}
        return tuple(exported(given.get(choice.name)) for choice in self.choices)
