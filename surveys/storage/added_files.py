"""Files that people added to their answers: kept beside the response, and gone with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary, String, delete, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment, Number
from surveys.domain.cells import Cell
from surveys.storage.responses import Response


class Upload(Base):
    """The file in answer to one question; it is there as long as the answer that names it by its `digest`."""

    __tablename__ = "upload"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "question", "row", "digest"],
            ["answer.response_id", "answer.question", "answer.row", "answer.value"],
            ondelete="CASCADE",
        ),
    )

    response_id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    row: Mapped[str] = mapped_column(String(40), default="")
    digest: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Moment)


def keep_upload(session: Session, response_id: int, question: str, cell: Cell, content: bytes, at: datetime) -> None:
    """Keep the file that this cell names; the one that the answer named before went with it."""
    session.execute(delete(Upload).where(Upload.response_id == response_id, Upload.question == question))
    session.add(
        Upload(
            response_id=response_id,
            question=question,
            row=cell.row,
            digest=cell.value,
            name=cell.text or "",
            content=content,
            kept_at=at,
        )
    )
    session.flush()


def upload_of(session: Session, survey_id: int, response_id: int, question: str) -> Upload | None:
    """One file of a completed response to this survey."""
    return session.scalar(
        select(Upload)
        .join(Response, Response.id == Upload.response_id)
        .where(
            Response.survey_id == survey_id,
            Response.completed_at.is_not(None),
            Upload.response_id == response_id,
            Upload.question == question,
        )
    )


@dataclass(frozen=True)
class Listed:
    """One file in a list: whose response, which question, its name, its size in bytes, and when it came."""

    response_id: int
    question: str
    name: str
    size: int
    kept_at: datetime


def uploads_of(session: Session, survey_id: int, *, after: tuple[int, str] = (0, ""), limit: int = 100) -> list[Listed]:
    """The files of completed responses to this survey, in the order of the responses, those after that one."""
    rows = session.execute(
        select(Upload.response_id, Upload.question, Upload.name, func.length(Upload.content), Upload.kept_at)
        .join(Response, Response.id == Upload.response_id)
        .where(
            Response.survey_id == survey_id,
            Response.completed_at.is_not(None),
            tuple_(Upload.response_id, Upload.question) > tuple_(*after),
        )
        .order_by(Upload.response_id, Upload.question)
        .limit(limit)
    )
    return [Listed(*row) for row in rows]
