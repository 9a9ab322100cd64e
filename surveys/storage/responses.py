"""Responses and their answers; one response an invitation, by constraint."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    String,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Json, Moment, Number
from surveys.domain.cells import Cell, Cells


class ResponseState(StrEnum):
    """Open: pages are still being answered. Complete: nothing changes any more."""

    OPEN = "open"
    COMPLETE = "complete"


class Response(Base):
    """One person's answers to one version of a survey; `page` is where they go on.

    `seed` drew the orders that this person sees, `language` is the one chosen on the form (empty: none was), `ending`
    names the end that a complete response came to (empty: the last page) and `quota` the quota that led there; `shown`
    is what was asked, in order, as `Path.shown` tells it at completion. `pace` has the seconds spent on each page, as
    far as the browser told when it was shown; an anonymous survey keeps none. `signs` says, in the words of
    `domain.machine_answers`, what in the behaviour looks like a machine's; it is a label, nothing is dropped for it.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'complete')", name="state"),
        CheckConstraint("(state = 'complete') = (completed_at IS NOT NULL)", name="completed"),
        ForeignKeyConstraint(["survey_id", "version"], ["survey_version.survey_id", "survey_version.number"]),
        Index("ix_response_survey_id", "survey_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version: Mapped[int]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    page: Mapped[str] = mapped_column(String(40), default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    seed: Mapped[int] = mapped_column(default=0, server_default="0")
    language: Mapped[str] = mapped_column(String(35), default="", server_default="")
    ending: Mapped[str] = mapped_column(String(40), default="", server_default="")
    quota: Mapped[str] = mapped_column(String(40), default="", server_default="")
    shown: Mapped[Any | None] = mapped_column(Json)
    pace: Mapped[Any | None] = mapped_column(Json)
    signs: Mapped[str] = mapped_column(String(80), default="", server_default="")

    @property
    def done(self) -> bool:
        """Say whether nothing changes any more."""
        return self.state == ResponseState.COMPLETE.value


class Answer(Base):
    """One cell of an answer: a choice taken, a number given, a row judged, or words written."""

    __tablename__ = "answer"
    __table_args__ = (CheckConstraint("question <> ''", name="question"),)

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    row: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    value: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    number: Mapped[float | None] = mapped_column(Double)
    text: Mapped[str | None] = mapped_column(Text)


def response_to(session: Session, invitation_id: int, *, lock: bool = False) -> Response | None:
    """The response to an invitation; with `lock` no other press changes it until the end of the transaction."""
    query = select(Response).where(Response.invitation_id == invitation_id)
    return session.scalar(query.with_for_update() if lock else query)


def answers_of(session: Session, response_id: int) -> dict[str, Cells]:
    """The stored answers of one response."""
    found: dict[str, Cells] = {}
    for each in session.execute(_cells(Answer.response_id == response_id)):
        found[each[1]] = (*found.get(each[1], ()), Cell(each[2], each[3], each[4], each[5]))
    return found


def _cells(where: ColumnElement[bool]) -> Select[int, str, str, str, float | None, str | None]:
    return (
        select(Answer.response_id, Answer.question, Answer.row, Answer.value, Answer.number, Answer.text)
        .where(where)
        .order_by(Answer.response_id, Answer.question, Answer.row, Answer.value)
    )


def drop_response(session: Session, response: Response) -> None:
    """Drop an open response with its answers."""
    session.execute(delete(Answer).where(Answer.response_id == response.id))
    session.execute(delete(Response).where(Response.id == response.id))
    session.expunge(response)


def pages_left(session: Session, survey_id: int) -> dict[str, int]:
    """How many open responses stand at each page."""
    rows = session.execute(
        select(Response.page, func.count())
        .where(Response.survey_id == survey_id, Response.state == ResponseState.OPEN.value)
        .group_by(Response.page)
    )
    return dict(rows.all())
