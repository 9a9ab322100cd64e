"""Intervals with weights and for a finite population."""

from statistics import fmean, stdev, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from surveys.domain.intervals import Interval, Score, wilson
from surveys.domain.statistics.masses import Mass, unweighted
from surveys.domain.statistics.number_sums import Moments, moments_of
from surveys.domain.statistics.populations import correction
from surveys.domain.statistics.share_intervals import promoter_score, share_interval


def sure(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return round(interval.low, 4), round(interval.high, 4)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(0, 400))
def test_wilson_is_that_of_statsmodels(count, more):
    from statsmodels.stats.proportion import proportion_confint

    ours, theirs = wilson(count, count + more), proportion_confint(count, count + more, method="wilson")
    assert ours is not None
    assert [ours.low, ours.high] == pytest.approx(list(theirs), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40))
def test_the_interval_of_a_mean_is_scipys(numbers):
    from scipy.stats import t

    ours = moments_of((number, 1.0) for number in numbers)
    interval = ours.interval()
    assert interval is not None
    half = t.ppf(0.975, len(numbers) - 1) * stdev(numbers) / len(numbers) ** 0.5
    assert ours.deviation == pytest.approx(stdev(numbers), abs=1e-6)
    assert interval.high - interval.low == pytest.approx(2 * half, abs=1e-6)


def test_a_share_without_weights_has_the_published_interval():
    assert sure(share_interval(unweighted(81), unweighted(263))) == (0.2553, 0.3662)
    assert share_interval(Mass(), Mass()) is None


def test_weights_widen_an_interval_by_their_design_effect():
    part, whole = Mass(50, 50.0, 100.0), Mass(100, 100.0, 200.0)
    assert share_interval(part, whole) == wilson(25, 50)
    assert (whole.effective, whole.design_effect) == (50.0, 2.0)


def test_a_census_is_surer_and_whoever_asked_everybody_is_sure():
    some, everybody = unweighted(50), unweighted(100)
    narrow, wide = share_interval(some, everybody, population=150), share_interval(some, everybody)
    assert narrow is not None
    assert wide is not None
    assert wide.low < narrow.low < 0.5 < narrow.high < wide.high
    assert share_interval(some, everybody, population=100) == Interval(0.5, 0.5)
    assert (correction(1, 1), correction(3, None), correction(50, 99)) == (0.0, 1.0, 0.5)
    with pytest.raises(BadInput, match="12 people answered, but the population has 10"):
        correction(12, 10)


def test_a_mean_is_surer_in_a_census_too():
    numbers = moments_of((number, 1.0) for number in (1, 2, 3, 4))
    assert sure(numbers.interval()) == (0.4457, 4.5543)
    assert sure(numbers.interval(population=4)) == (2.5, 2.5)
    assert Moments().interval() is moments_of([(3, 1.0)]).interval() is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=20), st.integers(1, 19), st.sampled_from([0, 10**11]))
def test_sums_of_large_numbers_lose_no_digit_and_add_up(numbers, cut, far):
    parts = [moments_of((number + far, 1.0) for number in some) for some in (numbers[:cut], numbers[cut:])]
    whole = sum(parts, Moments())
    assert whole.mean == pytest.approx(far + fmean(numbers), rel=1e-15)
    assert whole.variance == pytest.approx(variance(numbers), rel=1e-9, abs=1e-9)


def test_weighted_scores_have_the_interval_of_their_effective_number():
    def score(promoters: Mass, passives: Mass, detractors: Mass, population: int | None = None) -> Score:
        found = promoter_score(promoters, passives, detractors, population=population)
        assert found is not None
        return found

    plain = score(unweighted(162), unweighted(108), unweighted(54))
    assert (round(plain.score, 2), round(plain.margin, 2), plain.adjusted) == (33.33, 8.12, False)
    weighted = score(Mass(162, 162, 324), Mass(108, 108, 216), Mass(54, 54, 108))
    assert (round(weighted.score, 2), round(weighted.margin, 2)) == (33.33, round(plain.margin * 2**0.5, 2))
    census = score(unweighted(162), unweighted(108), unweighted(54), population=324)
    assert census.margin == pytest.approx(0, abs=1e-12)
    assert promoter_score(Mass(), Mass(), Mass()) is None
