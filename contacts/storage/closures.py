"""Closures: from when to when a topic was archived or a partner not active; nobody is mailable for a closed scope.

Spans, so that an old verdict can be judged again; opening a scope makes nobody mailable who did not permit it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, String, and_, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment

_OPEN = text("reopened_at IS NULL")


class Closure(Base):
    """One span in which a scope was closed; not over while `reopened_at` is empty."""

    __tablename__ = "closure"
    __table_args__ = (
        Index("ix_closure_scope", "scope", "closed_at"),
        Index("ux_closure_open", "scope", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(60))
    closed_at: Mapped[datetime] = mapped_column(Moment)
    reopened_at: Mapped[datetime | None] = mapped_column(Moment)
    operator: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(String(500), default="")


def closed_at(at: datetime | ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition of a span that holds at a moment."""
    return and_(Closure.closed_at <= at, or_(Closure.reopened_at.is_(None), Closure.reopened_at > at))


def is_closed(session: Session, scope: str, *, at: datetime) -> bool:
    """Whether a scope is closed at a moment."""
    return session.scalar(select(Closure.id).where(Closure.scope == scope, closed_at(at)).limit(1)) is not None


def closed_scopes(session: Session, *, at: datetime) -> set[str]:
    """The scopes that are closed at a moment."""
    return set(session.scalars(select(Closure.scope).where(closed_at(at))))


def now_closed() -> ColumnElement[bool]:
    """The condition of a span that is not over."""
    return Closure.reopened_at.is_(None)


def close_scope(session: Session, scope: str, *, at: datetime, operator: str = "", why: str = "") -> None:
    """Close a scope; nothing happens where it is closed already."""
    if session.scalar(select(Closure.id).where(Closure.scope == scope, now_closed())) is None:
        session.add(Closure(scope=scope, closed_at=at, operator=operator, why=why))
        session.flush()


def reopen_scope(session: Session, scope: str, *, at: datetime) -> None:
    """End a scope's closure; nothing happens where it is open."""
    closure = session.scalar(select(Closure).where(Closure.scope == scope, now_closed()))
    if closure is not None:
        closure.reopened_at = at
        session.flush()
