"""Answers kept: what surveys keep of a person, invitations and answers; told, and deleted at their erasure."""

from typing import Any

from sqlalchemy import CursorResult, Select, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete

from contacts.storage.belongings import Belongings, People, keeps
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Answer, Response, answers_of
from surveys.storage.surveys import Survey


def _tell(session: Session, people: People) -> dict[str, Any]:
    rows = session.execute(
        select(Invitation, Survey.title, Response)
        .join(Survey, Survey.id == Invitation.survey_id)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.address_key.in_(people.keys))
        .order_by(Invitation.id)
    )
    return {"surveys": [_survey(session, *row) for row in rows]}


def _survey(session: Session, invitation: Invitation, title: str, response: Response | None) -> dict[str, Any]:
    return {
        "survey": title,
        "invited_at": invitation.created_at,
        "language": invitation.language,
        "reminders": invitation.reminders,
        "reminded_at": invitation.reminded_at,
        "declined_at": invitation.declined_at,
        "began_at": response.started_at if response else None,
        "completed_at": response.completed_at if response else None,
        "answers": _answers(session, response.id) if response else [],
    }


def _answers(session: Session, response_id: int) -> list[dict[str, Any]]:
    return [
        {"question": question, "row": cell.row, "choice": cell.value, "number": cell.number, "text": cell.text}
        for question, cells in answers_of(session, response_id).items()
        for cell in cells
    ]


def _erase(session: Session, people: People) -> dict[str, int]:
    """Invitations go with the responses and answers that hang on them; results are counted anew without them."""
    session.execute(_invitations(people).with_for_update()).all()  # whoever is answering now is waited for
    responses = select(Response.id).where(Response.invitation_id.in_(_invitations(people)))
    return {
        "answers": _gone(session, delete(Answer).where(Answer.response_id.in_(responses))),
        "responses": _gone(session, delete(Response).where(Response.invitation_id.in_(_invitations(people)))),
        "invitations": _gone(session, delete(Invitation).where(Invitation.address_key.in_(people.keys))),
    }


def _invitations(people: People) -> Select[int]:
    return select(Invitation.id).where(Invitation.address_key.in_(people.keys))


def _gone(session: Session, statement: Delete) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


ANSWERS = keeps(
    Belongings(
        "surveys",
        _tell,
        _erase,
        tables=frozenset({"invitation", "response", "answer"}),
        others=frozenset({"survey", "survey_version", "survey_campaign"}),
    )
)
