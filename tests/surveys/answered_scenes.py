"""Small worlds for the tests of results: many completed responses to the survey of `sample_surveys`, in bulk."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from surveys.storage.answer_tables import AnonymousAnswer, AnonymousResponse
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey
from tests.conftest import NOON

Given = Mapping[str, Any]
"""A question, or a question and a row with a colon between, and its answer: a name, a number, or `"…"` in words."""


def answered(session: Session, survey: Survey, responses: Sequence[Given], *, first: int = 1, **facts: Any) -> None:
    """Add these completed responses, with numbers from `first` on."""
    own = {"survey_id": survey.id, "contact_id": 1, "created_at": NOON}
    numbers = range(first, first + len(responses))
    session.execute(insert(Invitation), [{"id": each, "address_key": each.to_bytes(32), **own} for each in numbers])
    row = {"survey_id": survey.id, "version": 1, "state": "complete", "page": "", "started_at": NOON}
    row |= {"completed_at": NOON, **facts}
    session.execute(insert(Response), [row | {"id": each, "invitation_id": each} for each in numbers])
    session.execute(
        insert(Answer),
        [cell for number, given in zip(numbers, responses, strict=True) for cell in cells(number, given)],
    )


def answered_anonymously(session: Session, survey: Survey, responses: Sequence[Given]) -> None:
    """Add these completed responses to an anonymous survey."""
    numbers = range(1, len(responses) + 1)
    row = {"survey_id": survey.id, "version": 1, "state": "complete", "completed_at": NOON.replace(hour=0)}
    session.execute(insert(AnonymousResponse), [row | {"id": each} for each in numbers])
    rows = [cell for number, given in zip(numbers, responses, strict=True) for cell in cells(number, given)]
    session.execute(insert(AnonymousAnswer), rows)


def cells(number: int, given: Given) -> list[dict[str, Any]]:
    """The cells of one response."""
    found = []
    for written, answer in given.items():
        question, _colon, row = written.partition(":")
        for each in answer if isinstance(answer, list) else [answer]:
            words = each if isinstance(each, str) and " " in each else None
            name = each if isinstance(each, str) and not words else ""
            figure = float(each) if isinstance(each, int | float) else None
            found.append(
                {
                    "response_id": number,
                    "question": question,
                    "row": row,
                    "value": name,
                    "number": figure,
                    "text": words,
                }
            )
    return found
