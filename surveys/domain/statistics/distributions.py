"""Tails and quantiles of the normal, chi-square, t and F distributions; for tests and intervals of surveys."""

from functools import lru_cache
from math import erfc, sqrt

from surveys.domain.statistics.special_functions import lower_beta, upper_gamma

HALVINGS = 200


def two_sided(z: float) -> float:
    """How likely a standard normal number is to be at least as far from 0 as z."""
    return erfc(abs(z) / sqrt(2))


def chi_square_tail(x: float, df: float) -> float:
    """How likely a chi-square number with `df` degrees of freedom is to exceed x (DLMF 8.2)."""
    return upper_gamma(df / 2, x / 2)


def t_tail(t: float, df: float) -> float:
    """How likely Student's t with `df` degrees of freedom is to exceed t (Abramowitz & Stegun 26.7.1)."""
    whole = df + t * t
    half = 0.5 * lower_beta(df / 2, 0.5, df / whole, t * t / whole)
    return half if t >= 0 else 1 - half


def t_two_sided(t: float, df: float) -> float:
    """How likely Student's t is to be at least as far from 0 as t."""
    return 2 * t_tail(abs(t), df)


def f_tail(f: float, between: float, within: float) -> float:
    """How likely Fisher's F is to exceed f; the degrees of freedom may be fractions (A & S 26.6.2)."""
    if f <= 0:
        return 1.0
    whole = within + between * f
    return lower_beta(within / 2, between / 2, within / whole, between * f / whole)


@lru_cache(maxsize=256)
def t_quantile(level: float, df: float) -> float:
    """The t that Student's t stays below with this likelihood, for levels of ½ and more; by halving."""
    low, high = 0.0, 2.0
    while t_tail(high, df) > 1 - level:
        low, high = high, 2 * high
    for _step in range(HALVINGS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if t_tail(middle, df) > 1 - level else (low, middle)
    return (low + high) / 2
