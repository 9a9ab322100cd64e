"""Sign-ups: the forms, and who asked through one and has not confirmed yet; a request alone permits nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, Key, Moment, Number


class SignupForm(Base):
    """A form by which people ask for mail on some topics; its wording is what they agree to."""

    __tablename__ = "signup_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    wording: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[Any]] = mapped_column(Json)
    source: Mapped[str] = mapped_column(String(20), default="mailing_list")
    language: Mapped[str] = mapped_column(String(35), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Signup(Base):
    """One request; kept until it is confirmed or has expired, then deleted with the address.

    `wording_hash` is the SHA-256 of what was agreed to; the gate lets one confirmation mail pass for it.
    """

    __tablename__ = "signup"
    __table_args__ = (
        CheckConstraint("expires_at > requested_at", name="expires"),
        Index("ix_signup_address_key", "address_key"),
        Index("ix_signup_expires_at", "expires_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[bytes] = mapped_column(Key)
    family_key: Mapped[bytes] = mapped_column(Key)
    form_id: Mapped[int] = mapped_column(BigInteger)
    topics: Mapped[list[Any]] = mapped_column(Json)
    given_name: Mapped[str] = mapped_column(String(200), default="")
    family_name: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(35), default="")
    source: Mapped[str] = mapped_column(String(20))
    wording_hash: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(String(40))
    page: Mapped[str] = mapped_column(String(500), default="")
    requested_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class Attempt(Base):
    """How often something was tried within an hour, by the keyed digest of who or what tried; nobody is named."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_hour", "hour"),)

    digest: Mapped[bytes] = mapped_column(Key, primary_key=True)
    hour: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    number: Mapped[int]
