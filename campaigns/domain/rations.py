"""Rations: what one claim may take of each rate and of each day's plan, and why a message has to wait."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaigns.domain.allowances import Allowance
from campaigns.domain.relays import RelayPlan
from core.language import gettext as _

WHOLE = ""
"""In the place of a provider: all of them."""
Lot = tuple[str, str]
"""A server's name, and a provider or WHOLE."""
Caps = Mapping[int, int]
"""A mailing → how many messages of it may be claimed, where its servers or its rate allow no more than that."""
ALL: Caps = {}
"""No mailing has a cap."""


class Held(StrEnum):
    """Why a message waits although it was due."""

    RATE = "rate"  # of its provider, server or campaign
    PROVIDER = "provider_rest"  # the provider pushed back
    RELAY = "relay_rest"  # no server that may take it is there
    WARM_UP = "warm_up"  # the day's plan is used up


HELD_SENTENCES = {
    Held.RATE: _("It waits for a rate: of its provider, its mail server or its campaign."),
    Held.PROVIDER: _("It waits because the provider of its address asked for less mail."),
    Held.RELAY: _("It waits for a mail server that may take it."),
    Held.WARM_UP: _("It waits for the next day of a mail server's warm-up."),
}


@dataclass
class Ration:
    """What one claim may take: `most` in all, `caps` of mailings; `taken` is what the day's plans lost by it.

    full: servers whose lines have all they can hold. ahead: how far the clock of the allowances is ahead of ours.
    left: what the day's plans still allow.
    """

    most: int
    caps: dict[int, int] = field(default_factory=dict)
    full: Collection[str] = ()
    allowances: dict[str, Allowance] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    day: date = date.min
    left: dict[Lot, int] = field(default_factory=dict)
    taken: dict[tuple[Lot, date], int] = field(default_factory=dict)

    def has(self, bucket: str) -> bool:
        """Whether that rate lets one go now."""
        return bucket not in self.allowances or self.allowances[bucket].left > 0

    def room(self, plan: RelayPlan) -> int:
        """How many messages a server may be given now, whatever its lines can hold."""
        bucket = self.allowances.get(relay_bucket(plan.name))
        return min(bucket.left if bucket else self.most, self.left.get((plan.name, WHOLE), self.most))

    def has_day(self, plan: RelayPlan, provider: str) -> bool:
        """Whether the day's plan has one left for that provider by that server."""
        return all(self.left.get((plan.name, lot), 1) > 0 for lot in (WHOLE, provider))

    def takes(self, plan: RelayPlan, provider: str) -> bool:
        """Whether that server may be given one for that provider now."""
        return self.has(relay_bucket(plan.name)) and self.has_day(plan, provider)

    def spend(self, mailing: int, relay: str, provider: str) -> None:
        """Count one message that goes now."""
        for name in (mailing_bucket(mailing), provider_bucket(provider), relay_bucket(relay)):
            if name in self.allowances:
                self.allowances[name].take()
        for lot in ((relay, WHOLE), (relay, provider)):
            if lot in self.left:
                self.left[lot] -= 1
                self.taken[lot, self.day] = self.taken.get((lot, self.day), 0) + 1

    def promise(self, bucket: str, at: datetime, chance: float) -> datetime:
        """The moment, on our own clock, for one that has to wait for that rate."""
        return self.allowances[bucket].promise(at + self.ahead, chance) - self.ahead

    def is_short(self) -> bool:
        """Whether a server's or a campaign's rate has nothing left, and will have in a moment."""
        return any(each.left < 1 for name, each in self.allowances.items() if not name.startswith(_OF_PROVIDERS))


_OF_PROVIDERS = "provider:"


def relay_bucket(name: str) -> str:
    """The name of a server's rate."""
    return f"relay:{name}"


def provider_bucket(name: str) -> str:
    """The name of a provider's or domain's rate."""
    return f"{_OF_PROVIDERS}{name}"


def mailing_bucket(number: int) -> str:
    """The name of a mailing's rate."""
    return f"mailing:{number}"
