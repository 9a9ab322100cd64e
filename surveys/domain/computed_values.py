"""A value that an expression works out from answers: nobody is asked, and it is counted and exported as answers are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from surveys.domain.cells import Cell, Cells, Posted, Reading
from surveys.domain.expressions.sights import Value
from surveys.domain.expressions.speaking import LONGEST_VALUE
from surveys.domain.questions import Column, Exported, KindGroup, Measure, Question
from surveys.domain.tallies import Frequency, Tally, deviation_of, distribution, exported, mean_of, median_of, shares_of

LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class ComputedValue(Question):
    """A number, name, day or text; nothing that is posted can be one."""

    kind: ClassVar[str] = "computed"
    group: ClassVar[KindGroup] = KindGroup.OTHER

    def take(self, posted: Posted) -> Reading:  # noqa: ARG002 - whatever is posted
        """Nothing, whatever is posted."""
        return Reading()

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:  # noqa: ARG002 - there are none
        """No field."""
        return {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """The distribution of numbers, or a share for each name."""
        if any(each.number is not None for each in frequencies):
            shares = distribution(frequencies, base)
            mean, median, deviation = mean_of(frequencies), median_of(frequencies), deviation_of(frequencies)
            return Tally(base, shares, mean=mean, median=median, deviation=deviation)
        named = [each for each in frequencies if each.value]
        return Tally(base, shares_of((), named, base), texts=round(base - sum(each.count for each in named)))

    def columns(self) -> tuple[Column, ...]:
        """The value."""
        return (Column(self.name, self.text, Measure.NOMINAL),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The value."""
        if not cells:
            return ("",)
        return (exported(cells[0].number) if cells[0].number is not None else cells[0].text or cells[0].value,)


def cells_of(value: Value) -> Cells:
    """How a value is stored: numbers as numbers, short plain names as choices are, everything else as words."""
    if value is None or value == frozenset():
        return ()
    if isinstance(value, bool):
        return (Cell(value="yes" if value else "no"),)
    if isinstance(value, (int, float)):
        return (Cell(number=float(value)),)
    if isinstance(value, date):
        return (Cell(value=value.isoformat()),)
    if isinstance(value, frozenset):
        return (Cell(text=", ".join(sorted(str(each) for each in value))),)
    named = len(value) <= LONGEST_NAME and value.isascii() and value.replace("_", "").isalnum()
    return (Cell(value=value),) if named else (Cell(text=value[:LONGEST_VALUE]),) if value else ()
