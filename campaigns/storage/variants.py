"""Variants of a mailing: what each says instead, who gets which, and which of them the rest gets."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, Moment

OPEN = datetime(9999, 1, 1, tzinfo=UTC)
"""When a message whose variant is open would be tried: never, until somebody or the clock has decided."""
_PRIME = 2_147_483_647


class Variant(Base):
    """What one variant of a mailing says in place of the mailing's own words; A, number 1, is the mailing itself."""

    __tablename__ = "variant"
    __table_args__ = (UniqueConstraint("mailing_id", "number"), CheckConstraint("number > 1", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(255))
    subject_template: Mapped[str] = mapped_column(Text)
    preheader: Mapped[str] = mapped_column(String(255))
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class Trial(Base):
    """How the variants of a mailing compete, and how it ended.

    `decide_at` is set once everybody of the first share was tried; `answers` are the answers so far by variant, where
    these decide; `seen` is what the decision saw.
    """

    __tablename__ = "trial"
    __table_args__ = (
        CheckConstraint("criterion IN ('clicks', 'answers')", name="criterion"),
        CheckConstraint("unclear IN ('first', 'ask')", name="unclear"),
        CheckConstraint("share > 0 AND share <= 100", name="share"),
        CheckConstraint("(winner IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"), primary_key=True, autoincrement=False)
    variants: Mapped[int] = mapped_column(SmallInteger)
    share: Mapped[int] = mapped_column(SmallInteger)
    wait_hours: Mapped[int] = mapped_column(SmallInteger)
    criterion: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[int] = mapped_column(SmallInteger)
    unclear: Mapped[str] = mapped_column(String(20))
    decide_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    answers: Mapped[dict[str, int] | None] = mapped_column(Json)
    winner: Mapped[int | None] = mapped_column(SmallInteger)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str] = mapped_column(String(320), default="")
    seen: Mapped[dict[str, Any] | None] = mapped_column(Json)
