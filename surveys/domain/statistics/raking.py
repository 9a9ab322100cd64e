"""Raking and post-stratification: fitting a sample to the known shares of its population; for weighted results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.language import gettext as _

Cell = tuple[str, ...]
"""The group of each margin that people belong to; empty text where it is unknown."""
Masses = Mapping[Cell, float]

MOST_ROUNDS = 1_000
CLOSE = 1e-10
ROUNDING = 0.005
"""By which part totals of targets may differ: published shares are rounded."""
UNKNOWN = ""
WHOLES = (1.0, 100.0)


@dataclass(frozen=True, slots=True)
class Margin:
    """What the population looks like in one respect: the target of each group, as shares, percentages or counts."""

    name: str
    targets: Mapping[str, float]

    @property
    def total(self) -> float:
        """The sum of the targets."""
        return sum(self.targets.values())


@dataclass(frozen=True, slots=True)
class Fit:
    """Masses that fit the margins: how many rounds it took, and the greatest difference of a share that remains."""

    masses: Masses
    rounds: int
    error: float


def fit_margins(masses: Masses, margins: Sequence[Margin], *, rounds: int = MOST_ROUNDS) -> Fit:
    """Scale to each margin in turn until all fit: iterative proportional fitting (Deming & Stephan 1940).

    The fitted masses add up to what was given. People of unknown group in a margin are left as they are by it: the
    others come to its shares among themselves.

    Raises:
        BadInput: targets that contradict each other, a group without people or without a target, or no fit.
    """
    require_targets(masses, margins)
    fitted = dict(masses)
    for passed in range(1, rounds + 1):
        for place, margin in enumerate(margins):
            fitted = _scaled(fitted, place, margin)
        error = misfit(fitted, margins)
        if error < CLOSE:
            return Fit(fitted, passed, error)
    raise BadInput(
        _("The weights do not settle after {rounds} rounds: some combinations of groups have nobody.").format(
            rounds=rounds
        ),
        remedy=_("Join small groups, or weight by fewer questions."),
    )


def misfit(masses: Masses, margins: Sequence[Margin]) -> float:
    """The greatest difference between a group's share and its target, among those whose group is known."""
    worst = 0.0
    for place, margin in enumerate(margins):
        found = _by_group(masses, place)
        known = sum(found.values())
        worst = max(
            worst, *(abs(found[group] / known - target / margin.total) for group, target in margin.targets.items())
        )
    return worst


def _by_group(masses: Masses, place: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for cell, mass in masses.items():
        if cell[place] != UNKNOWN:
            found[cell[place]] = found.get(cell[place], 0.0) + mass
    return found


def _scaled(masses: dict[Cell, float], place: int, margin: Margin) -> dict[Cell, float]:
    found = _by_group(masses, place)
    known = sum(found.values())
    factors = {group: target / margin.total * known / found[group] for group, target in margin.targets.items()}
    return {cell: mass * factors.get(cell[place], 1.0) for cell, mass in masses.items()}


def require_targets(masses: Masses, margins: Sequence[Margin]) -> None:
    """Refuse what cannot be fitted, naming the place.

    Raises:
        BadInput: as `fit_margins` says.
    """
    for place, margin in enumerate(margins):
        _require_groups(margin, _by_group(masses, place))
        _require_total(margin)
    totals = {margin.name: margin.total for margin in margins}
    if margins and max(totals.values()) > min(totals.values()) * (1 + 2 * ROUNDING):
        said = ", ".join(f"{name}: {total:g}" for name, total in totals.items())
        raise BadInput(
            _("The targets add up to different totals ({totals}).").format(totals=said),
            field="targets",
            remedy=_("Give all as shares of 100, or all as counts of the same people."),
        )


def _require_groups(margin: Margin, found: Mapping[str, float]) -> None:
    wrong = [group for group, target in margin.targets.items() if not 0 < target < float("inf")]
    if wrong or not margin.targets:
        named = ", ".join(wrong) or margin.name
        raise BadInput(
            _("Every target must be above 0: {groups}.").format(groups=named),
            field=margin.name,
            remedy=_("Leave a group that the population does not have out of the analysis."),
        )
    empty = [group for group in margin.targets if not found.get(group)]
    if empty:
        raise BadInput(
            _("Nobody in “{margin}” is in: {groups}. What is not there cannot be weighted up.").format(
                margin=margin.name, groups=", ".join(empty)
            ),
            field=margin.name,
            remedy=_("Join this group with a neighbouring one."),
        )
    untold = [group for group in found if group not in margin.targets]
    if untold:
        raise BadInput(
            _("“{margin}” has no target for: {groups}.").format(margin=margin.name, groups=", ".join(untold)),
            field=margin.name,
            remedy=_("Give every group its target."),
        )


def _require_total(margin: Margin) -> None:
    """Shares that nearly add up are a slip, not a population of 97 people."""
    for whole in WHOLES:
        off = abs(margin.total - whole) / whole
        if ROUNDING < off < 20 * ROUNDING:
            raise BadInput(
                _("The targets of “{margin}” add up to {total}, not {whole}.").format(
                    margin=margin.name, total=f"{margin.total:g}", whole=f"{whole:g}"
                ),
                field=margin.name,
                remedy=_("Correct the targets."),
            )
