"""Buckets: what is left of each rate, shared by all senders and kept over restarts."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Float, String, Table, bindparam, delete, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.allowances import Allowance
from core.bulk import insert_new
from core.clock import now
from core.database import Base, Moment


class Bucket(Base):
    """One rate: of a server, a provider or domain, or a mailing; a name holds a domain at most, never an address."""

    __tablename__ = "bucket"

    name: Mapped[str] = mapped_column(String(280), primary_key=True)
    rate: Mapped[float] = mapped_column(Float)
    tokens: Mapped[float] = mapped_column(Float)
    refilled_at: Mapped[datetime] = mapped_column(Moment)
    promised_until: Mapped[datetime | None] = mapped_column(Moment)


def clock_of(session: Session) -> datetime:
    """The moment by the database's own clock, which is the same for senders on all machines; SQLite has ours."""
    if session.get_bind().dialect.name == "sqlite":
        return now()
    moment: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def open_buckets(session: Session, rates: Mapping[str, float], *, at: datetime) -> dict[str, Allowance]:
    """What may go now, by bucket; nobody else spends from these before this transaction ends.

    Args:
        session: a writing session.
        rates: name of a bucket to messages a second; one that nobody knew is full.
        at: now.
    """
    found = _locked(session, rates)
    if missing := sorted(rates.keys() - found.keys()):
        _make(session, {name: rates[name] for name in missing}, at)
        found = _locked(session, rates)
    for name, allowance in found.items():
        allowance.rate = rates[name]
        allowance.refill(at)
    return found


def _locked(session: Session, names: Mapping[str, float]) -> dict[str, Allowance]:
    rows = session.execute(
        select(Bucket.name, Bucket.rate, Bucket.tokens, Bucket.refilled_at, Bucket.promised_until)
        .where(Bucket.name.in_(sorted(names)))
        .order_by(Bucket.name)  # everybody locks in one order
        .with_for_update()
    )
    return {name: Allowance(rate, tokens, at, promised) for name, rate, tokens, at, promised in rows}


def _make(session: Session, rates: Mapping[str, float], at: datetime) -> None:
    rows = [
        {"name": name, "rate": rate, "tokens": Allowance(rate, 0, at).burst, "refilled_at": at}
        for name, rate in rates.items()
    ]
    insert_new(session, Bucket, rows)


def close_buckets(session: Session, allowances: Mapping[str, Allowance]) -> None:
    """Keep what is left, in one statement."""
    if not allowances:
        return
    table = cast(Table, Bucket.__table__)
    session.connection().execute(
        update(table)
        .where(table.c.name == bindparam("b_name"))
        .values(
            rate=bindparam("b_rate"),
            tokens=bindparam("b_tokens"),
            refilled_at=bindparam("b_at"),
            promised_until=bindparam("b_promised"),
        ),
        [
            {"b_name": name, "b_rate": each.rate, "b_tokens": each.tokens, "b_at": each.at, "b_promised": each.promised}
            for name, each in sorted(allowances.items())
        ],
    )


def forget_buckets(session: Session, before: datetime) -> None:
    """Leave out what nobody has used since: it would be full."""
    session.execute(delete(Bucket).where(Bucket.refilled_at < before))


def all_buckets(session: Session) -> list[Bucket]:
    """Every bucket by name, for the console."""
    return list(session.scalars(select(Bucket).order_by(Bucket.name)))
