"""Choices put into an order by giving each its place; a list beside each choice, so that nobody has to drag."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.language import gettext as _
from core.language import noted
from surveys.domain.cells import Cell, Choice, Fault, Posted, Reading, values_of
from surveys.domain.kinds.numbers_by_choice import NumbersByChoice
from surveys.domain.questions import Flaw, KindGroup, Measure
from surveys.domain.tallies import Frequency, Tally, number_shares, numbered


@dataclass(frozen=True, kw_only=True)
class Ranking(NumbersByChoice):
    """Places 1, 2, 3 … given to `choices`, to at most `most` of them (0: to all); a required one needs every place."""

    kind: ClassVar[str] = "ranking"
    title: ClassVar[str] = "Ranking"
    group: ClassVar[KindGroup] = KindGroup.CHOICE
    chart: ClassVar[str] = "stacked"
    measure: ClassVar[Measure] = Measure.ORDINAL

    most: int = 0

    @property
    def places(self) -> range:
        """The places that can be given."""
        return range(1, min(self.most or len(self.choices), len(self.choices)) + 1)

    def faults(self) -> Iterator[Flaw]:
        """A list that cannot be ranked."""
        yield from super().faults()
        if not 0 <= self.most <= len(self.choices):
            yield _("“most” cannot be {number}.").format(number=self.most), _("Use 0 to the number of choices.")

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

    def counted(self, own: Sequence[Frequency], base: float) -> Tally:
        """How often a choice got each place, and its mean and median place among those who ranked it."""
        return numbered(base, number_shares(self.places, own, base), own)
