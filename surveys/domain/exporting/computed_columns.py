"""What the columns of computed values hold: as their expressions say, for expressions have a type before any answer."""

from collections.abc import Sequence
from dataclasses import replace

from surveys.domain.computed_values import ComputedValue
from surveys.domain.definitions import Survey
from surveys.domain.expressions.value_types import Sort
from surveys.domain.questions import Column, Measure, Question

_MEASURES = {
    Sort.NUMBER: Measure.SCALE,
    Sort.DATE: Measure.DATE,
    Sort.TRUTH: Measure.NOMINAL,
    Sort.CHOICE: Measure.NOMINAL,
}


def columns_of(question: Question, survey: Survey) -> tuple[Column, ...]:
    """The columns of a question of this survey."""
    if not isinstance(question, ComputedValue):
        return question.columns()
    (column,) = question.columns()
    meaning = survey.logic.meaning(survey.logic.formulas[question.name])
    if meaning is None or meaning.type.sort not in _MEASURES:
        return (replace(column, measure=Measure.TEXT),)
    labels = tuple(meaning.type.labels.items())
    if meaning.type.sort is Sort.TRUTH:
        labels = (("yes", "yes"), ("no", "no"))
    return (replace(column, measure=_MEASURES[meaning.type.sort], labels=labels),)


def merged(versions: Sequence[Sequence[Column]]) -> tuple[Column, ...]:
    """The column of a computed value for all versions, newest first; a text where they disagree."""
    newest = versions[0][0]
    if len({column.measure for (column,) in versions}) > 1 or len({bool(column.labels) for (column,) in versions}) > 1:
        return (replace(newest, measure=Measure.TEXT, labels=()),)
    labels = dict(label for (column,) in reversed(versions) for label in column.labels)
    return (replace(newest, labels=tuple(labels.items())),)
