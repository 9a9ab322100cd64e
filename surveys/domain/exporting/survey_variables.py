"""From all published versions of a survey to one data set: which variables, which names, which codes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from surveys.domain.computed_values import ComputedValue
from surveys.domain.definitions import Survey
from surveys.domain.exporting.computed_columns import columns_of, merged
from surveys.domain.exporting.data_sets import DataSet, Holds, ResponseSet, ValueLabel, Variable
from surveys.domain.questions import Column, Exported, Measure, Question
from surveys.domain.succession import asked_ever

_INPUTS = {"date": Holds.DAY, "datetime-local": Holds.MOMENT}
"""What a form's fields give; a time of day alone stays a text."""


def data_set(versions: Sequence[Survey], own: Sequence[Variable] = (), *, people: bool = False) -> DataSet:
    """The data set of a survey.

    A code belongs to a value from the first version that had it, so a later version changes no code.

    Args:
        versions: every published version, newest first.
        own: variables of the response itself, which stand first and keep their names.
        people: with the questions that ask who somebody is.
    """
    numbered = list(zip(range(len(versions), 0, -1), versions, strict=True))
    taken = Counter(variable.name for variable in own)
    variables: list[Variable] = list(own)
    for question in answered_ever(versions, people=people):
        asked = [(number, each) for number, each in numbered if question.name in each.by_name]
        columns = [columns_of(each.by_name[question.name], each) for _number, each in asked]
        history = _History(tuple(number for number, _each in reversed(asked)), _codes(columns))
        own_columns = merged(columns) if question.kind == ComputedValue.kind else question.columns()
        variables += [_variable(column, question, history, taken) for column in own_columns]
    newest = versions[0]
    sets = _sets(variables)
    return DataSet(newest.name, newest.title, newest.language, tuple(variables), sets, len(versions))


def answered_ever(versions: Sequence[Survey], *, people: bool) -> list[Question]:
    """Every question that any version asked, in its newest wording, in order; statements are left out.

    So are, but for `people`, questions for an address or a file: their answers say who somebody is.
    """
    asked = [question for question, _current in asked_ever(versions) if question.answerable]
    return [question for question in asked if people or not question.identifying]


@dataclass(frozen=True, slots=True)
class _History:
    """Which versions asked a question, and the codes of each column's values."""

    versions: tuple[int, ...]
    codes: Mapping[str, Mapping[Exported, int]]


def _codes(versions: Sequence[Sequence[Column]]) -> dict[str, dict[Exported, int]]:
    """The codes of each column's values: numbers are their own, others count up from the oldest version on."""
    found: dict[str, dict[Exported, int]] = {}
    for column in (column for columns in reversed(versions) for column in columns):
        codes = found.setdefault(column.name, {})
        for value, _label in column.labels:
            codes.setdefault(value, value if isinstance(value, int) else len(codes) + 1)
    return found


def _variable(column: Column, question: Question, history: _History, taken: Counter[str]) -> Variable:
    codes = history.codes[column.name]
    labels = tuple(ValueLabel(value, codes[value], _line(label)) for value, label in column.labels)
    holds = _holding(column, question)
    return Variable(
        name=_free(column.name, taken),
        label=_line(column.label),
        holds=holds,
        measure=column.measure,
        labels=labels,
        group=column.group,
        question=question.name,
        versions=history.versions,
        negative=holds is Holds.NUMBER and _may_be_negative(question),
    )


def _may_be_negative(question: Question) -> bool:
    """Kinds that take numbers below zero say from where; what is computed may be anything."""
    least = getattr(question, "least", None if question.kind == ComputedValue.kind else 0)
    return least is None or least < 0


def _line(text: str) -> str:
    return " ".join(text.split())


def _free(name: str, taken: Counter[str]) -> str:
    """The name, with a number behind it where it stands already."""
    taken[name] += 1
    if taken[name] == 1:
        return name
    return _free(f"{name}_{taken[name]}", taken)


def _holding(column: Column, question: Question) -> Holds:
    if column.measure is Measure.DATE:
        return _INPUTS.get(getattr(question, "input_type", "date"), Holds.TEXT)
    if any(isinstance(value, str) for value, _label in column.labels):
        return Holds.CODE
    if column.measure in {Measure.SCALE, Measure.ORDINAL} or column.labels:
        return Holds.NUMBER
    return Holds.TEXT


def _sets(variables: Sequence[Variable]) -> tuple[ResponseSet, ...]:
    members: dict[str, list[Variable]] = {}
    for variable in variables:
        if variable.group:
            members.setdefault(variable.group, []).append(variable)
    return tuple(
        ResponseSet(group, _common([each.label for each in found]), tuple(each.name for each in found))
        for group, found in members.items()
    )


def _common(labels: Sequence[str]) -> str:
    """What all labels of a set begin with: the question, and the row of a matrix."""
    least, most = min(labels), max(labels)
    same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False)))
    return least[:same].rpartition(" – ")[0]
