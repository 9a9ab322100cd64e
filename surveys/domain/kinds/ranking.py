"""Choices put into an order by giving each its place; a list beside each choice, so that nobody has to drag."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cell, Cells, Choice, Fault, Posted, Reading, values_of
from surveys.domain.choice_lists import list_faults, two_choices
from surveys.domain.kinds.rating_scale import NUMBER_OPS
from surveys.domain.questions import Column, Exported, Flaw, KindGroup, Measure, Question
from surveys.domain.show_rules import Op
from surveys.domain.tallies import Frequency, RowTally, Tally, exported, number_shares, numbered


@dataclass(frozen=True, kw_only=True)
class Ranking(Question):
    """Places 1, 2, 3 … given to `choices`, to at most `most` of them (0: to all); a required one needs every place."""

    kind: ClassVar[str] = "ranking"
    title: ClassVar[str] = "Ranking"
    group: ClassVar[KindGroup] = KindGroup.CHOICE
    chart: ClassVar[str] = "stacked"
    ops: ClassVar[frozenset[Op]] = NUMBER_OPS
    lists: ClassVar[tuple[str, ...]] = ("choices",)

    choices: tuple[Choice, ...]
    most: int = 0

    @property
    def places(self) -> range:
        """The places that can be given."""
        return range(1, min(self.most or len(self.choices), len(self.choices)) + 1)

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The choices, each of which has an answer of its own."""
        return self.choices

    @classmethod
    def skeleton(cls) -> dict[str, Any]:
        """Two answers to be worded."""
        return {"choices": two_choices()}

    def faults(self) -> Iterator[Flaw]:
        """A list that cannot be ranked."""
        yield from super().faults()
        yield from list_faults("choices", self.choices)
        if not 0 <= self.most <= len(self.choices):
            yield _("“most” cannot be {number}.").format(number=self.most), _("Use 0 to the number of choices.")

    def rule_rows(self) -> frozenset[str]:
        """The names of the choices: a rule asks which place one of them got."""
        return frozenset(choice.name for choice in self.choices)

    def field(self, choice: Choice) -> str:
        """The name of a choice's form field."""
        return f"{self.name}-{choice.name}"

    def take(self, posted: Posted) -> Reading:
        """Take a place for each choice; places begin at 1, leave no gap, and none is given twice."""
        given = {choice: values_of(posted, self.field(choice)) for choice in self.choices}
        spelled = {str(place): place for place in self.places}
        faults = [
            Fault(self.field(choice), "Please choose one of the places shown.")
            for choice, written in given.items()
            if written and (len(written) > 1 or written[0] not in spelled)
        ]
        if faults:
            return Reading(faults=tuple(faults))
        ranks = {choice: spelled[written[0]] for choice, written in given.items() if written}
        fault = self._disorder(ranks)
        if fault:
            return Reading(faults=(fault,))
        return Reading(tuple(Cell(row=choice.name, number=float(place)) for choice, place in ranks.items()))

    def _disorder(self, ranks: Mapping[Choice, int]) -> Fault | None:
        for choice, place in ranks.items():
            twins = [each for each, other in ranks.items() if other == place]
            if len(twins) > 1:
                values = {"place": place, "one": twins[0].label, "other": twins[1].label}
                text = noted("Place {place} is given to “{one}” and to “{other}”. Please give each place once.")
                return Fault(self.field(choice), text, values)
        missing = [place for place in self.places if place not in ranks.values()]
        if missing and (self.required or (ranks and missing[0] < max(ranks.values()))):
            return Fault(self.name, "Please say what comes in place {place}.", {"place": missing[0]})
        return None

    def posting(self, cells: Cells) -> Mapping[str, list[str]]:
        """One field a choice."""
        return {f"{self.name}-{cell.row}": [str(exported(cell.number))] for cell in cells}

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """For each choice how often it got each place, and its mean and median place among those who ranked it."""
        return Tally(base, rows=tuple(self._row(choice, frequencies) for choice in self.choices))

    def _row(self, choice: Choice, frequencies: Sequence[Frequency]) -> RowTally:
        own = [each for each in frequencies if each.row == choice.name]
        base = sum(each.count for each in own)
        shares = number_shares(self.places, own, base)
        return RowTally(choice.name, choice.label, numbered(base, shares, own))

    def columns(self) -> tuple[Column, ...]:
        """One column a choice: its place."""
        return tuple(
            Column(f"{self.name}_{choice.name}", f"{self.text} – {choice.label}", Measure.ORDINAL)
            for choice in self.choices
        )

    def values(self, cells: Cells) -> tuple[Exported, ...]:
        """The place of each choice."""
        places = {cell.row: cell.number for cell in cells}
        return tuple(exported(places.get(choice.name)) for choice in self.choices)
