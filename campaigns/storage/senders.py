"""Senders: the processes that hand mail over, when they came, were last heard of, and went."""

from datetime import datetime

from sqlalchemy import Index, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment

_RUNNING = text("stopped_at IS NULL")


class Sender(Base):
    """One run of a sending process."""

    __tablename__ = "sender"
    __table_args__ = (Index("ix_sender_running", "seen_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)


def start_sender(session: Session, name: str, at: datetime) -> int:
    """Register a sending process; its number is its identity in claims and permits."""
    sender = Sender(name=name, started_at=at, seen_at=at)
    session.add(sender)
    session.flush()
    return sender.id


def beat(session: Session, sender_id: int, at: datetime) -> None:
    """Say that the sender is alive, also to whoever believed it dead while the database was away."""
    session.execute(update(Sender).where(Sender.id == sender_id).values(seen_at=at, stopped_at=None))


def stop_sender(session: Session, sender_id: int, at: datetime) -> None:
    """Say that the sender has gone for good; it holds no claim any more."""
    session.execute(update(Sender).where(Sender.id == sender_id).values(seen_at=at, stopped_at=at))


def running_senders(session: Session) -> list[Sender]:
    """Senders that have not said goodbye, whether or not they are still heard of."""
    return list(session.scalars(select(Sender).where(Sender.stopped_at.is_(None)).order_by(Sender.id)))
