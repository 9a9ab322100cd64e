"""A total shared out among several things, such as 100 points among features."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cell, Cells, Choice, Fault, Posted, Reading, values_of
from surveys.domain.choice_lists import list_faults, two_choices
from surveys.domain.kinds.number_entry import number_in
from surveys.domain.kinds.rating_scale import NUMBER_OPS
from surveys.domain.questions import Column, Exported, Flaw, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, RowTally, Tally, exported, numbered, plain

LARGEST_TOTAL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ConstantSum(Question):
    """Numbers from 0 for each of `choices` that add up to `total` exactly; `unit` stands behind each field."""

    kind: ClassVar[str] = "sum"
    title: ClassVar[str] = "Constant sum"
    labels: ClassVar[Mapping[str, str]] = {"total": "What the numbers add up to", "decimals": "Fractions as well"}
    chart: ClassVar[str] = "means"
    ops: ClassVar[frozenset[Op]] = NUMBER_OPS
    lists: ClassVar[tuple[str, ...]] = ("choices",)

    choices: tuple[Choice, ...]
    total: int = 100
    unit: str = ""
    decimals: bool = False

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The choices, each of which has an answer of its own."""
        return self.choices

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """Two things to be worded."""
        return {"choices": two_choices()}

    def faults(self) -> Iterator[Flaw]:
        """A list or a total that cannot be shared out."""
        yield from super().faults()
        yield from list_faults("choices", self.choices)
        if not 0 < self.total <= LARGEST_TOTAL:
            yield _("“total” must be 1 to {most}.").format(most=LARGEST_TOTAL), _("Use 100 for shares in percent.")

    def rule_rows(self) -> frozenset[str]:
        """The names of the choices."""
        return frozenset(choice.name for choice in self.choices)

    def field(self, choice: Choice) -> str:
        """The name of a choice's form field."""
        return f"{self.name}-{choice.name}"

    def take(self, posted: Posted) -> Reading:
        """Take a number for each choice; an empty field counts 0 as soon as another one is filled."""
        written = {choice: values_of(posted, self.field(choice)) for choice in self.choices}
        if not any(written.values()):
            owed = Fault(self.name, "Please share out {total}.", {"total": self.total})
            return Reading(faults=(owed,) if self.required else ())
        parts = {choice: self._part(given) for choice, given in written.items()}
        faults = tuple(self._unfit(choice) for choice, part in parts.items() if part is None)
        if faults:
            return Reading(faults=faults)
        given = {choice: part for choice, part in parts.items() if part is not None}
        together = sum(given.values(), Decimal(0))
        if together != self.total:
            text = noted("The numbers add up to {sum} now; please make them add up to {total}.")
            return Reading(faults=(Fault(self.name, text, {"sum": plain(float(together)), "total": self.total}),))
        return Reading(tuple(Cell(row=choice.name, number=float(part)) for choice, part in given.items()))

    def _part(self, given: list[str]) -> Decimal | None:
        number = number_in(given[0]) if len(given) == 1 else None if given else Decimal(0)
        whole = number is not None and (self.decimals or number == number.to_integral_value())
        return number if number is not None and whole and 0 <= number <= self.total else None

    def _unfit(self, choice: Choice) -> Fault:
        values = {"total": self.total, "label": choice.label}
        if self.decimals:
            return Fault(self.field(choice), "Please write a number from 0 to {total} for “{label}”.", values)
        return Fault(self.field(choice), "Please write a whole number from 0 to {total} for “{label}”.", values)

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """One field a choice."""
        return {f"{self.name}-{cell.row}": [plain(cell.number or 0.0)] for cell in cells}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """For each choice the mean, median and standard deviation of what it got."""
        return Tally(base, rows=tuple(self._row(choice, frequencies) for choice in self.choices))

    def _row(self, choice: Choice, frequencies: Sequence[Frequency]) -> RowTally:
        own = [each for each in frequencies if each.row == choice.name]
        base = sum(each.count for each in own)
        return RowTally(choice.name, choice.label, numbered(base, (), own))

    def columns(self) -> tuple[Column, ...]:
        """One column a choice."""
        return tuple(
            Column(f"{self.name}_{choice.name}", f"{self.text} – {choice.label}", Measure.SCALE)
            for choice in self.choices
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """What each choice got."""
        given = {cell.row: cell.number for cell in cells}
        return tuple(exported(given.get(choice.name)) for choice in self.choices)
