"""Many comparisons at once: p values that keep the promise for all of them together; for letters in crosstabs."""

from collections.abc import Sequence
from enum import StrEnum

from surveys.domain.statistics.formula_names import Formula


class Adjustment(StrEnum):
    """How p values are adjusted for the number of comparisons."""

    BONFERRONI = "bonferroni"
    HOLM = "holm"
    NONE = "none"

    @property
    def formula(self) -> Formula:
        """What is said under the table."""
        return _FORMULAS[self]

    def apply(self, values: Sequence[float]) -> list[float]:
        """The adjusted p values, in the same order."""
        if self is Adjustment.HOLM:
            return holm(values)
        return bonferroni(values) if self is Adjustment.BONFERRONI else list(values)


_FORMULAS = {
    Adjustment.BONFERRONI: Formula.BONFERRONI,
    Adjustment.HOLM: Formula.HOLM,
    Adjustment.NONE: Formula.UNADJUSTED,
}


def bonferroni(values: Sequence[float]) -> list[float]:
    """Each p times the number of comparisons, at most 1 (Dunn 1961)."""
    return [min(1.0, value * len(values)) for value in values]


def holm(values: Sequence[float]) -> list[float]:
    """The step-down p values, in the order given (Holm 1979)."""
    adjusted = [0.0] * len(values)
    reached = 0.0
    for passed, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        reached = max(reached, min(1.0, (len(values) - passed) * values[place]))
        adjusted[place] = reached
    return adjusted
