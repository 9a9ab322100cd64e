"""A whole number on a scale: stars or numbers from one, and the recommendation question from 0 to 10 (NPS)."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from core.language import gettext as _
from surveys.domain.cells import Cell, Cells, Fault, Posted, Reading, values_of
from surveys.domain.intervals import net_promoter
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, exported, number_shares, numbered, plain

NUMBER_OPS = frozenset({Op.IS, Op.IS_NOT, Op.GREATER, Op.LESS, Op.ANSWERED})
HIGHEST_NPS = 10
SCALE_ENDS = range(2, 11)
FACES = {2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
PROMOTER = 9
DETRACTOR = 6


@dataclass(frozen=True, kw_only=True)
class Scale(Question):
    """A whole number out of `numbers`; `low` and `high` say in words what the ends mean."""

    group: ClassVar[KindGroup] = KindGroup.RATING
    ops: ClassVar[frozenset[Op]] = NUMBER_OPS

    low: str = ""
    high: str = ""

    @property
    @abstractmethod
    def numbers(self) -> range:
        """The numbers that can be chosen, in order."""

    def take(self, posted: Posted) -> Reading:
        """Take one of the numbers, in its plain spelling."""
        chosen = values_of(posted, self.name)
        if not chosen:
            faults = (Fault(self.name, "Please choose an answer."),) if self.required else ()
            return Reading(faults=faults)
        spelled = {str(number): number for number in self.numbers}
        if len(chosen) > 1 or chosen[0] not in spelled:
            return Reading(faults=(Fault(self.name, "Please choose one of the numbers shown."),))
        return Reading((Cell(number=float(spelled[chosen[0]])),))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The number."""
        return {self.name: [plain(cell.number or 0.0) for cell in cells]} if cells else {}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each number, mean, median and standard deviation."""
        return numbered(base, number_shares(self.numbers, frequencies, base), frequencies)

    def columns(self) -> tuple[Column, ...]:
        """The number."""
        ends = {self.numbers[0]: self.low, self.numbers[-1]: self.high}
        labels = tuple((number, label) for number, label in ends.items() if label)
        return (Column(self.name, self.text, Measure.SCALE, labels),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The number."""
        return (exported(cells[0].number) if cells else "",)


@dataclass(frozen=True, kw_only=True)
class Rating(Scale):
    """1 to `highest`, shown as numbers, as stars, or as smileys (up to 5 of them)."""

    kind: ClassVar[str] = "rating"
    title: ClassVar[str] = "Rating: numbers, stars or smileys"

    labels: ClassVar[Mapping[str, str]] = {"smileys": "Show smileys"}

    highest: int = 5
    stars: bool = False
    smileys: bool = False

    @property
    def numbers(self) -> range:
        """1 to `highest`."""
        return range(1, self.highest + 1)

    @property
    def moods(self) -> Mapping[int, int]:
        """For each number which of five faces stands for it, from 0 (very unhappy) to 4 (very happy)."""
        return dict(zip(self.numbers, FACES[self.highest], strict=True)) if self.smileys else {}

    def faults(self) -> Iterator[Flaw]:
        """A scale too short or too long."""
        yield from super().faults()
        if self.highest not in SCALE_ENDS:
            yield _("“highest” cannot be {number}.").format(number=self.highest), _("Use 2 to 10.")
        if self.smileys and (self.stars or self.highest not in FACES):
            yield _("Smileys go without stars and up to 5."), _("Choose one look, and 2 to 5 as the highest.")


@dataclass(frozen=True, kw_only=True)
class Recommendation(Scale):
    """How likely somebody is to recommend, 0 to 10: the net promoter score (Reichheld 2003)."""

    kind: ClassVar[str] = "nps"
    title: ClassVar[str] = "Recommendation, 0 to 10 (NPS)"
    chart: ClassVar[str] = "nps"

    @property
    def numbers(self) -> range:
        """0 to 10."""
        return range(HIGHEST_NPS + 1)

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """As for any scale, with the score: share of 9–10 less share of 0–6."""
        counted = super().count(frequencies, base)
        up = sum(share.count for share in counted.shares if int(share.name) >= PROMOTER)
        down = sum(share.count for share in counted.shares if int(share.name) <= DETRACTOR)
        everybody = sum(share.count for share in counted.shares)
        return replace(counted, nps=net_promoter(up, everybody - up - down, down))
