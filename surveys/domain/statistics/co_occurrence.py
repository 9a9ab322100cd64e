"""Which codes or answers are given together; for coded texts and questions with several answers."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that `both` people gave; `jaccard` is their share of those who gave either, `lift` of what chance gives."""

    first: str
    second: str
    both: int
    jaccard: float
    lift: float


def co_occurrence(sets: Iterable[Collection[str]]) -> tuple[Pair, ...]:
    """Every pair that somebody gave together, the most frequent first (Jaccard 1901; lift after Brin et al. 1997)."""
    single: Counter[str] = Counter()
    double: Counter[tuple[str, str]] = Counter()
    people = 0
    for given in sets:
        names = sorted(set(given))
        people += 1
        single.update(names)
        double.update(combinations(names, 2))
    pairs = [_pair(first, second, both, single, people) for (first, second), both in double.items()]
    return tuple(sorted(pairs, key=lambda pair: (-pair.both, pair.first, pair.second)))


def _pair(first: str, second: str, both: int, single: Counter[str], people: int) -> Pair:
    one, other = single[first], single[second]
    return Pair(first, second, both, both / (one + other - both), both * people / (one * other))
