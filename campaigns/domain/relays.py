"""Relays: what the settings say of each, which of them a message may take, and how well each does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaigns.domain.warm_up import WarmUp

HALF_LIFE = timedelta(minutes=10)
LEAST_SHARE = 0.05
"""What an ailing server still gets of its share: enough to see it recover."""


@dataclass(frozen=True, slots=True)
class RelayPlan:
    """One mail server as the settings describe it, without address and password.

    weight: its share among those that are well. rate: messages a second, 0 for no limit. senders: the domains whose
    mail it takes, and nobody else's; empty: it takes what no other server is named for. warm_ups: by provider.
    """

    name: str
    weight: float = 1.0
    rate: float = 0.0
    senders: frozenset[str] = frozenset()
    warm_up: WarmUp | None = None
    warm_ups: Mapping[str, WarmUp] = field(default_factory=dict)

    @property
    def is_limited(self) -> bool:
        """Whether anything but its lines holds it back."""
        return bool(self.rate or self.warm_up or self.warm_ups)


def allowed(plans: Iterable[RelayPlan], *, sender_domain: str, wished: str | None = None) -> tuple[RelayPlan, ...]:
    """The servers that may take mail from that domain; the one that the campaign wishes, if it wishes one."""
    if wished:
        return tuple(plan for plan in plans if plan.name == wished)
    known = tuple(plans)
    named = tuple(plan for plan in known if sender_domain in plan.senders)
    return named or tuple(plan for plan in known if not plan.senders)


@dataclass(frozen=True, slots=True)
class Health:
    """How well a server did lately: successes and failures, each of which counts half after `HALF_LIFE`."""

    good: float = 0.0
    bad: float = 0.0
    at: datetime | None = None

    def later(self, at: datetime, good: float = 0.0, bad: float = 0.0) -> "Health":
        """The same at a later moment, with what happened since; a clock that went back forgets nothing."""
        if self.at is None:
            return Health(good, bad, at)
        left = 0.5 ** (max(at - self.at, timedelta()) / HALF_LIFE)
        return Health(self.good * left + good, self.bad * left + bad, at)

    @property
    def score(self) -> float:
        """From 0 (nothing works) to 1 (all is well); a server of which nothing is known is well."""
        return (self.good + 1) / (self.good + self.bad + 1)


class Wheel:
    """Gives each server its share, as evenly as can be: smooth weighted round robin."""

    def __init__(self) -> None:
        self._credit: dict[tuple[str, ...], dict[str, float]] = {}

    def turn(self, weights: Sequence[tuple[str, float]]) -> str:
        """Whose turn it is among these, by weight.

        Args:
            weights: at least one, each with its share, above 0.
        """
        if len(weights) == 1:
            return weights[0][0]
        credit = self._credit.setdefault(tuple(name for name, _weight in weights), {})
        whole = 0.0
        for name, weight in weights:
            credit[name] = credit.get(name, 0.0) + weight
            whole += weight
        best = max(credit, key=credit.__getitem__)
        credit[best] -= whole
        return best
