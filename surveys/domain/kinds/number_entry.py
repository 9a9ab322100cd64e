"""A number that the person writes, within limits and steps."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation, localcontext
from typing import ClassVar

from core.language import gettext as _
from surveys.domain.cells import Cell, Cells, Fault, Posted, Reading, values_of
from surveys.domain.kinds.rating_scale import NUMBER_OPS
from surveys.domain.questions import OLDEST, Column, Exported, Flaw, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, distribution, exported, numbered, plain

LARGEST = 10**12 - 1
LONGEST_NUMBER = 40
EXACT_DIGITS = 400
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
"""“1,000” is a thousand to some and one to others: it is asked again rather than guessed."""


@dataclass(frozen=True, kw_only=True)
class NumberEntry(Question):
    """A number from `least` to `most` in steps of `step` counted from `least`; `unit` stands behind the field.

    With `age` it is the person's own age in years.
    """

    kind: ClassVar[str] = "number"
    title: ClassVar[str] = "Number"
    chart: ClassVar[str] = "bars"
    ops: ClassVar[frozenset[Op]] = NUMBER_OPS
    single_input: ClassVar[bool] = True
    labels: ClassVar[Mapping[str, str]] = {"age": "It is the person's age: children are not asked on"}

    least: float | None = None
    most: float | None = None
    step: float | None = None
    integer: bool = False
    unit: str = ""
    age: bool = False

    def faults(self) -> Iterator[Flaw]:
        """Limits that no number meets."""
        yield from super().faults()
        if self.least is not None and self.most is not None and self.least > self.most:
            yield _("“least” is more than “most”."), _("Exchange them.")
        if self.step is not None and self.step <= 0:
            yield _("“step” must be more than 0."), _("Leave it out for any.")

    @property
    def limits(self) -> Mapping[str, str]:
        """The limits as the browser's own check writes them: min, max, step."""
        step = "1" if self.integer and self.step is None else "any" if self.step is None else plain(self.step)
        given = {"min": self.least, "max": self.most}
        return {"step": step, **{key: plain(value) for key, value in given.items() if value is not None}}

    def take(self, posted: Posted) -> Reading:
        """Take a number written with a point or a comma; digits of any script."""
        given = values_of(posted, self.name)
        if not given:
            return self._faulty("Please write a number.") if self.required else Reading()
        number = number_in(given[0]) if len(given) == 1 else None
        if number is None:
            return self._faulty("Please write a number, such as 12 or 3.5.")
        return self._within(number)

    def _within(self, number: Decimal) -> Reading:
        if self.integer and number != number.to_integral_value():
            return self._faulty("Please write a whole number.")
        if self.least is not None and number < _exact(self.least):
            return self._faulty("Please write {least} or more.", least=plain(self.least))
        if self.most is not None and number > _exact(self.most):
            return self._faulty("Please write {most} or less.", most=plain(self.most))
        if self.step and not self._is_a_step(number):
            return self._faulty("Please write a number in steps of {step}.", step=plain(self.step))
        return Reading((Cell(number=float(number)),))

    def _is_a_step(self, number: Decimal) -> bool:
        """Counted exactly: many digits of a small step fit into a large number."""
        with localcontext(prec=EXACT_DIGITS):
            return not (number - _exact(self.least or 0.0)) % _exact(self.step or 1.0)

    def _faulty(self, text: str, **values: object) -> Reading:
        return Reading(faults=(Fault(self.name, text, values),))

    def oldest(self, cells: Cells, today: date) -> int | None:  # noqa: ARG002 - a number of years whatever the day
        """The age that was written."""
        return int(cells[0].number) if self.age and cells and cells[0].number is not None else None

    def told_wrong(self, cells: Cells, today: date) -> bool:  # noqa: ARG002 - a number of years whatever the day
        """An age that nobody has: below 0, beyond belief, or not whole."""
        years = cells[0].number if self.age and cells else None
        return years is not None and not (0 <= years <= OLDEST and years == int(years))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The number."""
        return {self.name: [plain(cell.number or 0.0) for cell in cells]} if cells else {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """The distribution, mean, median and standard deviation."""
        return numbered(base, distribution(frequencies, base), frequencies)

    def columns(self) -> tuple[Column, ...]:
        """The number."""
        return (Column(self.name, self.text, Measure.SCALE),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The number."""
        return (exported(cells[0].number) if cells else "",)


def number_in(written: str) -> Decimal | None:
    """The number somebody wrote; None for anything else, also for infinities and numbers of 13 digits (P8)."""
    tidy = written.replace("\u2212", "-").replace("\u066b", ".")
    if len(tidy) > LONGEST_NUMBER or "_" in tidy or THOUSANDS.fullmatch(tidy):
        return None
    if "," in tidy and "." not in tidy and tidy.count(",") == 1:
        tidy = tidy.replace(",", ".")
    try:
        number = Decimal(tidy)
    except InvalidOperation:
        return None
    return number if number.is_finite() and -LARGEST <= number <= LARGEST else None


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))
