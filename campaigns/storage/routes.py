"""Routes: which server's lines each claimed message goes to, and which must wait, until when and why."""

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.domain.providers import provider_of
from campaigns.domain.rations import WHOLE, Held, Lot, Ration, mailing_bucket, provider_bucket, relay_bucket
from campaigns.domain.relays import LEAST_SHARE, Health, RelayPlan, Wheel, allowed
from campaigns.domain.sightings import Sightings
from campaigns.domain.smtp_replies import Meant
from campaigns.domain.waits import MORNING, NOWHERE_SECONDS
from campaigns.domain.warm_up import day_in, next_day
from campaigns.storage.buckets import clock_of, close_buckets, open_buckets
from campaigns.storage.claims import Claim
from campaigns.storage.courses import Course, courses_under_way
from campaigns.storage.postponements import postpone
from campaigns.storage.warm_ups import count_on, open_day

FULL_SECONDS = 2.0
"""Until a message asks again whose servers have all the work they can hold."""
SILENT_SECONDS = 2.0
"""For how long, at least, a server is left alone that is silent: until it is looked at again."""

Postponed = tuple[datetime, Held]


@dataclass(frozen=True)
class Admitted:
    """The claimed messages that may go now, by server; those that wait are planned again already."""

    by_relay: dict[str, list[Claim]] = field(default_factory=dict)
    put_off: dict[int, Postponed] = field(default_factory=dict)


