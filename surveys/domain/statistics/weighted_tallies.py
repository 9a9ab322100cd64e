"""How sure the tally of a question is where its answers are weighted or everybody was asked; for results."""

from dataclasses import dataclass, replace

from surveys.domain.intervals import Interval, net_promoter, wilson
from surveys.domain.statistics.masses import Mass
from surveys.domain.statistics.populations import correction
from surveys.domain.tallies import Share, Tally, mean_interval


@dataclass(frozen=True, slots=True)
class Sureness:
    """How much a unit of weight tells: `efficiency` is effective n by the sum of weights, `shrink` is for a census."""

    efficiency: float = 1.0
    shrink: float = 1.0


def sureness_of(base: Mass, population: int | None = None) -> Sureness:
    """The sureness of figures on these people, who may be all of a `population` that answered.

    Raises:
        BadInput: more people answered than there are.
    """
    efficiency = base.effective / base.weight if base.weight else 1.0
    return Sureness(efficiency, correction(base.count, population))


def widened(tally: Tally, sure: Sureness) -> Tally:
    """The tally with every interval on the effective n, and narrower by the finite population correction."""
    score = tally.nps
    return replace(
        tally,
        shares=tuple(_share(share, tally.base, sure) for share in tally.shares),
        top=_share(tally.top, tally.base, sure) if tally.top else None,
        mean_interval=mean_interval(tally.mean, tally.deviation, tally.numbers * sure.efficiency, sure.shrink),
        nps=net_promoter(
            score.promoters,
            score.passives,
            score.detractors,
            effective=score.base * sure.efficiency,
            shrink=sure.shrink,
        )
        if score
        else None,
        rows=tuple(replace(row, tally=widened(row.tally, sure)) for row in tally.rows),
    )


def _share(share: Share, base: float, sure: Sureness) -> Share:
    if share.share is None:
        return share
    part = min(1.0, share.share)
    if not sure.shrink:
        return replace(share, interval=Interval(part, part))
    size = base * sure.efficiency / sure.shrink
    return replace(share, interval=wilson(part * size, size))
