"""One choice of several: radio buttons, pictures or a list, with “other” where the team wants it."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from surveys.domain.cells import OTHER, Cell, Cells, Choice, Fault, Posted, Reading, values_of, words_of
from surveys.domain.choice_lists import list_faults, two_choices
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, Tally, shares_of

LONGEST_OTHER = 200


@dataclass(frozen=True, kw_only=True)
class OneOf(Question):
    """One of `offered`."""

    group: ClassVar[KindGroup] = KindGroup.CHOICE
    ops: ClassVar[frozenset[Op]] = frozenset({Op.IS, Op.IS_NOT, Op.ANSWERED})

    @property
    @abstractmethod
    def offered(self) -> tuple[Choice, ...]:
        """What can be chosen, in order."""

    @property
    def pictured(self) -> bool:
        """Say whether there are pictures to choose among."""
        return any(choice.image for choice in self.offered)

    def operands(self) -> frozenset[str]:
        """The names of all choices."""
        return frozenset(choice.name for choice in self.offered)

    def take(self, posted: Posted) -> Reading:
        """Take one name."""
        return self._chosen(values_of(posted, self.name))

    def _chosen(self, chosen: list[str]) -> Reading:
        if not chosen:
            return self._faulty("Please choose an answer.") if self.required else Reading()
        if len(chosen) > 1 or chosen[0] not in self.operands():
            return self._faulty("Please choose one of the answers shown.")
        return Reading((Cell(value=chosen[0]),))

    def _faulty(self, text: str) -> Reading:
        return Reading(faults=(Fault(self.name, text),))

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """The choice, and the words of “other”."""
        return choice_fields(self.name, cells)

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each choice."""
        return Tally(base, shares_of(self.offered, frequencies, base))

    def columns(self) -> tuple[Column, ...]:
        """The choice's name."""
        return (Column(self.name, self.text, labels=tuple((choice.name, choice.label) for choice in self.offered)),)

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The choice's name."""
        return (cells[0].value if cells else "",)


@dataclass(frozen=True, kw_only=True)
class SingleChoice(OneOf):
    """One of `choices`; `other` is the label of a further choice with words of its own; `dropdown` shows a list.

    With `age`, the choices are ages or school grades, and the `score` of each is the greatest age that it allows.
    """

    kind: ClassVar[str] = "single"
    title: ClassVar[str] = "One choice of several"
    labels: ClassVar[Mapping[str, str]] = {"age": "Scores are ages: children are not asked on"}
    lists: ClassVar[tuple[str, ...]] = ("choices",)

    choices: tuple[Choice, ...]
    other: str = ""
    dropdown: bool = False
    age: bool = False

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

    def take(self, posted: Posted) -> Reading:
        """Take one name; words written beside an untouched list count as “other”."""
        chosen = values_of(posted, self.name)
        words = words_of(posted, f"{self.name}-other") if self.other else ""
        reading = self._chosen(chosen or ([OTHER] if words else []))
        return read_other(self.name, words) if self.other and reading.cells == (Cell(value=OTHER),) else reading

    def oldest(self, cells: Cells, today: date) -> int | None:  # noqa: ARG002 - a grade is an age whatever the day
        """The age that stands for the choice."""
        ages = {choice.name: choice.score for choice in self.choices if self.age and choice.score is not None}
        found = [ages[cell.value] for cell in cells if cell.value in ages]
        return int(found[0]) if found else None

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """A share for each choice."""
        others = sum(each.count for each in frequencies if each.value == OTHER)
        return Tally(base, shares_of(self.offered, frequencies, base), texts=others if self.other else 0)

    def columns(self) -> tuple[Column, ...]:
        """The choice's name, and the words of “other”."""
        words = Column(f"{self.name}_other", f"{self.text} – {self.other}", Measure.TEXT)
        return (*super().columns(), words) if self.other else super().columns()

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The choice's name, and the words of “other”."""
        words = (cells[0].text or "") if cells else ""
        return (*super().values(cells), words) if self.other else super().values(cells)


@dataclass(frozen=True, kw_only=True)
class YesNo(OneOf):
    """Yes or no, in the words `yes` and `no`."""

    kind: ClassVar[str] = "yes_no"
    title: ClassVar[str] = "Yes or no"
    labels: ClassVar[Mapping[str, str]] = {"yes": "Word for yes", "no": "Word for no"}

    yes: str = "Yes"
    no: str = "No"

    @property
    def offered(self) -> tuple[Choice, ...]:
        """Yes, then no."""
        return (Choice("yes", self.yes), Choice("no", self.no))


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
