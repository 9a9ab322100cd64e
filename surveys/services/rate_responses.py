"""Response rates: what became of everybody who was asked, and AAPOR's rates from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.domain.outcomes_of_asking import CODES, GROUPS, Disposition, grouped
from surveys.domain.statistics.response_rates import Cases, Rates, cases_of, rates_of
from surveys.storage.dispositions import dispositions_of
from surveys.storage.surveys import Survey


@dataclass(frozen=True, slots=True)
class Became:
    """How many came to one disposition, with AAPOR's code and the letter that it counts for."""

    name: str
    code: str
    letter: str
    count: int


@dataclass(frozen=True)
class ResponseRates:
    """Everybody who was asked, by disposition; the cases by letter; all rates."""

    lines: Sequence[Became]
    cases: Cases
    letters: dict[str, int]
    rates: Rates

    @property
    def invited(self) -> int:
        """How many were asked."""
        return sum(line.count for line in self.lines)


def rate_responses(session: Session, survey: Survey, *, e: float | None = None) -> ResponseRates:
    """Count everybody; `e` is the share of those of unknown eligibility taken as eligible, else worked out."""
    counts = dispositions_of(session, survey)
    lines = [Became(each.value, CODES[each], GROUPS[each], counts[each]) for each in Disposition]
    letters = grouped(counts)
    cases = cases_of(letters)
    return ResponseRates(lines, cases, letters, rates_of(cases, e))
