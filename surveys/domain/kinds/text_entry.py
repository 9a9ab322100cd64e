"""Words of the person's own, one line or several, and a statement that only tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cell, Cells, Fault, Posted, Reading, words_of
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.tallies import Frequency, Tally

LONGEST_ANSWER = 20_000


@dataclass(frozen=True, kw_only=True)
class ShortText(Question):
    """One line of at most `longest` characters."""

    kind: ClassVar[str] = "text"
    title: ClassVar[str] = "Short text"
    chart: ClassVar[str] = "texts"
    single_input: ClassVar[bool] = True
    lines: ClassVar[bool] = False

    longest: int = 200

    def faults(self) -> Iterator[Flaw]:
        """A length that cannot be kept."""
        yield from super().faults()
        if not 0 < self.longest <= LONGEST_ANSWER:
            yield _("“longest” must be 1 to {most} characters.").format(most=LONGEST_ANSWER), _("Shorten it.")

    def take(self, posted: Posted) -> Reading:
        """Take the words as they were written, tidied and with card numbers masked."""
        words = words_of(posted, self.name, lines=self.lines)
        if not words:
            faults = (Fault(self.name, "Please write an answer."),) if self.required else ()
            return Reading(faults=faults)
        if len(words) > self.longest:
            values = {"most": self.longest, "now": len(words)}
            text = noted("Please write at most {most} characters; it is {now} now.")
            return Reading(faults=(Fault(self.name, text, values),))
        return Reading((Cell(text=words),))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The words."""
        return {self.name: [cell.text or "" for cell in cells]} if cells else {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:  # noqa: ARG002 - words are read, not counted
        """How many wrote something."""
        return Tally(base, texts=base)

    def columns(self) -> tuple[Column, ...]:
        """The words."""
        return (Column(self.name, self.text, Measure.TEXT),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The words."""
        return ((cells[0].text or "") if cells else "",)


@dataclass(frozen=True, kw_only=True)
class LongText(ShortText):
    """Several lines of at most `longest` characters in all."""

    kind: ClassVar[str] = "long_text"
    title: ClassVar[str] = "Long text"
    lines: ClassVar[bool] = True

    longest: int = 4000


@dataclass(frozen=True, kw_only=True)
class Statement(Question):
    """Text between questions; nothing is asked and nothing stored."""

    kind: ClassVar[str] = "statement"
    title: ClassVar[str] = "Statement, nothing asked"
    group: ClassVar[KindGroup] = KindGroup.OTHER
    chart: ClassVar[str] = "none"
    answerable: ClassVar[bool] = False

    def take(self, posted: Posted) -> Reading:  # noqa: ARG002 - whatever is posted
        """Nothing, whatever is posted."""
        return Reading()

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:  # noqa: ARG002 - there are none
        """No field."""
        return {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:  # noqa: ARG002 - there are none
        """Nothing to count."""
        return Tally(base)

    def columns(self) -> tuple[Column, ...]:
        """No column."""
        return ()

    def values(self, cells: Cells) -> tuple[Exported, ...]:  # noqa: ARG002 - there are none
        """No value."""
        return ()
