"""The tables that a survey's answers stand in: with their invitation, or with no way back to anybody (G14)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Day, Json, Number
from surveys.domain.anonymity import Anonymity
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey


class AnonymousResponse(Base):
    """Somebody's completed answers to an anonymous survey: no invitation, a random number, and the day alone.

    Its columns have the names that a response's have, so that the same statements read both.
    """

    __tablename__ = "anonymous_response"
    __table_args__ = (
        CheckConstraint("state = 'complete'", name="state"),
        ForeignKeyConstraint(["survey_id", "version"], ["survey_version.survey_id", "survey_version.number"]),
        Index("ix_anonymous_response_survey_id", "survey_id", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="complete", server_default="complete")
    completed_at: Mapped[datetime] = mapped_column(Day)
    language: Mapped[str] = mapped_column(String(35), default="", server_default="")
    ending: Mapped[str] = mapped_column(String(40), default="", server_default="")
    quota: Mapped[str] = mapped_column(String(40), default="", server_default="")
    shown: Mapped[Any | None] = mapped_column(Json)
    signs: Mapped[str] = mapped_column(String(80), default="", server_default="")


class AnonymousAnswer(Base):
    """One cell of an answer to an anonymous survey."""

    __tablename__ = "anonymous_answer"
    __table_args__ = (CheckConstraint("question <> ''", name="question"), {"sqlite_with_rowid": False})

    response_id: Mapped[int] = mapped_column(
        Number, ForeignKey("anonymous_response.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    row: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    value: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    number: Mapped[float | None] = mapped_column(Double)
    text: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class AnswerTables:
    """The two tables that results and exports read: completed responses, and their answers.

    What both kinds have can be asked alike: `id`, `survey_id`, `version`, `state`, `completed_at` (of an anonymous one
    the day), `language`, `ending`, `quota`, `shown` and `signs`; `response_id`, `question`, `row`, `value`,
    `number` and `text`.
    """

    response: type[Response] | type[AnonymousResponse]
    answer: type[Answer] | type[AnonymousAnswer]


_NAMED = AnswerTables(Response, Answer)
_NAMELESS = AnswerTables(AnonymousResponse, AnonymousAnswer)


def tables_of(survey: Survey) -> AnswerTables:
    """Where this survey's completed responses stand; anonymous ones once they were released from their batch."""
    return _NAMELESS if survey.mode is Anonymity.ANONYMOUS else _NAMED
