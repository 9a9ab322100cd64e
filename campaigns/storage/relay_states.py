"""Relay states: how well each server does and how long it is left alone, and which mailbox providers push back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Float, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.relays import Health
from campaigns.domain.rests import OF_PROVIDERS, OF_RELAYS, Patience, longest_rest, rest_left
from core.bulk import insert_new
from core.database import Base, Moment

LONGEST_SAID = 500
MOST_SHOWN = 200


class RelayState(Base):
    """What all senders know of one server; its address and password are in the settings alone."""

    __tablename__ = "relay_state"
    patience: ClassVar[Patience] = OF_RELAYS

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    good: Mapped[float] = mapped_column(Float, default=0.0)
    bad: Mapped[float] = mapped_column(Float, default=0.0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    misses: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    said: Mapped[str] = mapped_column(String(LONGEST_SAID), default="")

    def health(self, at: datetime) -> Health:
        """How well it did lately."""
        return Health(self.good, self.bad, self.changed_at).later(at)


class BackOff(Base):
    """A mailbox provider or domain that wants less mail for now; `said` is its last reply, without addresses."""

    __tablename__ = "back_off"
    patience: ClassVar[Patience] = OF_PROVIDERS

    provider: Mapped[str] = mapped_column(String(255), primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(Moment, index=True)
    misses: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    said: Mapped[str] = mapped_column(String(LONGEST_SAID), default="")


@dataclass(frozen=True)
class Noted:
    """What one sender saw of a server or provider since it last told.

    misses: in a row; None if none was added. paused_until: None where no rest began.
    """

    name: str
    good: int = 0
    bad: int = 0
    misses: int | None = None
    paused_until: datetime | None = None
    said: str = ""


def note_relays(session: Session, noted: Iterable[Noted], *, at: datetime) -> None:
    """Add what a sender saw of servers."""
    seen = {each.name: each for each in noted}
    insert_new(session, RelayState, [_new(at) | {"name": name, "good": 0.0, "bad": 0.0} for name in sorted(seen)])
    query = select(RelayState).where(RelayState.name.in_(seen)).order_by(RelayState.name).with_for_update()
    for row in session.scalars(query):
        health = row.health(at).later(at, seen[row.name].good, seen[row.name].bad)
        row.good, row.bad, row.changed_at = health.good, health.bad, at
        _rest(row, seen[row.name], at)


def note_providers(session: Session, noted: Iterable[Noted], *, at: datetime) -> None:
    """Add what a sender saw of providers: only those that pushed back have a row, and lose it once they are well."""
    seen = {each.name: each for each in noted}
    pushed_back = sorted(name for name, each in seen.items() if each.paused_until)
    insert_new(session, BackOff, [_new(at) | {"provider": name} for name in pushed_back])
    query = select(BackOff).where(BackOff.provider.in_(seen)).order_by(BackOff.provider).with_for_update()
    for row in session.scalars(query):
        row.changed_at = at
        _rest(row, seen[row.provider], at)
        if not row.misses:
            session.delete(row)


def _new(at: datetime) -> dict[str, Any]:
    return {"changed_at": at, "misses": 0, "said": ""}


def _rest(row: RelayState | BackOff, noted: Noted, at: datetime) -> None:
    if noted.misses is not None:
        row.misses = max(row.misses, noted.misses) if noted.paused_until else min(row.misses, noted.misses)
    if noted.paused_until is not None:
        known, longest = row.paused_until, longest_rest(row.misses, row.patience)
        # a rest that ends later than it can was begun before the clock was set back
        still = known if known is not None and known <= at + longest else noted.paused_until
        row.paused_until = max(still, noted.paused_until)
    if noted.said:
        row.said = noted.said[:LONGEST_SAID]


def relay_states(session: Session) -> list[RelayState]:
    """Every server that was ever used, by name."""
    return list(session.scalars(select(RelayState).order_by(RelayState.name)))


def rests_until(row: RelayState | BackOff, at: datetime) -> datetime | None:
    """Until when it is left alone; None where it is not."""
    left = rest_left(row.paused_until, row.misses, row.patience, at)
    return at + left if left else None


def back_offs(session: Session, *, most: int = MOST_SHOWN) -> list[BackOff]:
    """The providers that pushed back and are not forgiven yet, those that rest longest first."""
    query = select(BackOff).where(BackOff.misses > 0).order_by(BackOff.paused_until.desc(), BackOff.provider)
    return list(session.scalars(query.limit(most)))


def count_back_offs(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(BackOff).where(BackOff.misses > 0)) or 0


def resting_providers(session: Session, at: datetime) -> list[BackOff]:
    """The providers that are left alone at this moment."""
    return list(session.scalars(select(BackOff).where(BackOff.paused_until > at)))


def changed_providers(session: Session, since: datetime) -> list[BackOff]:
    """The providers of which something new was learnt since."""
    return list(session.scalars(select(BackOff).where(BackOff.changed_at >= since)))


def end_rest(session: Session, *, relay: str = "", provider: str = "", at: datetime) -> bool:
    """Try a server or a provider again now, as an operator says; whether it was known."""
    if relay:
        query = update(RelayState).where(RelayState.name == relay).values(misses=0, paused_until=None)
        found = session.execute(query.returning(RelayState.name).execution_options(synchronize_session=False))
    else:
        ended = update(BackOff).where(BackOff.provider == provider).values(misses=0, paused_until=None, changed_at=at)
        found = session.execute(ended.returning(BackOff.provider).execution_options(synchronize_session=False))
    return found.first() is not None


def forget_back_offs(session: Session, before: datetime) -> None:
    """Leave out providers that nobody wrote to for long."""
    session.execute(delete(BackOff).where(BackOff.changed_at < before))
