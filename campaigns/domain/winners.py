"""Which of several variants did better, how sure that is, and what to say of it; pure values for whoever decides."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

LETTERS = "ABCDEF"
"""How variants are called: A is the campaign's own words."""
MOST_VARIANTS = len(LETTERS)
LEAST_EXPECTED = 5.0
"""Fewer expected in a cell of the table, and the normal approximation says too much (Cochran's rule)."""
_Z95 = 1.959963984540054


class Criterion(StrEnum):
    """What a variant wins by."""

    CLICKS = "clicks"
    ANSWERS = "answers"


class Unclear(StrEnum):
    """What happens where no variant is clearly better: the first is taken, or an operator is asked."""

    FIRST = "first"
    ASK = "ask"


class Standing(StrEnum):
    """How clear the figures are."""

    CLEAR = "clear"
    CLOSE = "close"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Tally:
    """What came of one variant: mails delivered, and how many of them had a click or an answer."""

    number: int
    delivered: int
    responses: int

    @property
    def letter(self) -> str:
        """How people call the variant."""
        return letter_of(self.number)

    @property
    def rate(self) -> float:
        """The share of the delivered mails that had a response; 0 where none was delivered."""
        return self.responses / self.delivered if self.delivered else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % confidence (Wilson 1927)."""
        return wilson(self.responses, self.delivered)


@dataclass(frozen=True)
class Judgement:
    """Who leads, and how sure it is; `best` and `second` are None where nothing was delivered of either."""

    standing: Standing
    best: Tally | None
    second: Tally | None
    confidence: float  # from 0 to 1, that best and second differ at all


def letter_of(number: int) -> str:
    """The letter of a variant, counted from 1."""
    return LETTERS[number - 1]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share; from 0 to 1 where there was no trial."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, _Z95**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z95 / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(one: Tally, other: Tally) -> float:
    """The p-value, two-sided, of the pooled z-test that two shares are the same; 1 where nothing can be told."""
    pooled = _pooled(one, other)
    if pooled is None or not 0 < pooled < 1:
        return 1.0
    spread = math.sqrt(pooled * (1 - pooled) * (1 / one.delivered + 1 / other.delivered))
    return math.erfc(abs(one.rate - other.rate) / spread / math.sqrt(2))


def judge_variants(tallies: Iterable[Tally], needed: float) -> Judgement:
    """Say which variant leads, and whether that is clear at the confidence `needed` (from 0 to 1).

    The best must differ from the second. Where more than two compete, each pair could look different by chance: the
    p-value is multiplied by the number of pairs (Bonferroni). Equal shares leave the earlier variant first.
    """
    ranked = sorted(tallies, key=lambda tally: (-tally.rate, tally.number))
    if len(ranked) < 2 or not ranked[0].responses:  # noqa: PLR2004 - two to compare
        return Judgement(Standing.TOO_FEW, None, None, 0.0)
    best, second = ranked[0], ranked[1]
    confidence = max(0.0, 1 - difference(best, second) * _pairs(ranked))
    if not _enough(best, second):
        return Judgement(Standing.TOO_FEW, best, second, confidence)
    return Judgement(Standing.CLEAR if confidence >= needed else Standing.CLOSE, best, second, confidence)


def telling_share(people: int, usual: float, needed: float, variants: int = 2) -> float | None:
    """The least share that clearly beats the `usual` one where each variant goes to so many people; None: none does.

    For planning: `variants` compete, all but one with the usual share.
    """
    others = [Tally(number, people, round(people * usual)) for number in range(2, variants + 1)]

    def tells(responses: int) -> bool:
        return judge_variants([Tally(1, people, responses), *others], needed).standing is Standing.CLEAR

    if not tells(people):
        return None
    possible = range(others[0].responses, people + 1)
    return possible[bisect_left(possible, 1, key=tells)] / people


def _pairs(ranked: Sequence[Tally]) -> int:
    return sum(1 for _ in combinations(ranked, 2))


def _enough(one: Tally, other: Tally) -> bool:
    pooled = _pooled(one, other)
    if pooled is None:
        return False
    least = min(one.delivered, other.delivered)
    return least * min(pooled, 1 - pooled) >= LEAST_EXPECTED


def _pooled(one: Tally, other: Tally) -> float | None:
    if not (one.delivered and other.delivered):
        return None
    return (one.responses + other.responses) / (one.delivered + other.delivered)
