"""Counts, shares, means and medians from frequencies, as values; for results pages and exports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10, sqrt

from surveys.domain.cells import Choice
from surveys.domain.intervals import Interval, Score, wilson
from surveys.domain.statistics.distributions import t_quantile

MOST_BARS = 12
BINS = 10
SURE = 0.975


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often one (row, value, number) was answered; a sum of weights where answers are weighted."""

    row: str
    value: str
    number: float | None
    count: float


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a result: how many, of how many, and how sure. `share` is None where the base is empty."""

    name: str
    label: str
    count: float
    share: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Tally:
    """What a question's answers add up to; `base` is the number of responses that answered it.

    `refused` of them said that they would rather not say; they are not in the base. `top` is
    the share that some scales are judged by, such as the satisfied. `numbers` of them gave a number,
    whose mean has `mean_interval`.
    """

    base: float
    shares: tuple[Share, ...] = ()
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    nps: Score | None = None
    rows: tuple["RowTally", ...] = ()
    texts: float = 0
    refused: float = 0
    top: Share | None = None
    numbers: float = 0
    mean_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class RowTally:
    """One row of a matrix and what its answers add up to."""

    name: str
    label: str
    tally: Tally


def share_of(name: str, label: str, count: float, base: float) -> Share:
    """One share with its Wilson interval."""
    return Share(name, label, count, count / base if base else None, wilson(min(count, base), base))


def shares_of(choices: Iterable[Choice], frequencies: Sequence[Frequency], base: float) -> tuple[Share, ...]:
    """A share for each choice in its order, then for names of earlier versions that were still answered."""
    counts: dict[str, float] = {}
    for each in frequencies:
        counts[each.value] = counts.get(each.value, 0) + each.count
    known = [share_of(choice.name, choice.label, counts.pop(choice.name, 0), base) for choice in choices]
    return (*known, *(share_of(name, name, count, base) for name, count in sorted(counts.items())))


def number_shares(numbers: Iterable[int], frequencies: Sequence[Frequency], base: float) -> tuple[Share, ...]:
    """A share for each whole number of a scale, in its order."""
    counts = {each.number: each.count for each in frequencies}
    return tuple(share_of(str(number), str(number), counts.get(float(number), 0), base) for number in numbers)


def weighed(frequencies: Iterable[Frequency]) -> list[tuple[float, float]]:
    """The numbers answered, in ascending order, each with its count."""
    counts: dict[float, float] = {}
    for each in frequencies:
        if each.number is not None:
            counts[each.number] = counts.get(each.number, 0) + each.count
    return sorted(counts.items())


def mean_of(frequencies: Iterable[Frequency]) -> float | None:
    """The arithmetic mean; None without a number."""
    pairs = weighed(frequencies)
    total = sum(count for _, count in pairs)
    return sum(number * count for number, count in pairs) / total if total else None


def numbered(base: float, shares: tuple[Share, ...], frequencies: Sequence[Frequency]) -> Tally:
    """The tally of a question that is answered with numbers: mean with its interval, median and deviation."""
    mean, deviation = mean_of(frequencies), deviation_of(frequencies)
    numbers = sum(count for _, count in weighed(frequencies))
    return Tally(
        base,
        shares,
        mean=mean,
        median=median_of(frequencies),
        deviation=deviation,
        numbers=numbers,
        mean_interval=mean_interval(mean, deviation, numbers),
    )


def mean_interval(mean: float | None, deviation: float | None, size: float, shrink: float = 1.0) -> Interval | None:
    """Student's t interval of a mean, 95 % (Student 1908); `shrink` is the finite population correction."""
    if mean is None or deviation is None or size <= 1:
        return None
    half = t_quantile(SURE, size - 1) * deviation * sqrt(shrink / size)
    return Interval(mean - half, mean + half)


def deviation_of(frequencies: Iterable[Frequency]) -> float | None:
    """The sample standard deviation (n − 1); None with fewer than two numbers."""
    pairs = weighed(frequencies)
    total = sum(count for _, count in pairs)
    if total < 2:  # noqa: PLR2004 - n − 1
        return None
    mean = sum(number * count for number, count in pairs) / total
    return sqrt(sum(count * (number - mean) ** 2 for number, count in pairs) / (total - 1))


def median_of(frequencies: Iterable[Frequency]) -> float | None:
    """The middle number, or the mean of the two middle ones; None without a number."""
    pairs = weighed(frequencies)
    half = sum(count for _, count in pairs) / 2
    passed = 0.0
    for place, (number, count) in enumerate(pairs):
        passed += count
        if passed > half:
            return number
        if passed == half:
            return (number + pairs[place + 1][0]) / 2
    return None


def distribution(frequencies: Sequence[Frequency], base: float) -> tuple[Share, ...]:
    """A share for each number answered, or where there are too many for each of about `BINS` equal, round ranges."""
    pairs = weighed(frequencies)
    if len(pairs) <= MOST_BARS:
        return tuple(share_of(plain(number), plain(number), count, base) for number, count in pairs)
    width = _round_width((pairs[-1][0] - pairs[0][0]) / BINS)
    first = _range_of(pairs[0][0], width)
    counts = [0.0] * (_range_of(pairs[-1][0], width) - first + 1)
    for number, count in pairs:
        counts[_range_of(number, width) - first] += count
    edges = [plain(round((first + step) * width, 9)) for step in range(len(counts) + 1)]
    return tuple(
        share_of(edges[step], f"{edges[step]} – <{edges[step + 1]}", count, base) for step, count in enumerate(counts)
    )


def _range_of(number: float, width: float) -> int:
    return floor(round(number / width, 9))


def _round_width(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … (or their parts) that is not less."""
    power: float = 10.0 ** floor(log10(least))
    return next((step * power for step in (1, 2, 5) if step * power >= least), 10 * power)


def plain(number: float) -> str:
    """A number as people write it: 7 rather than 7.0."""
    return str(int(number)) if number == int(number) else repr(number)


def exported(number: float | None) -> str | int | float:
    """A number for a cell of an export: whole numbers without a fraction; empty text for none."""
    if number is None:
        return ""
    return int(number) if number == int(number) else number
