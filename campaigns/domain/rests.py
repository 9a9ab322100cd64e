"""Rests: servers and mailbox providers that are left alone for a while, longer after each miss in a row."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a rest is after the first miss, and at most."""

    first: timedelta
    longest: timedelta


OF_RELAYS = Patience(timedelta(seconds=1), timedelta(minutes=1))
OF_PROVIDERS = Patience(timedelta(seconds=15), timedelta(minutes=30))
SPREAD = 0.25
"""By how much a rest is shortened or lengthened, so that not everybody comes back at the same moment."""


def rest_after(misses: int, chance: float, patience: Patience) -> timedelta:
    """How long to leave somebody alone after so many misses in a row, doubled each time.

    Args:
        misses: at least one.
        chance: 0 to 1, spreads the rests.
        patience: after the first miss, and at most.
    """
    doubled: int = 2 ** min(max(misses - 1, 0), 30)
    return min(patience.first * doubled, patience.longest) * (1 - SPREAD + 2 * SPREAD * chance)


def longest_rest(misses: int, patience: Patience) -> timedelta:
    """No rest of somebody who missed so often can be longer; a success since has halved the misses."""
    return rest_after(2 * misses + 1, 1.0, patience)


def rest_left(until: datetime | None, misses: int, patience: Patience, at: datetime) -> timedelta:
    """What is left of a rest that was kept: none longer than it can be, though the clock was set back since."""
    left = until - at if until else timedelta()
    return min(max(left, timedelta()), longest_rest(misses, patience))


@dataclass(slots=True)
class Rest:
    """One who may be resting; moments are seconds of a clock that never steps."""

    misses: int = 0
    until: float = 0.0
    said: str = ""

    def is_on(self, now: float) -> bool:
        """Whether it is not to be disturbed yet."""
        return now < self.until

    def miss(self, now: float, chance: float, patience: Patience, said: str = "") -> None:
        """It failed us; those who find the same while it rests already add nothing."""
        self.said = said or self.said
        if not self.is_on(now):
            self.misses += 1
            self.until = now + rest_after(self.misses, chance, patience).total_seconds()

    def hit(self) -> None:
        """It works: the next rest will be shorter. One that has begun goes on."""
        self.misses //= 2
