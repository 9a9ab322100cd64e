"""A person's answers in words, for themselves: before they are sent, and as a receipt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys.domain.cells import Answers, Cells
from surveys.domain.questions import Column, Exported, Measure, Question


@dataclass(frozen=True, slots=True)
class Told:
    """A question and what was answered, a line for each part; no line where nothing was."""

    question: Question
    lines: tuple[str, ...]


def told(questions: Iterable[Question], answers: Answers) -> list[Told]:
    """Every question that can be answered, with its answer in the words of the form."""
    return [Told(each, tuple(_lines(each, answers.get(each.name, ())))) for each in questions if each.answerable]


def _lines(question: Question, cells: Cells) -> Iterator[str]:
    if question.is_refusal(cells):
        yield question.refusal
        return
    for column, value in zip(question.columns(), question.export(cells), strict=True):
        if value != "" and not (column.group and value == 0):
            yield _line(question, column, value)


def _line(question: Question, column: Column, value: Exported) -> str:
    part = column.label.removeprefix(question.text).removeprefix(" – ")
    word = str(value) if column.measure is Measure.SCALE else str(dict(column.labels).get(value, value))
    if column.group:
        return part
    return f"{part}: {word}" if part else word
