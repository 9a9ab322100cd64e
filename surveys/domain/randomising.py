"""Chances that can be drawn again: orders and arms that follow from a response's seed, on any machine."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

_MASK = 2**64 - 1
_STEP = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_OFFSET, _PRIME = 0xCBF29CE484222325, 0x100000001B3
T = TypeVar("T")


class Weighted(Protocol):
    """Something that is chosen in proportion to its weight."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def weight(self) -> int:
        """How often it is chosen, compared with the others."""


class Chances:
    """A row of numbers that `seed` and `label` decide: SplitMix64 (Steele, Lea and Flood 2014).

    Each thing that is drawn has a label of its own, so that adding a question changes no other order.
    """

    def __init__(self, seed: int, label: str) -> None:
        self._state = (seed ^ _digest(label)) & _MASK

    def number(self) -> int:
        """The next number of 64 bits."""
        self._state = (self._state + _STEP) & _MASK
        mixed = ((self._state ^ (self._state >> 30)) * _FIRST) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * _SECOND) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """The next whole number from 0 to less than `limit`, each as likely as any other."""
        most = 2**64 - 2**64 % limit
        while (number := self.number()) >= most:
            pass  # pragma: no cover - less than one time in 2**50 for the limits of a survey
        return number % limit


@lru_cache(maxsize=4096)
def _digest(label: str) -> int:
    """FNV-1a, 64 bits."""
    value = _OFFSET
    for byte in label.encode():
        value = ((value ^ byte) * _PRIME) & _MASK
    return value


def shuffled(seed: int, label: str, items: Sequence[T], fixed: Callable[[T], bool] = lambda _item: False) -> list[T]:
    """The items in an order that seed and label decide; those that are `fixed` keep their places."""
    places = tuple(place for place, item in enumerate(items) if not fixed(item))
    return [items[place] for place in _order(seed, label, len(items), places)]


@lru_cache(maxsize=4096)
def _order(seed: int, label: str, size: int, places: tuple[int, ...]) -> tuple[int, ...]:
    """Fisher and Yates, over these places; kept, since a path is walked several times at each press."""
    chances = Chances(seed, label)
    order = list(range(size))
    for last in range(len(places) - 1, 0, -1):
        here, there = places[last], places[chances.below(last + 1)]
        order[here], order[there] = order[there], order[here]
    return tuple(order)


def drawn(seed: int, label: str, arms: Sequence[Weighted]) -> str:
    """The name of the arm that falls to this seed; empty where there are none."""
    total = sum(arm.weight for arm in arms)
    if total <= 0:
        return ""
    chance = Chances(seed, label).below(total)
    for arm in arms:
        chance -= arm.weight
        if chance < 0:
            return arm.name
    raise AssertionError(label)  # pragma: no cover - the weights add up to the total
