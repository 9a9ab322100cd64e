"""Weighted numbers as sums, and the mean, deviation and interval that follow from them; for means in results."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt

from surveys.domain.intervals import Interval
from surveys.domain.statistics.distributions import t_quantile
from surveys.domain.statistics.masses import Mass, mass_of
from surveys.domain.statistics.populations import correction


@dataclass(frozen=True, slots=True)
class Moments:
    """Numbers that people gave: the people, Σw(x − o) and Σw(x − o)².

    The origin o may be any number; near the mean no digit of the variance is lost.
    """

    mass: Mass = field(default_factory=Mass)
    total: float = 0.0
    squared: float = 0.0
    origin: float = 0.0

    def __add__(self, other: "Moments") -> "Moments":
        if not self.mass.weight:
            return other
        shift = other.origin - self.origin
        total = other.total + shift * other.mass.weight
        squared = other.squared + shift * (2 * other.total + shift * other.mass.weight)
        return Moments(self.mass + other.mass, self.total + total, self.squared + squared, self.origin)

    @property
    def mean(self) -> float | None:
        """The weighted arithmetic mean; None without a number."""
        return self.origin + self.total / self.mass.weight if self.mass.weight else None

    @property
    def variance(self) -> float | None:
        """The sample variance, with the effective n less one; None with fewer than two numbers."""
        size = self.mass.effective
        if size <= 1:
            return None
        spread = max(0.0, self.squared / self.mass.weight - (self.total / self.mass.weight) ** 2)
        return spread * size / (size - 1)

    @property
    def deviation(self) -> float | None:
        """The sample standard deviation."""
        return None if self.variance is None else sqrt(self.variance)

    def interval(self, *, level: float = 0.95, population: int | None = None) -> Interval | None:
        """Student's t interval of the mean (Student 1908); None with fewer than two numbers."""
        if self.mean is None or self.variance is None:
            return None
        size = self.mass.effective
        error = sqrt(self.variance / size * correction(self.mass.count, population))
        half = t_quantile(0.5 + level / 2, size - 1) * error
        return Interval(self.mean - half, self.mean + half)


def moments_of(pairs: Iterable[tuple[float, float]]) -> Moments:
    """The sums of these (number, weight)."""
    given = list(pairs)
    origin = given[0][0] if given else 0.0
    total = sum((number - origin) * weight for number, weight in given)
    squared = sum((number - origin) ** 2 * weight for number, weight in given)
    return Moments(mass_of(weight for _, weight in given), total, squared, origin)
