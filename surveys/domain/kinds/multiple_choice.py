"""Several choices of several: check boxes, with “other”, an exclusive “none of these”, and limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.language import gettext as _
from surveys.domain.cells import NONE, OTHER, Cell, Cells, Choice, Fault, Posted, Reading, values_of, words_of
from surveys.domain.choice_lists import list_faults, two_choices
from surveys.domain.kinds.single_choice import choice_fields, read_other
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, shares_of

TAKEN: tuple[tuple[Exported, str], ...] = ((0, "not chosen"), (1, "chosen"))


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(Question):
    """Any of `choices`, at least `least` and at most `most` (0: no limit); `none` excludes all others.

    So does each choice that is `exclusive`.
    """

    kind: ClassVar[str] = "multiple"
    title: ClassVar[str] = "Several choices"
    group: ClassVar[KindGroup] = KindGroup.CHOICE
    lists: ClassVar[tuple[str, ...]] = ("choices",)
    ops: ClassVar[frozenset[Op]] = frozenset({Op.HAS, Op.ANSWERED})

    choices: tuple[Choice, ...]
    other: str = ""
    none: str = ""
    least: int = 0
    most: int = 0

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices, then “other”, then “none of these”."""
        other = (Choice(OTHER, self.other),) if self.other else ()
        none = (Choice(NONE, self.none, exclusive=True),) if self.none else ()
        return (*self.choices, *other, *none)

    @property
    def pictured(self) -> bool:
        """Say whether there are pictures to choose among."""
        return any(choice.image for choice in self.offered)

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """Two answers to be worded."""
        return {"choices": two_choices()}

    def faults(self) -> Iterator[Flaw]:
        """A list that cannot be offered, and limits that cannot both be met."""
        yield from super().faults()
        taken = ([OTHER] if self.other else []) + ([NONE] if self.none else [])
        yield from list_faults("choices", self.choices, taken)
        count = len(self.choices) + bool(self.other)
        if not 0 <= self.least <= (self.most or count) <= count:
            yield _("“least” and “most” cannot both be met."), _("0 ≤ least ≤ most ≤ number of choices.")

    def operands(self) -> frozenset[str]:
        """The names of all choices."""
        return frozenset(choice.name for choice in self.offered)

    def take(self, posted: Posted) -> Reading:
        """Take the names in the order of the definition."""
        given = values_of(posted, self.name)
        words = words_of(posted, f"{self.name}-other") if self.other else ""
        if words and OTHER not in given:
            given.append(OTHER)
        if not given:
            return self._faulty("Please choose at least one answer.") if self.required else Reading()
        if not set(given) <= self.operands():
            return self._faulty("Please choose among the answers shown.")
        fault = self._limits(given)
        if fault:
            return Reading(faults=(fault,))
        return self._cells([choice.name for choice in self.offered if choice.name in given], words)

    def _faulty(self, text: str) -> Reading:
        return Reading(faults=(Fault(self.name, text),))

    def _limits(self, given: list[str]) -> Fault | None:
        alone = [choice for choice in self.offered if choice.exclusive and choice.name in given]
        if alone:
            text = "“{none}” cannot go together with other answers."
            return Fault(self.name, text, {"none": alone[0].label}) if len(given) > 1 else None
        if len(given) < self.least:
            return Fault(self.name, "Please choose at least {least} answers.", {"least": self.least})
        if self.most and len(given) > self.most:
            return Fault(self.name, "Please choose at most {most} answers.", {"most": self.most})
        return None

    def _cells(self, names: list[str], words: str) -> Reading:
        if not self.other or OTHER not in names:
            return Reading(tuple(Cell(value=name) for name in names))
        other = read_other(self.name, words)
        if other.faults:
            return other
        return Reading(tuple(other.cells[0] if name == OTHER else Cell(value=name) for name in names))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The chosen names, and the words of “other”."""
        return choice_fields(self.name, cells)

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each choice; shares add up to more than one where several were chosen."""
        others = sum(each.count for each in frequencies if each.value == OTHER)
        return Tally(base, shares_of(self.offered, frequencies, base), texts=others if self.other else 0)

    def columns(self) -> tuple[Column, ...]:
        """One column a choice (1 or 0), and the words of “other”."""
        chosen = tuple(
            Column(f"{self.name}_{choice.name}", f"{self.text} – {choice.label}", labels=TAKEN, group=self.name)
            for choice in self.offered
        )
        words = Column(f"{self.name}_other_text", f"{self.text} – {self.other}", Measure.TEXT)
        return (*chosen, words) if self.other else chosen

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """1 or 0 for each choice where the question was answered, and the words of “other”."""
        taken = {cell.value: cell.text or "" for cell in cells}
        chosen: tuple[Exported, ...] = tuple(int(choice.name in taken) if cells else "" for choice in self.offered)
        return (*chosen, taken.get(OTHER, "")) if self.other else chosen
