"""Response, cooperation, refusal and contact rates (AAPOR Standard Definitions, 10th edition, 2023); for reports."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cases:
    """How many of those asked came to what, by AAPOR's letters.

    I complete, P partial, R refused or broke off, NC never reached, O other eligible people who did not answer; UH and
    UO of whom it is unknown whether they are eligible; NE who are not.
    """

    complete: int = 0
    partial: int = 0
    refused: int = 0
    not_reached: int = 0
    other: int = 0
    unknown: int = 0
    unknown_other: int = 0
    ineligible: int = 0

    @property
    def answered(self) -> int:
        """I + P."""
        return self.complete + self.partial

    @property
    def eligible(self) -> int:
        """I + P + R + NC + O."""
        return self.answered + self.refused + self.not_reached + self.other

    @property
    def unclear(self) -> int:
        """UH + UO."""
        return self.unknown + self.unknown_other


@dataclass(frozen=True, slots=True)
class Rates:
    """All rates as shares; None where undefined. `e` is the share taken as eligible of those of unknown eligibility."""

    e: float | None
    response: tuple[float | None, ...]
    cooperation: tuple[float | None, ...]
    refusal: tuple[float | None, ...]
    contact: tuple[float | None, ...]

    def named(self) -> dict[str, float | None]:
        """Each rate by its name: RR1 … RR6, COOP1 … COOP4, REF1 … REF3, CON1 … CON3."""
        groups = {"RR": self.response, "COOP": self.cooperation, "REF": self.refusal, "CON": self.contact}
        return {f"{name}{number}": rate for name, rates in groups.items() for number, rate in enumerate(rates, 1)}


def cases_of(letters: Mapping[str, int]) -> Cases:
    """The cases from counts by letter (I, P, R, NC, O, UH, UO, NE); an absent letter is nobody."""
    return Cases(*(letters.get(letter, 0) for letter in ("I", "P", "R", "NC", "O", "UH", "UO", "NE")))


def rates_of(cases: Cases, e: float | None = None) -> Rates:
    """All rates; without an `e` of one's own it is the eligible share of those whose eligibility is known (CASRO)."""
    share = _ratio(cases.eligible, cases.eligible + cases.ineligible) if e is None else e
    bases = _bases(cases, share)
    reached = cases.answered + cases.refused
    counted = cases.complete, cases.answered
    return Rates(
        share,
        tuple(_ratio(part, base) for base in bases for part in counted),
        tuple(_ratio(part, base) for base in (reached + cases.other, reached) for part in counted),
        tuple(_ratio(cases.refused, base) for base in bases),
        tuple(_ratio(reached + cases.other, base) for base in bases),
    )


def _bases(cases: Cases, e: float | None) -> tuple[float | None, ...]:
    """Everybody; the eligible with the share e of the unclear; the eligible alone."""
    likely = None if e is None and cases.unclear else cases.eligible + (e or 0.0) * cases.unclear
    return cases.eligible + cases.unclear, likely, cases.eligible


def _ratio(part: float, base: float | None) -> float | None:
    return part / base if base else None
