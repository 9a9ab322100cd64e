"""A total shared out among several things, such as 100 points among features."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cell, Choice, Fault, Posted, Reading, values_of
from surveys.domain.kinds.number_entry import number_in
from surveys.domain.kinds.numbers_by_choice import NumbersByChoice
from surveys.domain.questions import Flaw, Measure
from surveys.domain.tallies import Frequency, Tally, numbered, plain

LARGEST_TOTAL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ConstantSum(NumbersByChoice):
    """Numbers from 0 for each of `choices` that add up to `total` exactly; `unit` stands behind each field."""

    kind: ClassVar[str] = "sum"
    title: ClassVar[str] = "Constant sum"
    labels: ClassVar[Mapping[str, str]] = {"total": "What the numbers add up to", "decimals": "Fractions as well"}
    chart: ClassVar[str] = "means"
    measure: ClassVar[Measure] = Measure.SCALE

    total: int = 100
    unit: str = ""
    decimals: bool = False

    def faults(self) -> Iterator[Flaw]:
        """A list or a total that cannot be shared out."""
        yield from super().faults()
        if not 0 < self.total <= LARGEST_TOTAL:
            yield _("“total” must be 1 to {most}.").format(most=LARGEST_TOTAL), _("Use 100 for shares in percent.")

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

    def counted(self, own: Sequence[Frequency], base: float) -> Tally:
        """The mean, median and standard deviation of what a choice got."""
        return numbered(base, (), own)
