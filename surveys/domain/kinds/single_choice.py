"""One choice of several: radio buttons or a list, with “other” where the team wants it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from surveys.domain.cells import OTHER, Cell, Cells, Choice, Fault, Posted, Reading, values_of, words_of
from surveys.domain.choice_lists import list_faults, two_choices
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, shares_of

LONGEST_OTHER = 200


@dataclass(frozen=True, kw_only=True)
class SingleChoice(Question):
    """One of `choices`; `other` is the label of a further choice with words of its own; `dropdown` shows a list."""

    kind: ClassVar[str] = "single"
    title: ClassVar[str] = "One choice of several"
    group: ClassVar[KindGroup] = KindGroup.CHOICE
    lists: ClassVar[tuple[str, ...]] = ("choices",)
    ops: ClassVar[frozenset[Op]] = frozenset({Op.IS, Op.IS_NOT, Op.ANSWERED})

    choices: tuple[Choice, ...]
    other: str = ""
    dropdown: bool = False

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices with “other” at the end."""
        return (*self.choices, Choice(OTHER, self.other)) if self.other else self.choices

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """Two answers to be worded."""
        return {"choices": two_choices()}

    def faults(self) -> Iterator[Flaw]:
        """A list that cannot be offered."""
        yield from super().faults()
        yield from list_faults("choices", self.choices, [OTHER] if self.other else [])

    def operands(self) -> frozenset[str]:
        """The names of all choices."""
        return frozenset(choice.name for choice in self.offered)

    def take(self, posted: Posted) -> Reading:
        """Take one name; words written beside an untouched list count as “other”."""
        chosen = values_of(posted, self.name)
        words = words_of(posted, f"{self.name}-other") if self.other else ""
        if not chosen and words:
            chosen = [OTHER]
        if not chosen:
            return self._refused("Please choose an answer.") if self.required else Reading()
        if len(chosen) > 1 or chosen[0] not in self.operands():
            return self._refused("Please choose one of the answers shown.")
        if chosen[0] != OTHER or not self.other:
            return Reading((Cell(value=chosen[0]),))
        return read_other(self.name, words)

    def _refused(self, text: str) -> Reading:
        return Reading(faults=(Fault(self.name, text),))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The choice, and the words of “other”."""
        return choice_fields(self.name, cells)

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each choice."""
        others = sum(each.count for each in frequencies if each.value == OTHER)
        return Tally(base, shares_of(self.offered, frequencies, base), texts=others if self.other else 0)

    def columns(self) -> tuple[Column, ...]:
        """The choice's name, and the words of “other”."""
        labels = tuple((choice.name, choice.label) for choice in self.offered)
        first = Column(self.name, self.text, labels=labels)
        words = Column(f"{self.name}_other", f"{self.text} – {self.other}", Measure.TEXT)
        return (first, words) if self.other else (first,)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The choice's name, and the words of “other”."""
        value = cells[0].value if cells else ""
        words = (cells[0].text or "") if cells else ""
        return (value, words) if self.other else (value,)


def read_other(name: str, words: str) -> Reading:
    """The cell for “other” with its words, or what is wrong with them."""
    if not words:
        return Reading(faults=(Fault(f"{name}-other", "Please say which."),))
    if len(words) > LONGEST_OTHER:
        fault = Fault(f"{name}-other", "Please write at most {most} characters.", {"most": LONGEST_OTHER})
        return Reading(faults=(fault,))
    return Reading((Cell(value=OTHER, text=words),))


def choice_fields(name: str, cells: Cells) -> dict[str, list[str]]:
    """The fields of chosen names, and of the words beside “other”."""
    fields = {name: [cell.value for cell in cells]} if cells else {}
    words = [cell.text for cell in cells if cell.text]
    return {**fields, f"{name}-other": words} if words else fields
