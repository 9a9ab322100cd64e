"""Answers that came from a file: responses under invitations that belong to nobody, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from surveys.domain.cells import Answers
from surveys.storage.invitations import NOBODY, Invitation
from surveys.storage.responses import Response, ResponseState
from surveys.storage.surveys import Survey
from surveys.storage.written_rows import add_cells, next_number

BATCH = 500


@dataclass(frozen=True)
class Arriving:
    """One response: the key that keeps its row from arriving twice, its answers, where they led, and when.

    `shown` is what was asked, as `Path.shown` tells it; `aside` counts answers of the row that were not asked for.
    """

    key: bytes
    answers: Answers
    ending: str
    shown: Mapping[str, Sequence[str]]
    completed: datetime
    aside: int = 0


def arrived_before(session: Session, survey: Survey, keys: Sequence[bytes]) -> set[bytes]:
    """Those of these keys whose rows were stored before."""
    found: set[bytes] = set()
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        query = select(Invitation.address_key).where(
            Invitation.survey_id == survey.id, Invitation.address_key.in_(some)
        )
        found.update(session.scalars(query))
    return found


def store_arriving(session: Session, survey: Survey, rows: Sequence[Arriving], at: datetime) -> None:
    """Store these completed responses to the newest version."""
    if not rows:
        return
    invitations = [
        {"survey_id": survey.id, "address_key": row.key, "contact_id": NOBODY, "created_at": at} for row in rows
    ]
    added = session.scalars(insert(Invitation).returning(Invitation.id, sort_by_parameter_order=True), invitations)
    responses = [
        {
            "survey_id": survey.id,
            "version": survey.version,
            "invitation_id": number,
            "state": ResponseState.COMPLETE.value,
            "started_at": row.completed,
            "completed_at": row.completed,
            "ending": row.ending,
            "shown": row.shown,
        }
        for row, number in zip(rows, added.all(), strict=True)
    ]
    first = next_number(session)
    if first is not None:
        responses = [{**row, "id": number} for number, row in enumerate(responses, first)]
    numbers = session.scalars(insert(Response).returning(Response.id, sort_by_parameter_order=True), responses)
    cells = [
        (number, question, cell.row, cell.value, cell.number, cell.text)
        for row, number in zip(rows, numbers.all(), strict=True)
        for question, given in row.answers.items()
        for cell in given
    ]
    add_cells(session, cells)
