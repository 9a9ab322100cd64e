"""Which columns of a crosstab differ: pairwise tests, told with the letters of the columns that are exceeded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import TypeVar

from surveys.domain.statistics.corrections import Adjustment
from surveys.domain.statistics.distributions import t_two_sided, two_sided
from surveys.domain.statistics.masses import Mass
from surveys.domain.statistics.number_sums import Moments

Group = TypeVar("Group")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Rules:
    """When columns are compared: the level of significance, the adjustment, the least number of answers of a column."""

    level: float = 0.05
    adjustment: Adjustment = Adjustment.BONFERRONI
    minimum_base: int = 30


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups compared: by how much the first exceeds the second, and the p of that; None where it has none."""

    difference: float
    p: float | None


def letter_of(place: int) -> str:
    """A, B … Z, AA, AB …: the letter of a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return letters


def compare_shares(first: tuple[Mass, Mass], second: tuple[Mass, Mass]) -> Contrast:
    """The z test of two shares with their pooled share; weights count by the effective n (part, whole).

    There is no p where everybody or nobody in both groups said so, as the test has no variance to go by.
    """
    sizes = first[1].effective, second[1].effective
    if not all(sizes):
        return Contrast(0.0, None)
    shares = first[0].weight / first[1].weight, second[0].weight / second[1].weight
    pooled = (shares[0] * sizes[0] + shares[1] * sizes[1]) / sum(sizes)
    if not 0 < pooled < 1:
        return Contrast(0.0, None)
    error = sqrt(pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1]))
    return Contrast(shares[0] - shares[1], two_sided((shares[0] - shares[1]) / error))


def compare_means(first: Moments, second: Moments) -> Contrast:
    """Welch's t test of two means (Welch 1947; degrees of freedom after Satterthwaite 1946)."""
    if first.mean is None or second.mean is None:
        return Contrast(0.0, None)
    difference = first.mean - second.mean
    if first.variance is None or second.variance is None:
        return Contrast(difference, None)
    sizes = first.mass.effective, second.mass.effective
    errors = first.variance / sizes[0], second.variance / sizes[1]
    if not sum(errors):
        return Contrast(difference, None)
    df = sum(errors) ** 2 / (errors[0] ** 2 / (sizes[0] - 1) + errors[1] ** 2 / (sizes[1] - 1))
    return Contrast(difference, t_two_sided(difference / sqrt(sum(errors)), df))


def exceeded(
    groups: Sequence[Group | None], compare: Callable[[Group, Group], Contrast], rules: Rules
) -> list[tuple[int, ...]]:
    """For each group the places of those it exceeds significantly; groups that are None are not compared."""
    pairs = []
    for first, second in combinations(range(len(groups)), 2):
        one, other = groups[first], groups[second]
        if one is not None and other is not None:
            pairs.append((first, second, compare(one, other)))
    tested = [(first, second, contrast) for first, second, contrast in pairs if contrast.p is not None]
    adjusted = rules.adjustment.apply([contrast.p or 0.0 for _, _, contrast in tested])
    found: list[list[int]] = [[] for _ in groups]
    for (first, second, contrast), p in zip(tested, adjusted, strict=True):
        if p < rules.level:
            more, less = (first, second) if contrast.difference > 0 else (second, first)
            found[more].append(less)
    return [tuple(sorted(each)) for each in found]
