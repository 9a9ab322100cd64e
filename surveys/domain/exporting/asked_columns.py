"""What one person was asked, column by column: whatever else is empty in a data set was not shown to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from surveys.domain.branching import Setting, path
from surveys.domain.cells import Answers
from surveys.domain.definitions import Survey
from surveys.domain.questions import Question

Asked = Mapping[str, frozenset[str]]
"""For each question that was shown, the names of the columns that could be answered."""


@dataclass
class AskedColumns:
    """Tells what was asked by one version; what is the same for many is worked out once."""

    survey: Survey
    _known: dict[tuple[str, ...], Asked] = field(default_factory=dict)

    def asked(self, answers: Answers, setting: Setting, shown: Mapping[str, Sequence[str]] | None) -> Asked:
        """What was asked of whoever gave these answers.

        Which questions, is as it was written down at completion (`shown`, as `Path.shown` tells it), since conditions
        may look at fields of a person that are known no more. Without that, and for choices that are not shown to
        everybody, the path is walked again.
        """
        if shown and not self._filtered.intersection(shown[""]):
            return self._all_of(tuple(shown[""]))
        road = path(self.survey, answers, setting)
        found = {each.name: self._columns(each) for stop in road.stops for each in stop.questions}
        if not shown:
            return {**found, **self._computed}
        return {name: found.get(name, self._whole[name]) for name in shown[""]} | self._computed

    def _all_of(self, names: tuple[str, ...]) -> Asked:
        if names not in self._known:
            self._known[names] = {name: self._whole[name] for name in names} | self._computed
        return self._known[names]

    def _columns(self, question: Question) -> frozenset[str]:
        return _names(question) if question.name in self._filtered else self._whole[question.name]

    @cached_property
    def _whole(self) -> Asked:
        return {question.name: _names(question) for question in self.survey.asked_questions()}

    @cached_property
    def _computed(self) -> dict[str, frozenset[str]]:
        """Computed values, which are always there."""
        return {each.name: frozenset({each.name}) for each in self.survey.computed}

    @cached_property
    def _filtered(self) -> frozenset[str]:
        """The questions of which some choices or rows are shown to some only."""
        return frozenset(name for name, shape in self.survey.shapes.items() if shape.filtered)


def _names(question: Question) -> frozenset[str]:
    return frozenset(column.name for column in question.columns())
