"""Allowances: how many messages may go now at so many a second, and when the next ones may (a token bucket)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

BURST_SECONDS = 1.0
STEP = timedelta(seconds=5)
"""By how much clocks may differ; one that is further back was set back, and what is kept follows it."""
HORIZON = timedelta(hours=1)
"""How far ahead messages are given their moment; those beyond ask again."""


@dataclass(slots=True)
class Allowance:
    """What is left of a rate; never more than `rate` times the time that passes, and a burst, is given out.

    rate: messages a second, above 0. at: up to when tokens were counted. promised: up to when messages that wait were
    given their moments.
    """

    rate: float
    tokens: float
    at: datetime
    promised: datetime | None = None

    @property
    def burst(self) -> float:
        """The most that is saved up while nobody sends."""
        return max(1.0, self.rate * BURST_SECONDS)

    def refill(self, at: datetime) -> None:
        """Add what has come since; the same stretch of time counts once, whatever the clock does."""
        if at < self.at - STEP:
            self.at, self.promised = at, None
        elif at > self.at:
            self.tokens += (at - self.at).total_seconds() * self.rate
            self.at = at
        self.tokens = min(self.tokens, self.burst)
        if self.tokens >= self.burst:
            self.promised = None  # nobody came for what was kept: those who were to come are gone

    @property
    def left(self) -> int:
        """How many messages may go now."""
        return max(int(self.tokens), 0)

    def take(self) -> None:
        """Spend one; ask `left` before."""
        self.tokens -= 1

    def promise(self, at: datetime, chance: float) -> datetime:
        """The moment for one that has to wait: behind all who wait already, an hour ahead at most."""
        moment = max(self.promised or at, at) + timedelta(seconds=1 / self.rate)
        if moment > at + HORIZON:
            return at + HORIZON * (0.5 + chance / 2)
        self.promised = moment
        return moment