class Traffic:
    """What one sender knows of servers, limits and back-offs, shared with the other senders through the database.

    `ration` and `admit` run in the transaction of a claim; storage/watches.py keeps what was noted at each beat.
    """

    def __init__(
        self,
        plans: Sequence[RelayPlan],
        *,
        provider_rates: Mapping[str, float] | None = None,
        zone: str = "UTC",
        house_sender: str = "",
        shared_clock: bool = False,
        ticks: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.plans = {plan.name: plan for plan in plans}
        self.provider_rates = dict(provider_rates or {})
        self.zone = zone
        self.house_sender = house_sender
        self.shared_clock = shared_clock
        """Whether rates are counted by the database's clock, where it has one: senders' own may differ."""
        self.sightings = Sightings(ticks, chance)
        self.health: dict[str, Health] = {}
        self.courses: dict[int, Course] = {}
        self.wheel = Wheel()
        self.limited = bool(self.provider_rates) or any(plan.is_limited for plan in plans)
        self.holds_back = False
        self.silent: set[str] = set()  # servers that keep every line of ours waiting
        self.returned: Counter[tuple[Lot, date]] = Counter()

    def note(self, relay: str, address: str, meant: Meant, said: str = "") -> None:
        """Take note of what came of one message, to be shared at the next beat."""
        self.sightings.note(relay, address, meant, said)

    def give_back(self, relay: str, address: str, day: date) -> None:
        """A message was not begun: the plan of the day on which the server was given it gets it back."""
        plan = self.plans[relay]
        if plan.warm_up or plan.warm_ups:
            with self.sightings.lock:
                self.returned.update((((relay, WHOLE), day), ((relay, provider_of(address)), day)))

    def pause_of(self, relay: str) -> float:
        """For how many seconds a server is still left alone; 0 where it is not."""
        rest = self.sightings.relays.wait(relay, self.sightings.ticks())
        return max(rest, SILENT_SECONDS) if relay in self.silent else rest

    def falls_silent(self, relay: str, said: str) -> bool:
        """A server answers nothing: it rests, for longer each time that it is found so; whether that is news."""
        if not self.sightings.relays.wait(relay, self.sightings.ticks()):
            self.note(relay, "", Meant.RELAY, said)
        news = relay not in self.silent
        self.silent.add(relay)
        return news

    def rest_for(self, address: str) -> float:
        """For how many seconds the provider of an address is still left alone; 0 where it is not."""
        if not self.sightings.providers.rests:
            return 0.0
        return self.sightings.providers.wait(provider_of(address), self.sightings.ticks())

    def is_shut(self, full: Collection[str] = ()) -> bool:
        """Whether no server can be given anything now: each rests, or its lines have all they can hold."""
        return all(name in full or self.pause_of(name) for name in self.plans)

    def ration(self, session: Session, most: int, *, at: datetime, full: Collection[str] = ()) -> Ration:
        """What this claim may take; without any limit nothing is asked of the database."""
        ration = Ration(most, full=full)
        if self.limited or self._is_paced:
            self.courses = courses_under_way(session, self.house_sender)
            self._open(session, ration, at)
        if (
            len(self.plans) > 1
            or ration.allowances
            or ration.left
            or any(course.relay for course in self.courses.values())
        ):
            self._cap(ration)
        return ration

    def _open(self, session: Session, ration: Ration, at: datetime) -> None:
        rates = {mailing_bucket(number): course.rate for number, course in self.courses.items() if course.rate}
        rates |= {relay_bucket(plan.name): plan.rate for plan in self.plans.values() if plan.rate}
        rates |= {provider_bucket(name): rate for name, rate in self.provider_rates.items()}
        ration.ahead = clock_of(session) - at if rates and self.shared_clock else timedelta()
        ration.allowances = open_buckets(session, rates, at=at + ration.ahead) if rates else {}
        ration.day = day_in(self.zone, at)
        steps = {lot: step for lot, step in self._steps(ration.day) if step is not None}
        gone = open_day(session, steps, ration.day) if steps else {}
        ration.left = {lot: max(step - gone.get(lot, 0), 0) for lot, step in steps.items()}

    def _steps(self, day: date) -> Iterator[tuple[Lot, int | None]]:
        for plan in self.plans.values():
            if plan.warm_up:
                yield (plan.name, WHOLE), plan.warm_up.allowed(day)
            for provider, warm_up in plan.warm_ups.items():
                yield (plan.name, provider), warm_up.allowed(day)

    def _cap(self, ration: Ration) -> None:
        """No mailing is claimed from beyond what its servers may be given and its own rate allows."""
        for number, course in self.courses.items():
            room = sum(ration.room(plan) for plan in self._ready(self._allowed(course), ration))
            if bucket := ration.allowances.get(mailing_bucket(number)):
                room = min(room, bucket.left)
            ration.caps[number] = min(room, ration.most)
        every = self._ready(tuple(self.plans.values()), ration)
        ration.most = min(ration.most, sum(ration.room(plan) for plan in every))

    def _allowed(self, course: Course) -> tuple[RelayPlan, ...]:
        return allowed(self.plans.values(), sender_domain=course.sender_domain, wished=course.relay)

    def _ready(self, plans: Sequence[RelayPlan], ration: Ration) -> list[RelayPlan]:
        return [plan for plan in plans if plan.name not in ration.full and not self.pause_of(plan.name)]

    def admit(
        self, session: Session, sender_id: int, claims: Sequence[Claim], ration: Ration, *, at: datetime
    ) -> Admitted:
        """Say by which server each message goes; what has to wait is planned again in this transaction."""
        if any(each.mailing_id not in self.courses for each in claims):
            self._learn(session, ration, at)
        if self._is_open(ration):
            return Admitted({next(iter(self.plans)): list(claims)} if claims else {})
        admitted = Admitted()
        for each in claims:
            found = self._place(each, ration, at)
            if isinstance(found, str):
                admitted.by_relay.setdefault(found, []).append(each)
            else:
                admitted.put_off[each.message_id] = found
        postpone(session, sender_id, admitted.put_off)
        close_buckets(session, ration.allowances)
        count_on(session, ration.taken)
        counts = Counter(each.mailing_id for each in claims)
        reached = any(counts[number] >= most for number, most in ration.caps.items())
        self.holds_back = reached and ration.is_short()
        return admitted

    def _is_open(self, ration: Ration) -> bool:
        """Whether there is one way for all, and nothing holds anybody."""
        self.holds_back = False
        held = len(self.plans) > 1 or ration.allowances or ration.left or self.sightings.providers.rests
        return not held and not self._is_routed

    def _learn(self, session: Session, ration: Ration, at: datetime) -> None:
        """A mailing has begun since the last beat; its rate is opened unless others are, which are locked in order."""
        self.courses = courses_under_way(session, self.house_sender)
        if not ration.allowances and self._is_paced:
            self._open(session, ration, at)

    @property
    def _is_paced(self) -> bool:
        return any(course.rate for course in self.courses.values())

    @property
    def _is_routed(self) -> bool:
        return any(course.relay for course in self.courses.values())

    def _place(self, claim: Claim, ration: Ration, at: datetime) -> str | Postponed:
        """The server that a message goes by, or until when it waits and why."""
        mailing, provider = claim.mailing_id, provider_of(claim.contact.address)
        chance = self.sightings.chance
        if wait := self.sightings.providers.wait(provider, self.sightings.ticks()):
            return at + timedelta(seconds=wait * (1 + chance() / 4)), Held.PROVIDER
        course = self.courses.get(mailing, Course(""))
        if course.rate and mailing_bucket(mailing) not in ration.allowances:
            return at + timedelta(seconds=1), Held.RATE
        for bucket in (mailing_bucket(mailing), provider_bucket(provider)):
            if not ration.has(bucket):
                return ration.promise(bucket, at, chance()), Held.RATE
        plans = self._allowed(course)
        ready = [plan for plan in self._ready(plans, ration) if ration.takes(plan, provider)]
        if not ready:
            return self._wait(plans, provider, ration, at)
        relay = self.wheel.turn([(plan.name, plan.weight * self._share(plan.name)) for plan in ready])
        ration.spend(mailing, relay, provider)
        return relay

    def _share(self, relay: str) -> float:
        health = self.health.get(relay)
        return max(health.score, LEAST_SHARE) if health else 1.0

    def _wait(self, plans: Sequence[RelayPlan], provider: str, ration: Ration, at: datetime) -> Postponed:
        """Until when a message waits that no server may be given now: for the soonest of them."""
        chance = self.sightings.chance()
        in_time = [plan for plan in plans if ration.has_day(plan, provider)]
        for plan in in_time:
            if not ration.has(relay_bucket(plan.name)) and not self.pause_of(plan.name):
                return ration.promise(relay_bucket(plan.name), at, chance), Held.RATE
        if in_time:
            pauses = [self.pause_of(plan.name) or FULL_SECONDS for plan in in_time]
            return at + timedelta(seconds=min(pauses) * (1 + chance / 4)), Held.RELAY
        if plans:
            return next_day(self.zone, at) + MORNING * chance, Held.WARM_UP
        return at + timedelta(seconds=NOWHERE_SECONDS * (1 + chance)), Held.RELAY
