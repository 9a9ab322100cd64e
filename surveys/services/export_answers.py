"""Completed responses as CSV, one row each, nothing in it that a spreadsheet would run, and nobody's address."""

import csv
import io
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from contacts.domain.formulas import safe_cell
from surveys.domain.questions import Exported
from surveys.domain.succession import asked_ever, column_names
from surveys.storage.responses import exportable
from surveys.storage.surveys import Survey, all_published

OWN_COLUMNS = ("response", "version", "started_at", "completed_at")
BYTE_ORDER_MARK = "\ufeff"


def export_answers(session: Session, survey: Survey) -> Iterator[str]:
    """Lines of a CSV file, header first, each with its line end; a batch of responses is in memory at a time."""
    questions = [question for question, _current in asked_ever(all_published(session, survey)) if question.answerable]
    yield BYTE_ORDER_MARK + _line([*OWN_COLUMNS, *column_names(questions)])
    for each in exportable(session, survey.id):
        response = each.response
        cells: list[Exported] = [
            response.id,
            response.version,
            response.started_at.isoformat(timespec="seconds"),
            response.completed_at.isoformat(timespec="seconds") if response.completed_at else "",
        ]
        for question in questions:
            cells += question.export(each.answers.get(question.name, ()))
        yield _line([safe_cell(cell) for cell in cells])


def _line(cells: Sequence[Exported]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
