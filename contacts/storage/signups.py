"""Sign-ups: who asked for mail by a form and may not have confirmed yet; a request alone permits nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import Kind
from contacts.domain.permission import Numbered
from contacts.domain.scopes import EVERYTHING
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import Block
from core.database import Base, Json, Key, Moment, Number

_UNMAILED = text("mailed_at IS NULL")


class Signup(Base):
    """One request; kept until it is confirmed or has expired, then deleted with the address.

    `wording_hash` is the SHA-256 of what was agreed to; the gate lets one confirmation mail pass for it. `code` is what
    that mail tells for a page that waits for it; where there is none, the mail's link leads on.
    """

    __tablename__ = "signup"
    __table_args__ = (
        CheckConstraint("expires_at > requested_at", name="expires"),
        Index("ix_signup_address_key", "address_key"),
        Index("ix_signup_expires_at", "expires_at"),
        Index("ix_signup_unmailed", "id", sqlite_where=_UNMAILED, postgresql_where=_UNMAILED),
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
    code: Mapped[str | None] = mapped_column(String(12))


def ask_anew(session: Session, signup: Signup) -> None:
    """Keep a request; it takes the place of one for the same address of which no mail was planned yet.

    A link that was mailed is never changed by what somebody asks later: it names its own request.
    """
    session.execute(
        delete(Signup).where(Signup.address_key == signup.address_key, Signup.mailed_at.is_(None)),
        execution_options={"synchronize_session": False},
    )
    session.add(signup)
    session.flush()


def signup_numbered(session: Session, signup_id: int, *, at: datetime) -> Signup | None:
    """A request that has not expired, confirmed or not."""
    return session.scalar(select(Signup).where(Signup.id == signup_id, Signup.expires_at > at))


def signup_with_code(session: Session, own: bytes, page: str, code: str, *, at: datetime) -> Signup | None:
    """The open request of an address at a page that was given this code, if there is one."""
    asked = (Signup.address_key == own, Signup.page == page, Signup.code == code)
    return session.scalar(select(Signup).where(*asked, *is_open(at)).order_by(Signup.id.desc()).limit(1))


def take_for_confirming(session: Session, signup_id: int, *, at: datetime) -> bool:
    """Mark a request confirmed; False if it was already, or has expired: whoever comes second changes nothing."""
    taken = session.execute(
        update(Signup)
        .where(Signup.id == signup_id, *is_open(at))
        .values(confirmed_at=at)
        .returning(Signup.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


_ENDING = frozenset({Kind.OPT_OUT, Kind.COMPLAINT, Kind.ERASURE, Kind.CHILD})
_MOST_KEYS = 10_000


def end_requests(session: Session, events: Sequence[Numbered]) -> None:
    """Forget what was asked for somebody who stops everything after that: no mail asks them whether they meant it.

    Of a request that was confirmed there is nothing to end; a later one stands, for it comes after the stop.
    """
    ended = [bytes(each.fact.own) for each in events if each.fact.kind in _ENDING and each.fact.scope == EVERYTHING]
    for start in range(0, len(ended), _MOST_KEYS):
        session.execute(
            delete(Signup).where(
                Signup.address_key.in_(ended[start : start + _MOST_KEYS]), Signup.confirmed_at.is_(None)
            ),
            execution_options={"synchronize_session": False},
        )


def forget_signups_of(session: Session, own: bytes) -> None:
    """Forget every request of an address, with the address."""
    session.execute(delete(Signup).where(Signup.address_key == own), execution_options={"synchronize_session": False})


def forget_signups(session: Session, *, at: datetime) -> None:
    """Forget requests that have expired, and those of whoever turned out to be a child, with their addresses."""
    over = select(Signup.id).where(or_(Signup.expires_at <= at, Signup.address_key.in_(_children())))
    session.execute(
        delete(Signup).where(Signup.id.in_(session.scalars(over.with_for_update(skip_locked=True)).all())),
        execution_options={"synchronize_session": False},
    )


def _children() -> Any:
    return select(Block.address_key).where(Block.reason == BlockReason.CHILD.value)


def is_child(session: Session, own: bytes) -> bool:
    """Whether an address is flagged as a child's: nothing but that is kept of it."""
    child = select(Block.rank).where(Block.address_key == own, Block.reason == BlockReason.CHILD.value).limit(1)
    return session.scalar(child) is not None


def is_open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a request that may still be confirmed."""
    return Signup.confirmed_at.is_(None), Signup.expires_at > at


def take_for_mailing(session: Session, signup_id: int, *, at: datetime) -> bool:
    """Mark that a request's mail is planned; False if another clock did, or the request is gone."""
    taken = session.execute(
        update(Signup)
        .where(Signup.id == signup_id, Signup.mailed_at.is_(None))
        .values(mailed_at=at)
        .returning(Signup.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


def family_asked_for(session: Session, own: bytes) -> bytes | None:
    """The family's key of an address of which nothing is known but that somebody entered it."""
    return session.scalar(select(Signup.family_key).where(Signup.address_key == own).limit(1))


def count_waiting(session: Session, *, at: datetime) -> dict[int, int]:
    """How many requests wait to be confirmed, by form."""
    rows = session.execute(select(Signup.form_id, func.count()).where(*is_open(at)).group_by(Signup.form_id))
    return {form_id: number for form_id, number in rows}  # noqa: C416 - rows are no pairs to the type checker
