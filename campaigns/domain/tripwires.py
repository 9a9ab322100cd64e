"""Tripwires: which share of messages may go wrong before a mailing is paused; pure rules, judged by the clock."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LEAST = 10
"""As many must have gone wrong before a share is judged at all: nine bad lines of a list are nine bad lines."""

LEAST_COMPLAINTS = 3
"""A complaint is one in a thousand even where all is well; two may be one household."""

CONFIDENCE = 1.645
"""One-sided 95 %: the share is judged by what it is at least, not by what a few messages happen to show."""


class Wire(StrEnum):
    """What may go wrong too often."""

    FAILURES = "failures"
    BOUNCES = "bounces"
    COMPLAINTS = "complaints"
    NOT_WRITTEN = "not_written"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Tripped:
    """A wire that was touched: how many of how many, and the share from which it pauses."""

    wire: Wire
    part: int
    whole: int
    share: float


def least(wire: Wire) -> int:
    """How many must have gone wrong before this wire is judged."""
    return LEAST_COMPLAINTS if wire is Wire.COMPLAINTS else LEAST


def surely(part: int, whole: int) -> float:
    """The share that a part of a whole shows at least (Wilson's lower bound, one-sided 95 %)."""
    if whole <= 0 or part <= 0:
        return 0.0
    seen, square = min(part / whole, 1.0), CONFIDENCE**2
    middle = seen + square / (2 * whole)
    spread = CONFIDENCE * math.sqrt(seen * (1 - seen) / whole + square / (4 * whole**2))
    return (middle - spread) / (1 + square / whole)


def trips(wire: Wire, part: int, whole: int, share: float) -> bool:
    """Whether so many of so many are too many; `share` 0 judges nothing."""
    return share > 0 and part >= least(wire) and surely(part, whole) > share


def judge(parts: Mapping[Wire, int], whole: int, shares: Mapping[Wire, float]) -> Tripped | None:
    """The first wire that is touched, or none.

    Args:
        parts: how many went wrong, by what, since the wires were armed.
        whole: how many messages came to an end since then.
        shares: the share at which each wire pauses.
    """
    for wire, share in shares.items():
        part = parts.get(wire, 0)
        if trips(wire, part, whole, share):
            return Tripped(wire, part, whole, share)
    return None
