"""Weights of respondents: raked or post-stratified, trimmed, and what they cost; for results used throughout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.statistics.masses import Mass
from surveys.domain.statistics.raking import Cell, Margin, fit_margins, misfit

SAME = 1e-9
PROGRESS = 1e-3
"""By which part the greatest weight must fall for another round of cutting to be worth it."""
JOINED = " × "
"""Between the groups of a cell in its name."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each cell of groups, 1 on average, and all that a report must say of them.

    `rounds` of the fitting in all; `error` is the greatest difference of a share from its target that remains (trimming
    leaves some); `trimmed` counts the people whose weight was cut; `mass` tells design effect and effective n.
    """

    factors: Mapping[Cell, float]
    mass: Mass
    rounds: int
    error: float
    trimmed: int

    def of(self, cell: Cell) -> float:
        """The weight of somebody in these groups; 1 for somebody of a cell that nobody was in."""
        return self.factors.get(cell, 1.0)

    @property
    def largest(self) -> float:
        """The greatest weight."""
        return max(self.factors.values())

    @property
    def smallest(self) -> float:
        """The least weight."""
        return min(self.factors.values())


def rake(people: Mapping[Cell, int], margins: Sequence[Margin], *, most: float | None = None) -> Weights:
    """Weight people to margins (Deming & Stephan 1940), with no weight over `most` times the average.

    Weights above are cut and the rest fitted again as long as that helps (Izrael, Battaglia & Frankel 2009); the shares
    may then miss their targets by `error`.

    Raises:
        BadInput: targets that cannot be fitted, or a limit that leaves no room.
    """
    there = {cell: float(count) for cell, count in people.items() if count}
    if not there or not margins:
        raise BadInput(_("There is nobody or nothing to weight."), field="targets")
    limit = inf if most is None else most
    if limit <= 1:
        raise BadInput(_("The limit of weights must be above 1."), field="trim", remedy=_("Try 5."))
    fit = fit_margins(there, margins)
    factors = {cell: fit.masses[cell] / count for cell, count in there.items()}
    rounds, cut, worst = fit.rounds, set[Cell](), inf
    while limit * (1 + SAME) < max(factors.values()) < worst * (1 - PROGRESS):
        worst = max(factors.values())
        cut |= {cell for cell, factor in factors.items() if factor > limit * (1 + SAME)}
        fit = fit_margins({cell: min(factor, limit) * there[cell] for cell, factor in factors.items()}, margins)
        factors = {cell: fit.masses[cell] / count for cell, count in there.items()}
        rounds += fit.rounds
    return _weights(_capped(factors, there, limit) if cut else factors, people, margins, rounds, cut)


def _capped(factors: Mapping[Cell, float], people: Mapping[Cell, float], limit: float) -> dict[Cell, float]:
    """The weights, those still above the limit cut for good; 1 on average again as far as the limit allows."""
    cut = {cell: min(factor, limit) for cell, factor in factors.items()}
    free = {cell for cell, factor in cut.items() if factor < limit}
    held = sum(cut[cell] * people[cell] for cell in cut if cell not in free)
    loose = sum(cut[cell] * people[cell] for cell in free)
    scale = (sum(people.values()) - held) / loose if loose else 1.0
    return {cell: min(limit, factor * scale) if cell in free else factor for cell, factor in cut.items()}


def _weights(
    factors: Mapping[Cell, float], people: Mapping[Cell, int], margins: Sequence[Margin], rounds: int, cut: set[Cell]
) -> Weights:
    masses = {cell: factor * people[cell] for cell, factor in factors.items()}
    squares = sum(factor * factor * people[cell] for cell, factor in factors.items())
    mass = Mass(sum(people[cell] for cell in factors), sum(masses.values()), squares)
    return Weights(factors, mass, rounds, misfit(masses, margins), sum(people[cell] for cell in cut))


def post_stratify(people: Mapping[Cell, int], targets: Mapping[Cell, float], *, most: float | None = None) -> Weights:
    """Weight each cell of groups to its own target: shares, percentages or counts (Holt & Smith 1979).

    Raises:
        BadInput: a cell without people or without a target.
    """
    names = {cell: JOINED.join(cell) for cell in {*people, *targets}}
    margin = Margin(_("the groups together"), {names[cell]: target for cell, target in targets.items()})
    raked = rake({(names[cell],): count for cell, count in people.items()}, [margin], most=most)
    factors = {cell: raked.factors[names[cell],] for cell, count in people.items() if count}
    return Weights(factors, raked.mass, raked.rounds, raked.error, raked.trimmed)
