"""Watching the sending: servers, rates, days and push-back as they stand now, for console and terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from campaigns.domain.allowances import Allowance
from campaigns.domain.rations import WHOLE, Held, Lot
from campaigns.domain.relays import RelayPlan
from campaigns.domain.warm_up import day_in
from campaigns.storage.buckets import Bucket, all_buckets
from campaigns.storage.courses import names_by_mailing
from campaigns.storage.postponements import count_postponed
from campaigns.storage.relay_states import RelayState, back_offs, count_back_offs, relay_states, rests_until
from campaigns.storage.warm_ups import taken_on

WELL = 0.9
"""The score from which a server counts as well."""


@dataclass(frozen=True)
class DayNow:
    """How much of a day's plan is used; `allowed` None: the plan is over. `provider` is empty for all of them."""

    provider: str
    taken: int
    allowed: int | None


@dataclass(frozen=True)
class RelayNow:
    """One server: its share, how well it does (0 to 1), until when it rests, and its days."""

    name: str
    shown: str
    weight: float
    rate: float
    senders: tuple[str, ...]
    score: float
    resting_until: datetime | None
    said: str
    days: tuple[DayNow, ...]

    @property
    def state(self) -> str:
        """One word for it."""
        if self.resting_until:
            return "resting"
        return "well" if self.score >= WELL else "ailing"


@dataclass(frozen=True)
class RateNow:
    """One rate: of what kind (relay, provider, mailing), whose, how fast, and how many may go at this moment."""

    kind: str
    name: str
    rate: float
    left: int


@dataclass(frozen=True)
class PushBack:
    """A provider or domain that wants less mail: how often in a row, until when it rests, and its last reply."""

    provider: str
    misses: int
    resting_until: datetime | None
    said: str


@dataclass(frozen=True)
class SendingNow:
    """All of it."""

    relays: tuple[RelayNow, ...]
    rates: tuple[RateNow, ...]
    back_offs: tuple[PushBack, ...]
    back_offs_in_all: int
    waiting: dict[Held, int]


def sending_now(session: Session, fleet: Sequence[tuple[RelayPlan, str]], *, zone: str, at: datetime) -> SendingNow:
    """What is known of the servers in the settings, each with how it is shown, and of all limits."""
    known = {each.name: each for each in relay_states(session)}
    day = day_in(zone, at)
    taken = taken_on(session, day)
    return SendingNow(
        tuple(_relay(plan, shown, known.get(plan.name), tuple(_days(plan, day, taken)), at) for plan, shown in fleet),
        tuple(_rates(session, at)),
        tuple(PushBack(each.provider, each.misses, rests_until(each, at), each.said) for each in back_offs(session)),
        count_back_offs(session),
        count_postponed(session),
    )


def _relay(plan: RelayPlan, shown: str, state: RelayState | None, days: tuple[DayNow, ...], at: datetime) -> RelayNow:
    return RelayNow(
        plan.name,
        shown,
        plan.weight,
        plan.rate,
        tuple(sorted(plan.senders)),
        state.health(at).score if state else 1.0,
        rests_until(state, at) if state else None,
        state.said if state else "",
        days,
    )


def _days(plan: RelayPlan, day: date, taken: dict[Lot, int]) -> Iterator[DayNow]:
    if plan.warm_up:
        yield DayNow(WHOLE, taken.get((plan.name, WHOLE), 0), plan.warm_up.allowed(day))
    for provider, warm_up in sorted(plan.warm_ups.items()):
        yield DayNow(provider, taken.get((plan.name, provider), 0), warm_up.allowed(day))


def _rates(session: Session, at: datetime) -> Iterator[RateNow]:
    names = names_by_mailing(session)
    for bucket in all_buckets(session):
        kind, _colon, name = bucket.name.partition(":")
        yield RateNow(kind, names.get(int(name), name) if kind == "mailing" else name, bucket.rate, _left(bucket, at))


def _left(bucket: Bucket, at: datetime) -> int:
    allowance = Allowance(bucket.rate, bucket.tokens, bucket.refilled_at)
    allowance.refill(at)
    return allowance.left
