"""Coding frames: what the team makes of open texts, and which text has which codes."""

from collections.abc import Collection, Sequence

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Number, insert_new

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
"""The keys that set a code, in the order of the frame."""


class TextCode(Base):
    """One code of the frame of one question; `place` is its line in the frame."""

    __tablename__ = "text_code"
    __table_args__ = (UniqueConstraint("survey_id", "question", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    question: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200))
    place: Mapped[int]


class TextCoding(Base):
    """A code given to one response's text. No foreign key: a response stands in one of two tables."""

    __tablename__ = "text_coding"
    __table_args__ = (Index("ix_text_coding_response", "survey_id", "response_id"),)

    code_id: Mapped[int] = mapped_column(ForeignKey("text_code.id", ondelete="CASCADE"), primary_key=True)
    response_id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))


def frame_of(session: Session, survey_id: int, question: str) -> list[TextCode]:
    """The codes of a question, in the order of the frame."""
    query = select(TextCode).where(TextCode.survey_id == survey_id, TextCode.question == question)
    return list(session.scalars(query.order_by(TextCode.place, TextCode.id)))


def store_frame(session: Session, survey_id: int, question: str, codes: Sequence[tuple[str, str]]) -> None:
    """Make (name, label) the frame, in this order; a code that is left out goes, with what it was given to."""
    known = {code.name: code for code in frame_of(session, survey_id, question)}
    for name in known.keys() - {name for name, _label in codes}:
        session.delete(known[name])
    for place, (name, label) in enumerate(codes):
        code = known.get(name)
        if code is None:
            code = TextCode(survey_id=survey_id, question=question, name=name)
            session.add(code)
        code.label, code.place = label, place
    session.flush()


def code_text(
    session: Session, survey_id: int, response_id: int, codes: Collection[int], frame: Collection[int]
) -> None:
    """Give one text exactly these codes of the frame."""
    gone = set(frame) - set(codes)
    session.execute(delete(TextCoding).where(TextCoding.response_id == response_id, TextCoding.code_id.in_(gone)))
    given = sorted(set(frame) & set(codes))
    insert_new(
        session,
        TextCoding,
        [{"code_id": code, "response_id": response_id, "survey_id": survey_id} for code in given],
    )


def codes_of(session: Session, frame: Collection[int], responses: Collection[int]) -> dict[int, set[int]]:
    """The codes that each of these responses' texts has."""
    rows = session.execute(
        select(TextCoding.response_id, TextCoding.code_id).where(
            TextCoding.code_id.in_(frame), TextCoding.response_id.in_(responses)
        )
    )
    found: dict[int, set[int]] = {}
    for response, code in rows:
        found.setdefault(response, set()).add(code)
    return found


def all_codings(session: Session, frame: Collection[int]) -> dict[int, set[int]]:
    """The codes of every coded response."""
    rows = session.execute(select(TextCoding.response_id, TextCoding.code_id).where(TextCoding.code_id.in_(frame)))
    found: dict[int, set[int]] = {}
    for response, code in rows:
        found.setdefault(response, set()).add(code)
    return found


def forget_codings(session: Session, responses: Collection[tuple[int, int]]) -> None:
    """Drop what these (response, survey) were coded with: they are about to be deleted."""
    for survey_id in {survey for _response, survey in responses}:
        numbers = [response for response, survey in responses if survey == survey_id]
        session.execute(
            delete(TextCoding).where(TextCoding.survey_id == survey_id, TextCoding.response_id.in_(numbers))
        )
