"""The regularised incomplete gamma and beta functions, to about 1e-12; for the tails of distributions."""

from math import exp, lgamma, log, log1p, pi, sqrt

MOST_TERMS = 100_000
CLOSE = 1e-15
TINY = 1e-300
STIRLING_FROM = 10.0
"""From here on Stirling's series with five terms is exact in double precision."""
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)


def upper_gamma(a: float, x: float) -> float:
    """Q(a, x), the regularised upper incomplete gamma function, for a > 0 and x ≥ 0 (DLMF 8.2.4, 8.7.1, 8.9.2)."""
    if x <= 0:
        return 1.0
    return 1.0 - _gamma_series(a, x) if x < a + 1 else _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1.0
    step = 0
    while term > total * CLOSE / 10:
        step += 1
        term *= x / (a + step)
        total += term
    return total * _gamma_front(a, x)


def _gamma_fraction(a: float, x: float) -> float:
    """The continued fraction, by the modified Lentz method (Thompson & Barnett 1986)."""
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    value, step = d, 0
    while step == 0 or (abs(c * d - 1) > CLOSE and step < MOST_TERMS):
        step += 1
        factor = step * (a - step)
        b += 2
        d = 1 / _away(factor * d + b)
        c = _away(b + factor / c)
        value *= c * d
    return value * a * _gamma_front(a, x)


def _gamma_front(a: float, x: float) -> float:
    """The common factor xᵃ e⁻ˣ / Γ(a + 1)."""
    if a < STIRLING_FROM:
        return exp(a * log(x) - x - lgamma(a + 1))
    off = (x - a) / a
    return exp(a * (_log_ratio(off, x / a) - off) - _stirling(a)) / sqrt(2 * pi * a)


def lower_beta(a: float, b: float, x: float, y: float) -> float:
    """I(x; a, b), the regularised incomplete beta function (DLMF 8.17.2); `y` is 1 − x, given for its precision."""
    if x <= 0:
        return 0.0
    if y <= 0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta_fraction(b, a, y, x)
    return _beta_fraction(a, b, x, y)


def _beta_fraction(a: float, b: float, x: float, y: float) -> float:
    """The continued fraction of Didonato & Morris (1992, 10), whose terms lose no digit where x is near 1."""
    ahead = (a + b) * y - b + 1 if y < x else a + 1 - (a + b) * x
    value = c = _away(a * ahead / (a + 1))
    d, step = 0.0, 0
    while step == 0 or (abs(c * d - 1) > CLOSE and step < MOST_TERMS):
        step += 1
        reach = a + 2 * step - 1
        over = (a + step - 1) * (a + b + step - 1) * step * (b - step) * (x / reach) ** 2
        under = step + step * (b - step) * x / reach + (a + step) * (ahead + step * (1 + y)) / (reach + 2)
        d = 1 / _away(under + over * d)
        c = _away(under + over / c)
        value *= c * d
    return _beta_front(a, b, x, y) / value


def _beta_front(a: float, b: float, x: float, y: float) -> float:
    """The common factor xᵃ yᵇ / B(a, b)."""
    if min(a, b) >= STIRLING_FROM:
        off = x * b - y * a
        powers = a * _log_ratio(off / a, x * (a + b) / a) + b * _log_ratio(-off / b, y * (a + b) / b)
        return exp(powers + _stirling(a + b) - _stirling(a) - _stirling(b)) * sqrt(a * b / (2 * pi * (a + b)))
    return exp(a * _log(x, y) + b * _log(y, x) - _log_beta(max(a, b), min(a, b)))


def _log_ratio(off: float, ratio: float) -> float:
    """The logarithm of a ratio, which is 1 + off."""
    return log1p(off) if abs(off) < 1 / 2 else log(ratio)


def _log(x: float, y: float) -> float:
    """The logarithm of x, which is 1 − y."""
    return log(x) if x < y else log1p(-y)


def _log_beta(large: float, small: float) -> float:
    if large < STIRLING_FROM:
        return lgamma(large) + lgamma(small) - lgamma(large + small)
    both = large + small
    apart = -(large - 0.5) * log1p(small / large) - small * log(both) + small
    return lgamma(small) + apart + _stirling(large) - _stirling(both)


def _stirling(a: float) -> float:
    """What ln Γ(a) is more than (a − ½) ln a − a + ½ ln 2π (DLMF 5.11.1)."""
    return sum(factor / a ** (2 * place + 1) for place, factor in enumerate(_STIRLING))


def _away(number: float) -> float:
    """The number, kept away from zero."""
    return number if abs(number) > TINY else TINY
