"""Words of the person's own, one line or several, and a statement that only tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from surveys.domain.cells import Cell, Cells, Fault, Posted, Reading, words_of
from surveys.domain.questions import Column, Exported, Question
from surveys.domain.tallies import Frequency, Tally


@dataclass(frozen=True, kw_only=True)
class ShortText(Question):
    """One line of at most `longest` characters."""

    kind: ClassVar[str] = "text"
    chart: ClassVar[str] = "texts"
    single_input: ClassVar[bool] = True
    lines: ClassVar[bool] = False

    longest: int = 200

    def read(self, posted: Posted) -> Reading:
        """Take the words as they were written, tidied and with card numbers masked."""
        words = words_of(posted, self.name, lines=self.lines)
        if not words:
            faults = (Fault(self.name, "Please write an answer."),) if self.required else ()
            return Reading(faults=faults)
        if len(words) > self.longest:
            values = {"most": self.longest, "now": len(words)}
            text = "Please write at most {most} characters; it is {now} now."
            return Reading(faults=(Fault(self.name, text, values),))
        return Reading((Cell(text=words),))

    def fields(self, cells: Cells) -> Mapping[str, list[str]]:
        """The words."""
        return {self.name: [cell.text or "" for cell in cells]} if cells else {}

    def tally(self, frequencies: Sequence[Frequency], base: int) -> Tally:  # noqa: ARG002 - words are read, not counted
        """How many wrote something."""
        return Tally(base, texts=base)

    def columns(self) -> tuple[Column, ...]:
        """The words."""
        return (Column(self.name, self.text),)

    def export(self, cells: Cells) -> tuple[Exported, ...]:
        """The words."""
        return ((cells[0].text or "") if cells else "",)


@dataclass(frozen=True, kw_only=True)
class LongText(ShortText):
    """Several lines of at most `longest` characters in all."""

    kind: ClassVar[str] = "long_text"
    lines: ClassVar[bool] = True

    longest: int = 4000


@dataclass(frozen=True, kw_only=True)
class Statement(Question):
    """Text between questions; nothing is asked and nothing stored."""

    kind: ClassVar[str] = "statement"
    chart: ClassVar[str] = "none"
    answerable: ClassVar[bool] = False

    def read(self, posted: Posted) -> Reading:  # noqa: ARG002 - whatever is posted
        """Nothing, whatever is posted."""
        return Reading()

    def fields(self, cells: Cells) -> Mapping[str, list[str]]:  # noqa: ARG002 - there are none
        """No field."""
        return {}

    def tally(self, frequencies: Sequence[Frequency], base: int) -> Tally:  # noqa: ARG002 - there are none
        """Nothing to count."""
        return Tally(base)

    def columns(self) -> tuple[Column, ...]:
        """No column."""
        return ()

    def export(self, cells: Cells) -> tuple[Exported, ...]:  # noqa: ARG002 - there are none
        """No value."""
        return ()
