"""Attempts: how often something was tried, under keyed digests that are gone within a day; nobody is named."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.signup_limits import DAY, Counted, hour_of, is_too_many
from core.database import Base, Key, Moment


class Attempt(Base):
    """How often something was tried within an hour, by the keyed digest of who or what tried; nobody is named."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_hour", "hour"),)

    digest: Mapped[bytes] = mapped_column(Key, primary_key=True)
    hour: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    number: Mapped[int]


def count_attempt(session: Session, digest: bytes, *, at: datetime) -> None:
    """Count one more, whoever else counts at the same moment."""
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(cast(Any, Attempt.__table__)).values(digest=digest, hour=hour_of(at), number=1)
    session.execute(
        statement.on_conflict_do_update(index_elements=["digest", "hour"], set_={"number": Attempt.number + 1})
    )


def attempts_of(session: Session, digest: bytes, *, at: datetime) -> tuple[int, int]:
    """How many in this hour of the clock, and in the last 24 of them."""
    rows = session.execute(
        select(Attempt.hour, func.sum(Attempt.number))
        .where(Attempt.digest == digest, Attempt.hour > hour_of(at) - DAY)
        .group_by(Attempt.hour)
    )
    counted = {hour: number for hour, number in rows}  # noqa: C416 - rows are no pairs to the type checker
    return counted.get(hour_of(at), 0), sum(counted.values())


def tried_too_often(session: Session, counted: Counted, digest: bytes, *, at: datetime, times: int = 1) -> bool:
    """Count one more, and say whether that is more than the table allows, or so many `times` of it."""
    count_attempt(session, digest, at=at)
    return is_too_many(counted, *attempts_of(session, digest, at=at), times=times)


def forget_attempts(session: Session, *, at: datetime) -> None:
    """Forget what was tried a day ago."""
    session.execute(delete(Attempt).where(Attempt.hour <= at - DAY), execution_options={"synchronize_session": False})
