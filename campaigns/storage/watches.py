"""Watches: what one sender saw of servers and providers told to the others at each beat, and theirs heard."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.domain.rations import Lot
from campaigns.domain.rests import Rest, rest_left
from campaigns.domain.sightings import Company, Seen
from campaigns.domain.warm_up import day_in
from campaigns.storage.buckets import forget_buckets
from campaigns.storage.courses import courses_under_way
from campaigns.storage.relay_states import (
    BackOff,
    Noted,
    RelayState,
    changed_providers,
    forget_back_offs,
    note_providers,
    note_relays,
    relay_states,
    resting_providers,
)
from campaigns.storage.routes import Traffic
from campaigns.storage.warm_ups import count_on, forget_days

NEWS = timedelta(minutes=1)
"""How far back news of providers are looked for: others tell theirs each second, by clocks that may differ a little."""
UNUSED = timedelta(days=2)
KEPT_DAYS = timedelta(days=400)
TIDIES = 600
"""Beats between two times that what nobody uses any more is left out."""

Known = tuple[int, datetime | None]


class Watch:
    """Keeps the notes of one sender's traffic; what could not be told yet is told at the next beat."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self._telling: tuple[dict[str, Seen], dict[str, Seen]] = ({}, {})
        self._known: tuple[dict[str, Known], dict[str, Known]] = ({}, {})
        self._returned: Counter[tuple[Lot, date]] = Counter()
        self._beats = 0

    def keep(self, session: Session, *, at: datetime) -> None:
        """Tell what was seen and hear what others saw, in the transaction of the beat; `kept` after its commit."""
        sightings = self.traffic.sightings
        now = sightings.ticks()
        with sightings.lock:
            for telling, company in zip(self._telling, self._companies, strict=True):
                for name, seen in company.turn_over(now).items():
                    telling.setdefault(name, Seen()).add(seen)
            relays, providers = (
                [_noted(name, seen, company, now, at) for name, seen in telling.items()]
                for telling, company in zip(self._telling, self._companies, strict=True)
            )
            self._returned += self.traffic.returned
            self.traffic.returned = Counter()
        count_on(session, {each: -number for each, number in self._returned.items()})
        if relays:
            note_relays(session, relays, at=at)
        if told := [each for each in providers if each.misses is not None]:
            note_providers(session, told, at=at)
        session.flush()
        self._hear(session, now, at)
        self.traffic.courses = courses_under_way(session, self.traffic.house_sender)
        self._tidy(session, at)

    def kept(self) -> None:
        """What was told is durable."""
        self._telling, self._returned = ({}, {}), Counter()

    @property
    def _companies(self) -> tuple[Company, Company]:
        return self.traffic.sightings.relays, self.traffic.sightings.providers

    def _hear(self, session: Session, now: float, at: datetime) -> None:
        states = relay_states(session)
        news = changed_providers(session, at - NEWS) if self._beats else resting_providers(session, at)
        self.traffic.health = {each.name: each.health(at) for each in states}
        with self.traffic.sightings.lock:
            relays, providers = self._known
            self._known = (
                _listen(self._companies[0], {each.name: each for each in states}, relays, now, at),
                _listen(self._companies[1], {each.provider: each for each in news}, providers, now, at),
            )

    def _tidy(self, session: Session, at: datetime) -> None:
        self._beats += 1
        if self._beats % TIDIES == 1:
            forget_buckets(session, at - UNUSED)
            forget_back_offs(session, at - UNUSED)
            forget_days(session, day_in(self.traffic.zone, at) - KEPT_DAYS)


def _noted(name: str, seen: Seen, company: Company, now: float, at: datetime) -> Noted:
    rest = company.rests.get(name)
    until = at + timedelta(seconds=rest.until - now) if rest and seen.rested and rest.is_on(now) else None
    return Noted(name, seen.good, seen.bad, rest.misses if rest else None, until, seen.said)


def _listen(
    company: Company,
    rows: Mapping[str, RelayState] | Mapping[str, BackOff],
    known: dict[str, Known],
    now: float,
    at: datetime,
) -> dict[str, Known]:
    """Take over the rests that others began or ended; one that was heard of already runs out by our own ticks."""
    heard = {name: (row.misses, row.paused_until) for name, row in rows.items()}
    for name, row in rows.items():
        was, just_missed = known.get(name, (0, None)), name in company.seen and company.seen[name].rested
        if heard[name] == was or just_missed:  # while this beat was told
            continue
        if row.paused_until == was[1]:
            company.rests.setdefault(name, Rest()).misses = row.misses
        else:
            left = rest_left(row.paused_until, row.misses, company.patience, at)
            company.rests[name] = Rest(row.misses, now + left.total_seconds(), row.said)
    return {name: each for name, each in known.items() if name in company.rests} | heard
