"""Tails and quantiles against SciPy, and against what is known exactly."""

from math import exp, isclose

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from surveys.domain.statistics.distributions import (
    chi_square_tail,
    f_tail,
    t_quantile,
    t_tail,
    t_two_sided,
    two_sided,
)
from surveys.domain.statistics.special_functions import lower_beta

DEGREES = st.one_of(st.integers(1, 40), st.integers(41, 100_000)).map(float)
numbers = st.floats(0, 1, exclude_max=True).map(lambda share: share / (1 - share))
FEW = settings(max_examples=60, deadline=None)


def close(ours: float, theirs: float) -> bool:
    return isclose(ours, float(theirs), rel_tol=2e-12, abs_tol=1e-13)


@FEW
@given(DEGREES, numbers)
@example(2.0, 5.0)
@example(1000.0, 1.0)
@example(100_000.0, 1.01)
def test_the_tail_of_chi_square_is_scipys(df, times):
    from scipy.stats import chi2

    assert close(chi_square_tail(df * times, df), chi2.sf(df * times, df))


@FEW
@given(DEGREES, numbers)
@example(1.0, 1e9)
@example(99_999.0, 2.0)
def test_the_tail_of_t_is_scipys(df, t):
    from scipy.stats import t as student

    assume(t < 1e100)
    assert close(t_tail(t, df), student.sf(t, df))
    assert close(t_tail(-t, df), student.sf(-t, df))
    assert close(t_two_sided(-t, df), 2 * student.sf(t, df))


@FEW
@given(DEGREES, DEGREES, numbers)
@example(3.0, 12.5, 4.0)
@example(50.0, 70.0, 1.02)
@example(20_000.0, 30_000.0, 0.99)
def test_the_tail_of_f_is_scipys(between, within, f):
    from scipy.stats import f as fisher

    assume(f < 1e100)
    assert close(f_tail(f, between, within), fisher.sf(f, between, within))


@FEW
@given(st.floats(0.5, 0.9999), DEGREES)
@example(0.975, 1.0)
def test_the_quantile_of_t_is_scipys(level, df):
    from scipy.stats import t as student

    assert isclose(t_quantile(level, df), float(student.ppf(level, df)), rel_tol=1e-10, abs_tol=1e-12)


def test_the_normal_distribution_is_known():
    assert two_sided(-1.959963984540054) == pytest.approx(0.05, rel=1e-14)


def test_ends_and_exact_values():
    assert chi_square_tail(0, 3) == f_tail(0, 2, 3) == 1.0
    assert chi_square_tail(6.0, 2) == pytest.approx(exp(-3.0), rel=1e-15)
    assert t_tail(0.0, 5) == 0.5
    assert abs(t_quantile(0.5, 7)) < 1e-12
    assert t_tail(1.0, 1) == pytest.approx(0.25, rel=1e-14)
    assert f_tail(1e150, 2, 3) < 1e-200
    assert (lower_beta(2, 3, 1.0, 0.0), lower_beta(2, 3, 0.0, 1.0)) == (1.0, 0.0)
