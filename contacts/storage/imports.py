"""Imports: what was imported when, from which file, and what became of its rows."""

from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, exists, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from contacts.domain.sheets import TableShape
from core.cards import mask_card_numbers
from core.database import Base, Json, Moment, Number
from core.errors import NotFound

STOPPED_AFTER = timedelta(minutes=5)
"""An import that runs and tells nothing for so long was cut off: a batch takes a second."""


class ImportState(StrEnum):
    """How far an import is; one that stays running without progress was interrupted and can be run again."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class ImportRun(Base):
    """One import of one file; committed batch by batch, its counts with each."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'finished', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operator: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(255))
    shape: Mapped[dict[str, Any]] = mapped_column(Json)
    mapping: Mapped[list[str]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Number)
    read: Mapped[int] = mapped_column(Number, default=0)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    rejects: Mapped[str] = mapped_column(String(255), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def done(self) -> float:
        """The part of the file that was read, from 0 to 1."""
        return min(self.read / self.size, 1.0) if self.size else 1.0


def begin_import(
    session: Session, *, operator: str, file_name: str, shape: TableShape, mapping: list[str], size: int, at: datetime
) -> int:
    """Write down that an import begins; its number. ``size`` is in bytes."""
    run = ImportRun(
        operator=operator[:200],
        file_name=mask_card_numbers(file_name)[-255:],
        shape=asdict(shape),
        mapping=mapping,
        state=ImportState.RUNNING.value,
        size=size,
        started_at=at,
        touched_at=at,
    )
    session.add(run)
    session.flush()
    return run.id


def tell_progress(session: Session, run_id: int, *, read: int, counts: dict[str, int], at: datetime) -> None:
    """Write down how far an import is, in the transaction of the batch itself. ``read`` is in bytes."""
    _change(session, run_id, read=read, counts=counts, touched_at=at)


def finish_import(session: Session, run_id: int, *, counts: dict[str, int], rejects: str, at: datetime) -> None:
    """Write down that an import read the whole file."""
    state = ImportState.FINISHED.value
    _change(session, run_id, state=state, counts=counts, rejects=rejects, touched_at=at, finished_at=at)


def fail_import(session: Session, run_id: int, *, problem: str, rejects: str, at: datetime) -> None:
    """Write down that an import ended early; the batches before stay, and running it again is safe."""
    state = ImportState.FAILED.value
    _change(session, run_id, state=state, problem=problem, rejects=rejects, touched_at=at, finished_at=at)


def _change(session: Session, run_id: int, **values: Any) -> None:
    session.execute(
        update(ImportRun).where(ImportRun.id == run_id).values(**values),
        execution_options={"synchronize_session": False},
    )


def latest_imports(session: Session, most: int = 50) -> list[ImportRun]:
    """The latest imports, newest first."""
    return list(session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(most)))


def stopped_imports(session: Session, *, at: datetime) -> list[int]:
    """The numbers of the imports that were cut off in the middle, and whose file nobody has imported whole since."""
    later = aliased(ImportRun)
    again = exists().where(
        later.id > ImportRun.id,
        later.state == ImportState.FINISHED.value,
        later.file_name == ImportRun.file_name,
        later.size == ImportRun.size,
    )
    silent = ImportRun.state == ImportState.RUNNING.value, ImportRun.touched_at < at - STOPPED_AFTER
    return list(session.scalars(select(ImportRun.id).where(*silent, ~again).order_by(ImportRun.id)))


def import_numbered(session: Session, run_id: int) -> ImportRun:
    """One import.

    Raises:
        NotFound: there is none of that number.
    """
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound("There is no such import.")
    return run
