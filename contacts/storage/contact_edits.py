"""Bulk edits: which operator changed what of how many contacts, and how far a change is that is under way."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Json, Moment, Number
from core.errors import NotFound

STOPPED_AFTER = timedelta(minutes=5)
"""An edit that runs and tells nothing for so long was cut off: a batch takes a second."""


class ContactEdit(Base):
    """One edit of many contacts at once; committed batch by batch, its counts with each. Names nobody."""

    __tablename__ = "contact_edit"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'finished', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operator: Mapped[str] = mapped_column(String(200))
    segment: Mapped[str] = mapped_column(String(100))
    condition: Mapped[dict[str, Any]] = mapped_column(Json)
    edit: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    met: Mapped[int] = mapped_column(Number)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


def begin_edit(session: Session, begun: ContactEdit) -> int:
    """Write down that an edit begins; its number."""
    session.add(begun)
    session.flush()
    return begun.id


def tell_edit(session: Session, edit_id: int, counts: Mapping[str, int], *, at: datetime) -> None:
    """Write down how far an edit is, in the transaction of the batch itself."""
    _change(session, edit_id, counts=dict(counts), touched_at=at)


def end_edit(session: Session, edit_id: int, *, at: datetime, problem: str = "") -> None:
    """Write down that an edit came to its end, or ended early: the batches before stay."""
    state = "failed" if problem else "finished"
    _change(session, edit_id, state=state, problem=problem, touched_at=at, finished_at=at)


def _change(session: Session, edit_id: int, **values: Any) -> None:
    session.execute(
        update(ContactEdit).where(ContactEdit.id == edit_id).values(**values),
        execution_options={"synchronize_session": False},
    )


def latest_edits(session: Session, most: int = 20) -> list[ContactEdit]:
    """The latest edits, newest first."""
    return list(session.scalars(select(ContactEdit).order_by(ContactEdit.id.desc()).limit(most)))


def stopped_edits(session: Session, *, at: datetime) -> list[int]:
    """The numbers of the edits that were cut off in the middle, and that nobody has run to the end since."""
    silent = select(ContactEdit).where(ContactEdit.state == "running", ContactEdit.touched_at < at - STOPPED_AFTER)
    stopped = session.scalars(silent.order_by(ContactEdit.id)).all()
    if not stopped:
        return []
    after = select(ContactEdit).where(ContactEdit.state == "finished", ContactEdit.id > stopped[0].id)
    ended = session.scalars(after).all()
    return [
        each.id
        for each in stopped
        if not any(
            later.id > each.id and (later.condition, later.edit) == (each.condition, each.edit) for later in ended
        )
    ]


def edit_numbered(session: Session, edit_id: int) -> ContactEdit:
    """One edit.

    Raises:
        NotFound: there is none of that number.
    """
    found = session.get(ContactEdit, edit_id)
    if found is None:
        raise NotFound("There is no such edit.")
    return found
