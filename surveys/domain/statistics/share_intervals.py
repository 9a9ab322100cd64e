"""How sure a share or a net promoter score is, with weights and for a finite population; for results."""

from surveys.domain.intervals import Z95, Interval, Score, net_promoter, wilson
from surveys.domain.statistics.masses import Mass, together
from surveys.domain.statistics.populations import correction


def share_interval(part: Mass, whole: Mass, *, population: int | None = None, z: float = Z95) -> Interval | None:
    """Wilson's interval of a weighted share: the effective n stands for n (Korn & Graubard 1998, with Wilson).

    With a population, n is divided by the finite population correction; None on an empty base.
    """
    if whole.weight <= 0:
        return None
    share = min(1.0, part.weight / whole.weight)
    scale = correction(whole.count, population)
    if not scale:
        return Interval(share, share)
    size = whole.effective / scale
    return wilson(share * size, size, z)


def promoter_score(
    promoters: Mass, passives: Mass, detractors: Mass, *, population: int | None = None, z: float = Z95
) -> Score | None:
    """The weighted net promoter score, its interval on the effective n; None without an answer."""
    whole = together((promoters, passives, detractors))
    return net_promoter(
        promoters.weight,
        passives.weight,
        detractors.weight,
        z,
        effective=whole.effective,
        shrink=correction(whole.count, population),
    )
