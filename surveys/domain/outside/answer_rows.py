"""Rows of a sheet as answers to a survey, held to its definition as if they had been posted; for importing answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from core.language import gettext as _
from surveys.domain.branching import Path, Setting, path
from surveys.domain.cells import Cells
from surveys.domain.definitions import Survey
from surveys.domain.outside.answer_fields import Matching
from surveys.domain.outside.foreign_sheets import AnswerSheet, Row
from surveys.domain.young_answers import impossible, tells_a_child

COMPLETED = "completed_at"
"""The column of our own exports that says when a response was completed."""
NO_LIMIT = 0


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell of a row: the column, and the sentence the form would have said."""

    line: int
    column: str
    said: str


@dataclass(frozen=True)
class TakenRow:
    """One row: the road that its answers lead along, or faults; `child` where nothing of it may be kept (G13)."""

    line: int
    row: Row
    road: Path | None = None
    completed: datetime | None = None
    faults: tuple[RowFault, ...] = ()
    child: bool = False


@dataclass(frozen=True)
class Reckoning:
    """By what a row is judged: the moment, and the age below which a person is a child."""

    at: datetime
    child_age: int = NO_LIMIT
    language: str = ""


@dataclass
class _Posted:
    fields: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def taken_rows(survey: Survey, sheet: AnswerSheet, matching: Matching, reckoning: Reckoning) -> Iterator[TakenRow]:
    """Every row in its order; a question without anything in its columns was not answered, required or not."""
    moment = sheet.columns.index(COMPLETED) if COMPLETED in sheet.columns else None
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        taken = _taken(survey, sheet, matching, (line, row), reckoning)
        completed = _moment(row[moment]) if moment is not None else None
        yield replace(taken, completed=completed)


def _taken(
    survey: Survey, sheet: AnswerSheet, matching: Matching, numbered: tuple[int, Row], reckoning: Reckoning
) -> TakenRow:
    line, row = numbered
    answers: dict[str, Cells] = {}
    faults: list[RowFault] = []
    posted = _posted(sheet, matching, row)
    for question in matching.questions:
        own = posted.get(question.name)
        if own is None:
            continue
        reading = question.read(own.fields)
        found = [*reading.faults, *impossible(question, reading.cells, reckoning.at.date())]
        first = next(iter(own.columns.values()))
        faults += [RowFault(line, own.columns.get(fault.field, first), fault.said(survey.language)) for fault in found]
        answers[question.name] = () if found else reading.cells
    if tells_a_child(survey.by_name, answers, reckoning.at, reckoning.child_age):
        return TakenRow(line, row, child=True)
    if faults or not answers:
        nothing = RowFault(line, "", _("There is no answer in this row."))
        return TakenRow(line, row, faults=tuple(faults) or (nothing,))
    setting = Setting(today=reckoning.at.date(), language=reckoning.language)
    return TakenRow(line, row, path(survey, {name: cells for name, cells in answers.items() if cells}, setting))


def _posted(sheet: AnswerSheet, matching: Matching, row: Row) -> dict[str, _Posted]:
    """What each question's form would have posted, and from which column; nothing for questions without an answer."""
    found: dict[str, _Posted] = {}
    for each in matching.fields:
        cell = row[each.place]
        if each.refuses(cell):
            values, name = ["1"], each.question.refusal_field
        else:
            values, name = each.posted(cell), each.field
        if values:
            own = found.setdefault(each.question.name, _Posted())
            own.fields.setdefault(name, []).extend(values)
            own.columns.setdefault(name, sheet.columns[each.place])
    return found


def _moment(cell: str) -> datetime | None:
    """When a response was completed, as ISO 8601 writes it; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
