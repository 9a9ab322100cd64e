"""Open texts: what people wrote in answer to one question, read in the order of their responses."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.storage.contacts import Contact
from surveys.storage.answer_tables import tables_of
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Response, ResponseState
from surveys.storage.surveys import Survey

ASKED = 1000
"""Texts that are read at once."""


@dataclass(frozen=True, slots=True)
class OpenText:
    """What one person wrote; `row` where the question has rows."""

    response_id: int
    row: str
    text: str
    language: str


def texts_of(session: Session, survey: Survey, question: str, *, after: int = 0) -> Iterator[OpenText]:
    """The texts of a question, in the order of the responses, those after response `after`."""
    response, answer = tables_of(survey).response, tables_of(survey).answer
    query = (
        select(response.id, answer.row, answer.text, response.language)
        .join(answer, answer.response_id == response.id)
        .where(
            response.survey_id == survey.id,
            response.state == ResponseState.COMPLETE.value,
            answer.question == question,
            answer.text.is_not(None),
        )
        .order_by(response.id, answer.row)
    )
    number, row = after, None
    while True:
        beyond = response.id > number
        if row is not None:
            beyond |= (response.id == number) & (answer.row > row)
        found = session.execute(query.where(beyond).limit(ASKED)).all()
        for each in found:
            yield OpenText(each.id, each.row, each.text or "", each.language)
        if len(found) < ASKED:
            return
        number, row = found[-1].id, found[-1].row


def text_stands(session: Session, survey: Survey, question: str, response_id: int) -> bool:
    """Say whether a completed response to this survey has a text there."""
    return any(each.response_id == response_id for each in _one(session, survey, question, response_id))


def _one(session: Session, survey: Survey, question: str, response_id: int) -> Iterator[OpenText]:
    for each in texts_of(session, survey, question, after=response_id - 1):
        if each.response_id != response_id:
            return
        yield each


def names_of(session: Session, response_ids: list[int]) -> dict[int, tuple[str, str]]:
    """The names of the people who gave these responses, where that is known: to take them out of quotes."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(response_ids), ASKED):
        rows = session.execute(
            select(Response.id, Contact.given_name, Contact.family_name)
            .join(Invitation, Invitation.id == Response.invitation_id)
            .join(Contact, Contact.address_key == Invitation.address_key)
            .where(Response.id.in_(response_ids[start : start + ASKED]))
        )
        found |= {number: (given, family) for number, given, family in rows}
    return found
