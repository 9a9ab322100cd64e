"""Completed responses with their answers, a batch at a time; for exports."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from contacts.storage.contacts import Contact
from surveys.domain.cells import Cell, Cells
from surveys.domain.exporting.response_rows import Responded
from surveys.storage.answer_tables import AnswerTables, tables_of
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Response
from surveys.storage.surveys import Survey

BATCH = 500
MOST_SEEN = 10_000
Seen = dict[tuple[str, str, float | None], Cells]


def exportable(session: Session, survey: Survey, *, people: bool = False) -> Iterator[Responded]:
    """Every completed response, in the order of their numbers; `people`: with the addresses of those invited.

    The numbers of anonymous responses are random, so their order tells nothing.
    """
    tables = tables_of(survey)
    query = _responses(tables, survey.id, people=people)
    after: int | None = None
    seen: Seen = {}
    while batch := _batch(session, tables, query, after):
        after = batch[-1].id
        answers = _answers(session, tables, [row.id for row in batch], seen)
        for row in batch:
            yield _responded(row, answers[row.id])


def _responses(tables: AnswerTables, survey_id: int, *, people: bool) -> Select[Any]:
    kept = tables.response
    columns = [kept.id, kept.version, kept.completed_at, kept.language, kept.ending, kept.quota, kept.shown]
    if tables.response is Response:
        columns += [Response.started_at, Response.seed]
    query = select(*columns).where(kept.survey_id == survey_id, kept.state == "complete").order_by(kept.id)
    if not people or tables.response is not Response:
        return query
    return (
        query.add_columns(Contact.address.label("email"))
        .outerjoin(Invitation, Invitation.id == Response.invitation_id)
        .outerjoin(Contact, Contact.address_key == Invitation.address_key)
    )


def _batch(session: Session, tables: AnswerTables, query: Select[Any], after: int | None) -> list[Row[Any]]:
    onwards = query if after is None else query.where(tables.response.id > after)
    return list(session.execute(onwards.limit(BATCH)))


def _answers(session: Session, tables: AnswerTables, ids: list[int], seen: Seen) -> dict[int, dict[str, Cells]]:
    """The answers of these responses; cells that are alike are one, for there are many, and they never change."""
    kept = tables.answer.__table__.c
    found: dict[int, dict[str, Cells]] = {number: {} for number in ids}
    rows = session.execute(
        select(kept.response_id, kept.question, kept.row, kept.value, kept.number, kept.text)
        .where(kept.response_id.in_(ids))
        .order_by(kept.response_id, kept.question, kept.row, kept.value)
    )
    for number, question, row, value, figure, text in rows:
        facts = row, value, figure
        cells = seen.get(facts) if text is None else (Cell(row, value, figure, text),)
        if cells is None:
            cells = (Cell(row, value, figure),)
            if len(seen) < MOST_SEEN:
                seen[facts] = cells
        of = found[number]
        of[question] = of[question] + cells if question in of else cells
    return found


def _responded(row: Row[Any], answers: dict[str, Cells]) -> Responded:
    facts = row._asdict()
    facts["number"] = facts.pop("id")
    facts["email"] = facts.get("email") or ""
    return Responded(**facts, answers=answers)
