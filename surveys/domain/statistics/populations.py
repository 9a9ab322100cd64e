"""The finite population correction, for surveys that asked everybody of a group that is not large."""

from core.errors import BadInput
from core.language import gettext as _


def correction(answered: int, population: int | None) -> float:
    """What the variance is multiplied by: (N − n) / (N − 1) (Cochran 1977, 2.6); 1 without a population.

    Raises:
        BadInput: more people answered than there are.
    """
    if population is None:
        return 1.0
    if answered > population:
        raise BadInput(
            _("{answered} people answered, but the population has {population}.").format(
                answered=answered, population=population
            ),
            field="population",
            remedy=_("Give the number of everybody who could have been asked."),
        )
    return (population - answered) / (population - 1) if population > 1 else 0.0
