"""Senders: the processes that hand mail over, when they came, were last heard of, what they do, and when they went."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Float, Index, String, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Moment

_RUNNING = text("stopped_at IS NULL")


class SenderState(StrEnum):
    """What a sender does at this moment."""

    IDLE = "idle"  # nothing is due
    SENDING = "sending"
    AWAY = "away"  # no mail server answers
    DRAINING = "draining"  # it ends what it began, and begins nothing more


@dataclass(frozen=True)
class Sign:
    """A sign of life: what the sender does, how fast, and how much it did; `rate` in messages a second."""

    state: SenderState = SenderState.IDLE
    rate: float = 0.0
    handed_over: int = 0


class Sender(Base):
    """One run of a sending process.

    `name`: machine:process. `overtaken`: how many of its messages were handed over, as it told later, although others
    had taken it for dead and settled their permits as unknown (docs/decisions/0025).
    """

    __tablename__ = "sender"
    __table_args__ = (Index("ix_sender_running", "seen_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10), default=SenderState.IDLE.value, server_default="idle")
    rate: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    handed_over: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    overtaken: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    @property
    def machine(self) -> str:
        """The machine's name."""
        return self.name.rpartition(":")[0]


def start_sender(session: Session, name: str, at: datetime) -> int:
    """Register a sending process; its number is its identity in claims and permits."""
    sender = Sender(name=name, started_at=at, seen_at=at)
    session.add(sender)
    session.flush()
    return sender.id


def beat(session: Session, sender_id: int, at: datetime, sign: Sign | None = None) -> None:
    """Say that the sender is alive, also to whoever believed it dead while the database was away, and what it does."""
    told = {"state": sign.state.value, "rate": sign.rate, "handed_over": sign.handed_over} if sign else {}
    session.execute(update(Sender).where(Sender.id == sender_id).values(seen_at=at, stopped_at=None, **told))


def note_overtaken(session: Session, sender_id: int, number: int) -> None:
    """Count messages that were handed over although others had settled their permits as unknown."""
    session.execute(
        update(Sender)
        .where(Sender.id == sender_id)
        .values(overtaken=Sender.overtaken + number)
        .execution_options(synchronize_session=False)
    )


def overtaken(session: Session) -> int:
    """How many messages all senders there ever were handed over after they had been taken for dead."""
    return session.scalar(select(func.coalesce(func.sum(Sender.overtaken), 0))) or 0


def stop_sender(session: Session, sender_id: int, at: datetime) -> None:
    """Say that the sender has gone for good; it holds no claim any more."""
    session.execute(update(Sender).where(Sender.id == sender_id).values(seen_at=at, stopped_at=at, rate=0.0))


def running_senders(session: Session) -> list[Sender]:
    """Senders that have not said goodbye, whether or not they are still heard of."""
    return list(session.scalars(select(Sender).where(Sender.stopped_at.is_(None)).order_by(Sender.id)))


def senders_lately(session: Session, *, since: datetime, most: int = 200) -> list[Sender]:
    """Senders that run, then those that went since then, the latest first."""
    query = select(Sender).where((Sender.stopped_at.is_(None)) | (Sender.stopped_at >= since))
    return list(session.scalars(query.order_by(Sender.stopped_at.is_not(None), Sender.id.desc()).limit(most)))
