"""Cases: what a person asked of us and when it is due; receipts of what was done; legal holds; and pairs of eyes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, Key, Moment, Number


class Case(Base):
    """One request of one person; while it is open the address may be held. Erased: address and words are empty."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('opt_out', 'access', 'erasure', 'correction', 'objection', 'child', 'question')", name="kind"
        ),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        Index("ix_case_file_address_key", "address_key"),
        Index("ix_case_file_closed_at", "closed_at", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    door: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[bytes] = mapped_column(Key)
    family_key: Mapped[bytes] = mapped_column(Key)
    words: Mapped[str] = mapped_column(Text, default="")
    holds: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(40))
    notes: Mapped[str] = mapped_column(Text, default="")
    operator: Mapped[str] = mapped_column(String(200), default="")


class Receipt(Base):
    """What was done about a person's data, without the data: counts by kind, for the person and for an auditor."""

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint("act IN ('export', 'erasure', 'correction', 'child_deletion', 'disclosure')", name="act"),
        Index("ix_receipt_address_key", "address_key"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    act: Mapped[str] = mapped_column(String(20))
    address_key: Mapped[bytes] = mapped_column(Key)
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment)
    operator: Mapped[str] = mapped_column(String(200))
    counts: Mapped[dict[str, Any]] = mapped_column(Json)


class LegalHold(Base):
    """A reason in law to keep a person's data for now: erasure waits, and permits nothing meanwhile (P13)."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
        Index("ix_legal_hold_address_key", "address_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[bytes] = mapped_column(Key)
    basis: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime] = mapped_column(Moment)
    placed_by: Mapped[str] = mapped_column(String(200))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
    lifted_by: Mapped[str | None] = mapped_column(String(200))


class Proposal(Base):
    """An act that needs a second pair of eyes: proposed by one operator, decided by another."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("act IN ('child_correction', 'disclosure', 'lift_legal_hold')", name="act"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided"),
        CheckConstraint("outcome IN ('approved', 'refused')", name="outcome"),
        Index("ix_proposal_address_key", "address_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(20))
    address_key: Mapped[bytes] = mapped_column(Key)
    family_key: Mapped[bytes] = mapped_column(Key)
    evidence: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(10))
