"""Answers kept: what surveys keep of a person, invitations and answers; told, and deleted at their erasure."""

from typing import Any

from sqlalchemy import CursorResult, Select, delete, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete

from contacts.storage.belongings import Belongings, People, keeps
from surveys.storage.answer_packs import drop_packs
from surveys.storage.coding_frames import forget_codings
from surveys.storage.invitations import Invitation
from surveys.storage.pseudonyms import Identity
from surveys.storage.responses import Answer, Response, answers_of
from surveys.storage.surveys import Survey


def _tell(session: Session, people: People) -> dict[str, Any]:
    rows = session.execute(
        select(Invitation, Survey.title, Response)
        .join(Survey, Survey.id == Invitation.survey_id)
        .outerjoin(Identity, Identity.invitation_id == Invitation.id)
        .outerjoin(Response, Response.invitation_id.in_((Invitation.id, Identity.pseudonym_id)))
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
        "answered_without_name": invitation.answered and response is None,
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
    """Invitations go with the responses and answers that hang on them; results are counted anew without them.

    Answers to an anonymous survey stay, and those to a confidential one that was unlinked: nobody can tell whose.
    """
    session.execute(_invitations(people).with_for_update()).all()  # whoever is answering now is waited for
    pseudonyms = select(Identity.pseudonym_id).where(Identity.invitation_id.in_(_invitations(people)))
    apart = session.scalars(pseudonyms).all()
    kept = or_(Response.invitation_id.in_(_invitations(people)), Response.invitation_id.in_(apart))
    known = [(row.id, row.survey_id) for row in session.execute(select(Response.id, Response.survey_id).where(kept))]
    drop_packs(session, {survey_id for _number, survey_id in known})
    forget_codings(session, known)
    gone = {
        "answers": _gone(session, delete(Answer).where(Answer.response_id.in_(select(Response.id).where(kept)))),
        "responses": _gone(session, delete(Response).where(kept)),
    }
    _gone(session, delete(Identity).where(Identity.pseudonym_id.in_(apart)))
    _gone(session, delete(Invitation).where(Invitation.id.in_(apart)))
    return gone | {"invitations": _gone(session, delete(Invitation).where(Invitation.address_key.in_(people.keys)))}


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
        tables=frozenset({"invitation", "response", "answer", "identity", "answer_pack", "text_coding", "upload"}),
        others=frozenset(
            {"survey", "survey_version", "survey_campaign", "anonymous_response", "anonymous_answer", "spent_mark"}
            | {"text_code", "weighting", "quota_count"}
        ),
    )
)
