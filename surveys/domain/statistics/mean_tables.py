"""A number's mean by the columns of a banner, with letters and the test of all means; for crosstabs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.domain.intervals import Interval
from surveys.domain.statistics.column_letters import Rules, compare_means, exceeded, letter_of
from surveys.domain.statistics.crosstabs import Heading
from surveys.domain.statistics.distributions import f_tail
from surveys.domain.statistics.formula_names import Caution, Formula
from surveys.domain.statistics.number_sums import Moments

TWO = 2


@dataclass(frozen=True, slots=True)
class MeanTest:
    """Welch's F test that all means are equal."""

    statistic: float
    between: float
    within: float
    p: float


@dataclass(frozen=True, slots=True)
class MeanColumn:
    """One column's mean with its interval and deviation, and the letters of the columns that it exceeds."""

    heading: Heading
    letter: str
    moments: Moments
    interval: Interval | None
    letters: tuple[str, ...]
    small: bool


@dataclass(frozen=True, slots=True)
class MeanTable:
    """The means of all columns, everybody's, the test, and what is said under it."""

    columns: tuple[MeanColumn, ...]
    total: Moments
    test: MeanTest | None
    formulas: tuple[Formula, ...]
    cautions: tuple[Caution, ...]


_DEFAULT = Rules()


def mean_table(
    columns: Sequence[Heading],
    moments: Mapping[str, Moments],
    rules: Rules = _DEFAULT,
    *,
    total: Moments | None = None,
    first: int = 0,
) -> MeanTable:
    """Compare a number's means; with `total` the columns overlap, and none is compared."""
    given = [moments.get(column.name, Moments()) for column in columns]
    small = [each.mass.count < rules.minimum_base for each in given]
    overlap = total is not None
    groups = [None if few or overlap else each for each, few in zip(given, small, strict=True)]
    exceeds = exceeded(groups, compare_means, rules)
    lines = tuple(
        MeanColumn(
            column,
            letter_of(first + place),
            given[place],
            given[place].interval(),
            tuple(letter_of(first + each) for each in exceeds[place]),
            small[place],
        )
        for place, column in enumerate(columns)
    )
    test = equal_means([each for each in groups if each is not None])
    cautions = (*((Caution.OVERLAP,) if overlap else ()), *((Caution.FEW,) if any(small) else ()))
    named = (Formula.STUDENT, *((Formula.WELCH_F,) if test else ()), Formula.WELCH, rules.adjustment.formula)
    return MeanTable(lines, total or sum(given, Moments()), test, named, cautions)


def equal_means(groups: Sequence[Moments]) -> MeanTest | None:
    """Welch's F test (Welch 1951); None with fewer than two groups, or where a group has no variance."""
    sure = []
    for group in groups:
        if not group.variance or group.mean is None:
            return None
        sure.append((group.mass.effective, group.mean, group.mass.effective / group.variance))
    count = len(sure)
    if count < TWO:
        return None
    whole = sum(weight for _, _, weight in sure)
    middle = sum(weight * mean for _, mean, weight in sure) / whole
    spread = sum(weight * (mean - middle) ** 2 for _, mean, weight in sure) / (count - 1)
    doubt = sum((1 - weight / whole) ** 2 / (size - 1) for size, _, weight in sure) / (count * count - 1)
    statistic = spread / (1 + 2 * (count - 2) * doubt)
    within = 1 / (3 * doubt)
    return MeanTest(statistic, float(count - 1), within, f_tail(statistic, count - 1, within))
