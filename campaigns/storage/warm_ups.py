"""Warm-ups: how many messages each server was given on each day, counted for its plan."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from sqlalchemy import Date, String, Table, bindparam, delete, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.rations import Lot
from core.bulk import insert_new
from core.database import Base


class WarmUpDay(Base):
    """What one server was given on one calendar day of the house, for one provider or for all."""

    __tablename__ = "warm_up_day"

    relay: Mapped[str] = mapped_column(String(60), primary_key=True)
    provider: Mapped[str] = mapped_column(String(255), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)


def open_day(session: Session, lots: Iterable[Lot], day: date) -> dict[Lot, int]:
    """How many messages of that day are gone, by lot; nobody else counts on them before this transaction ends."""
    asked = sorted(lots)
    found = _locked(session, asked, day)
    if missing := [lot for lot in asked if lot not in found]:
        rows = [{"relay": relay, "provider": provider, "day": day, "taken": 0} for relay, provider in missing]
        insert_new(session, WarmUpDay, rows)
        found = _locked(session, asked, day)
    return found


def _locked(session: Session, lots: list[Lot], day: date) -> dict[Lot, int]:
    rows = session.execute(
        select(WarmUpDay.relay, WarmUpDay.provider, WarmUpDay.taken)
        .where(WarmUpDay.day == day, tuple_(WarmUpDay.relay, WarmUpDay.provider).in_(lots))
        .order_by(WarmUpDay.relay, WarmUpDay.provider)  # everybody locks in one order
        .with_for_update()
    )
    return {(relay, provider): taken for relay, provider, taken in rows}


def count_on(session: Session, taken: Mapping[tuple[Lot, date], int]) -> None:
    """Add to the counts, in one statement; less than nothing for what was given and came back unsent."""
    if not taken:
        return
    table = cast(Table, WarmUpDay.__table__)
    session.connection().execute(
        update(table)
        .where(
            table.c.relay == bindparam("b_relay"),
            table.c.provider == bindparam("b_provider"),
            table.c.day == bindparam("b_day"),
        )
        .values(taken=table.c.taken + bindparam("b_more")),
        [
            {"b_relay": relay, "b_provider": provider, "b_day": day, "b_more": more}
            for ((relay, provider), day), more in sorted(taken.items())
        ],
    )


def taken_on(session: Session, day: date) -> dict[Lot, int]:
    """What every server was given that day, for the console."""
    rows = session.execute(select(WarmUpDay.relay, WarmUpDay.provider, WarmUpDay.taken).where(WarmUpDay.day == day))
    return {(relay, provider): taken for relay, provider, taken in rows}


def forget_days(session: Session, before: date) -> None:
    """Leave out the counts of days long past."""
    session.execute(delete(WarmUpDay).where(WarmUpDay.day < before))
