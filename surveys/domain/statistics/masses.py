"""How much a group of people weighs: their number, their weights, and what the weights cost; for weighted figures."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mass:
    """Some people: how many, the sum of their weights, and the sum of the squares of their weights."""

    count: int = 0
    weight: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Mass") -> "Mass":
        return Mass(self.count + other.count, self.weight + other.weight, self.squares + other.squares)

    @property
    def effective(self) -> float:
        """How many unweighted people would tell as much: (Σw)² / Σw² (Kish 1965, 11.7)."""
        return self.weight**2 / self.squares if self.squares else 0.0

    @property
    def design_effect(self) -> float:
        """By how much weighting widens the variance: n Σw² / (Σw)² (Kish 1965); 1 without weights."""
        return self.count / self.effective if self.squares else 1.0


def unweighted(count: int) -> Mass:
    """People who all count alike."""
    return Mass(count, float(count), float(count))


def mass_of(weights: Iterable[float]) -> Mass:
    """The people with these weights."""
    given = list(weights)
    return Mass(len(given), sum(given), sum(weight * weight for weight in given))


def together(masses: Iterable[Mass]) -> Mass:
    """All these people."""
    return sum(masses, Mass())
