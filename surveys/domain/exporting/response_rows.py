"""From one response to one row of a data set, with a reason wherever there is no value."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.domain.branching import Setting
from surveys.domain.cells import REFUSED, Answers, Cells, is_refused
from surveys.domain.definitions import Survey
from surveys.domain.exporting.asked_columns import AskedColumns
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Row, Value, Variable
from surveys.domain.exporting.survey_variables import answered_ever, data_set
from surveys.domain.questions import Exported, Measure, Question
from surveys.domain.tallies import plain

_RESPONSE = Variable("response", "Response", Holds.NUMBER, Measure.NOMINAL)
_VERSION = Variable("version", "Version of the survey", Holds.NUMBER, Measure.NOMINAL)
_STARTED = Variable("started_at", "Begun", Holds.MOMENT, Measure.DATE)
_COMPLETED = Variable("completed_at", "Completed", Holds.MOMENT, Measure.DATE)
_DAY = Variable("completed_at", "Completed", Holds.DAY, Measure.DATE)
_REST = (
    Variable("language", "Language", Holds.TEXT),
    Variable("ending", "How it ended", Holds.TEXT),
    Variable("quota", "Quota that was full", Holds.TEXT),
)
COMPLETE = "complete"
"""The ending of a response that went through to the last page."""

_EMAIL = Variable("email", "Email address", Holds.TEXT)


@dataclass(frozen=True, kw_only=True)
class Responded:
    """One completed response; `started_at` is unknown of anonymous ones, `email` is given where it may be seen."""

    number: int
    version: int
    completed_at: datetime
    started_at: datetime | None = None
    language: str = ""
    ending: str = ""
    quota: str = ""
    email: str = ""
    seed: int = 0
    shown: Any = None
    answers: Answers


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the rows shall hold: whole moments or days alone, addresses or none, texts as they are or masked."""

    days: bool = False
    people: bool = False
    texts: Callable[[str], str] | None = None


def own_variables(wishes: Wishes) -> tuple[Variable, ...]:
    """The variables of the response itself."""
    when = (_DAY,) if wishes.days else (_STARTED, _COMPLETED)
    return (_RESPONSE, _VERSION, *when, *_REST, *((_EMAIL,) if wishes.people else ()))


class ResponseRows:
    """Turns responses to any version into rows of one data set."""

    def __init__(self, versions: Sequence[Survey], wishes: Wishes) -> None:
        """`versions`: every published one, newest first."""
        self._wishes = wishes
        found = data_set(versions, own_variables(wishes), people=wishes.people)
        self.data_set: DataSet = found.reworded(wishes.texts) if wishes.texts else found
        questions = answered_ever(versions, people=wishes.people)
        self._questions = [(each, [column.name for column in each.columns()]) for each in questions]
        numbers = range(len(versions), 0, -1)
        self._asked = {number: AskedColumns(each) for number, each in zip(numbers, versions, strict=True)}
        own = len(own_variables(wishes))
        texts = [place for place, each in enumerate(self.data_set.variables) if each.holds is Holds.TEXT]
        self._texts = [place for place in texts if place >= own]

    def rows(self, responses: Iterable[Responded]) -> Iterator[Row]:
        """The rows, in the order of the responses."""
        return (self._row(each) for each in responses)

    def _row(self, response: Responded) -> Row:
        setting = Setting(seed=response.seed, language=response.language, today=response.completed_at.date())
        asked = self._asked[response.version].asked(response.answers, setting, response.shown)
        row = self._own(response)
        for question, names in self._questions:
            row += _values(question, names, response.answers.get(question.name, ()), asked)
        for place in self._texts:
            row[place] = self._text(row[place])
        return row

    def _text(self, value: Value) -> Value:
        """A text as it may be seen; a number among texts is one."""
        if isinstance(value, Missing):
            return value
        words = value if isinstance(value, str) else plain(value)
        return self._wishes.texts(words) if self._wishes.texts else words

    def _own(self, response: Responded) -> list[Value]:
        values: list[Value] = [response.number, response.version]
        if self._wishes.days:
            values += [response.completed_at.date().isoformat()]
        else:
            moments = (response.started_at or response.completed_at, response.completed_at)
            values += [each.isoformat(timespec="seconds") for each in moments]
        values += [response.language or self.data_set.language, response.ending or COMPLETE, response.quota]
        return [*values, response.email] if self._wishes.people else values


def _values(
    question: Question, names: Sequence[str], cells: Cells, asked: Mapping[str, frozenset[str]]
) -> Iterable[Value]:
    shown = asked.get(question.name)
    if shown is None:
        return [Missing.NOT_SHOWN] * len(names)
    if is_refused(cells) and (question.refusal or REFUSED not in (question.operands() or ())):
        return [Missing.REFUSED] * len(names)
    return [_value(value, shown=name in shown) for value, name in zip(question.export(cells), names, strict=True)]


def _value(value: Exported, *, shown: bool) -> Value:
    """What was not offered was not left out: its 0 says nothing."""
    if not shown and value in {"", 0}:
        return Missing.NOT_SHOWN
    return Missing.NOT_ANSWERED if value == "" else value
