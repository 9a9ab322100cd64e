"""A code that comes along with the survey's link, such as where it was found; nobody is asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.cards import is_like_a_card
from surveys.domain.cells import Cell, Cells, Posted, Reading, values_of
from surveys.domain.questions import Column, Exported, KindGroup, Question
from surveys.domain.tallies import Frequency, Tally, shares_of

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


@dataclass(frozen=True, kw_only=True)
class HiddenValue(Question):
    """A code of letters, digits, points and dashes, at most 40 of them; anything else is not kept.

    The person did not write it and cannot mend it, so there is never a fault.
    """

    kind: ClassVar[str] = "hidden"
    title: ClassVar[str] = "Hidden value from the link"
    group: ClassVar[KindGroup] = KindGroup.OTHER

    def take(self, posted: Posted) -> Reading:
        """Take the first code."""
        found = [code for code in values_of(posted, self.name) if CODE.fullmatch(code) and not is_like_a_card(code)]
        return Reading((Cell(value=found[0]),) if found else ())

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The code."""
        return {self.name: [cell.value for cell in cells]} if cells else {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each code."""
        return Tally(base, shares_of((), frequencies, base))

    def columns(self) -> tuple[Column, ...]:
        """The code."""
        return (Column(self.name, self.text),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The code."""
        return (cells[0].value if cells else "",)
