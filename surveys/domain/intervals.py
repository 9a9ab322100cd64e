"""How sure a share or a net promoter score is: 95 % intervals, without a statistics library; for tallies."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
SMALL = 100
"""Below this many answers, or with an empty group, the NPS interval is the adjusted one."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, in the unit of the figure it belongs to."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """A net promoter score in points from −100 to 100; `score` is the plain one even where the interval is adjusted."""

    promoters: float
    passives: float
    detractors: float
    score: float
    interval: Interval
    adjusted: bool
    centre: float

    @property
    def base(self) -> float:
        """How many answered; their weights where they were weighted."""
        return self.promoters + self.passives + self.detractors

    @property
    def margin(self) -> float:
        """Half of the interval before it is cut at ±100."""
        return max(self.interval.high - self.centre, self.centre - self.interval.low)


def wilson(count: float, base: float, z: float = Z95) -> Interval | None:
    """Wilson's score interval of a share (Wilson 1927); None where nothing was asked of anybody."""
    if base <= 0:
        return None
    share = count / base
    spread = 1 + z * z / base
    centre = (share + z * z / (2 * base)) / spread
    half = z * sqrt(share * (1 - share) / base + z * z / (4 * base * base)) / spread
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == base else min(1.0, centre + half)
    return Interval(low, high)


def net_promoter(
    promoters: float,
    passives: float,
    detractors: float,
    z: float = Z95,
    *,
    effective: float | None = None,
    shrink: float = 1.0,
) -> Score | None:
    """The net promoter score with its interval; None without an answer.

    Wald for a difference of two multinomial shares; below `SMALL` answers or with an empty group the adjusted
    Wald interval, which adds three answers (¾ promoter, 1½ passive, ¾ detractor) first (Rocks 2016). Of weighted
    groups `effective` is the effective n; `shrink` is the finite population correction.
    """
    base = promoters + passives + detractors
    if base <= 0:
        return None
    sure = base if effective is None else effective
    plain, scale = (promoters - detractors) / base, sure / base
    adjusted = sure < SMALL or 0 in {promoters, passives, detractors}
    more = 3.0 if adjusted else 0.0
    up, down, size = promoters * scale + more / 4, detractors * scale + more / 4, sure + more
    centre = (up - down) / size
    half = z * sqrt(max(0.0, (up + down) / size - centre * centre) / size * shrink)
    interval = Interval(100 * max(-1.0, centre - half), 100 * min(1.0, centre + half))
    return Score(promoters, passives, detractors, 100 * plain, interval, adjusted, 100 * centre)
