"""What one person was asked, column by column: whatever else is empty in a data set was not shown to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    _whole: dict[str, frozenset[str]] = field(default_factory=dict)

    def asked(self, answers: Answers, setting: Setting) -> Asked:
        """What was asked of whoever gave these answers."""
        road = path(self.survey, answers, setting)
        return {each.name: self._columns(each) for stop in road.stops for each in stop.questions}

    def _columns(self, question: Question) -> frozenset[str]:
        if question is not self.survey.by_name.get(question.name):
            return frozenset(column.name for column in question.columns())
        if question.name not in self._whole:
            self._whole[question.name] = frozenset(column.name for column in question.columns())
        return self._whole[question.name]
