"""Comparisons of columns: pooled z, Welch, Bonferroni and Holm, against published figures and statsmodels."""

from statistics import fmean, variance

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.domain.statistics.column_letters import (
    Contrast,
    Rules,
    compare_means,
    compare_shares,
    exceeded,
    letter_of,
)
from surveys.domain.statistics.corrections import Adjustment, bonferroni, holm
from surveys.domain.statistics.masses import Mass, mass_of, unweighted
from surveys.domain.statistics.mean_tables import equal_means
from surveys.domain.statistics.number_sums import Moments, moments_of

FEW = settings(max_examples=40, deadline=None)
groups = st.lists(st.lists(st.integers(1, 10), min_size=3, max_size=12), min_size=2, max_size=5)


def alike(numbers: list[int]) -> Moments:
    return moments_of((number, 1.0) for number in numbers)


def test_holm_gives_the_published_values_in_the_order_given():
    assert holm((0.01, 0.04, 0.03, 0.005)) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert bonferroni((0.01, 0.4)) == [0.02, 0.8]
    assert [each.apply([0.02, 0.6]) for each in Adjustment] == [[0.04, 1.0], [0.04, 0.6], [0.02, 0.6]]
    assert len({each.formula for each in Adjustment}) == 3


@FEW
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_and_bonferroni_are_those_of_statsmodels(values):
    from statsmodels.stats.multitest import multipletests

    assert holm(values) == pytest.approx(list(multipletests(values, method="holm")[1]))
    assert bonferroni(values) == pytest.approx(list(multipletests(values, method="bonferroni")[1]))


@FEW
@given(st.integers(0, 50), st.integers(50, 90), st.integers(0, 50), st.integers(50, 90))
def test_shares_are_compared_with_the_pooled_share(one, of, other, whole):
    from statsmodels.stats.proportion import proportions_ztest

    assume(0 < one + other < of + whole)
    ours = compare_shares((unweighted(one), unweighted(of)), (unweighted(other), unweighted(whole)))
    assert ours.p == pytest.approx(proportions_ztest([one, other], [of, whole])[1], rel=1e-10)
    assert ours.difference == pytest.approx(one / of - other / whole)


def test_shares_without_variance_or_base_have_no_p():
    nobody, all_of = (Mass(), unweighted(9)), (unweighted(9), unweighted(9))
    assert compare_shares(nobody, nobody) == compare_shares(all_of, all_of) == Contrast(0.0, None)
    assert compare_shares((Mass(), Mass()), all_of) == Contrast(0.0, None)
    assert compare_shares(nobody, all_of).p is not None


def test_weights_count_as_far_as_they_are_effective():
    heavy = mass_of([1, 1, 1000])
    assert (round(heavy.design_effect, 5), Mass().design_effect, Mass().effective) == (2.98804, 1.0, 0.0)
    plain = compare_shares((unweighted(40), unweighted(100)), (unweighted(55), unweighted(100))).p
    part, whole = Mass(40, 40, 80), Mass(100, 100, 200)
    weighted = compare_shares((part, whole), (Mass(55, 55, 110), whole)).p
    assert plain is not None
    assert weighted is not None
    assert plain < 0.05 < weighted


@FEW
@given(groups)
def test_means_are_compared_as_scipy_and_statsmodels_do(lists):
    from scipy.stats import ttest_ind
    from statsmodels.stats.oneway import anova_oneway

    assume(all(variance(each) > 0 for each in lists))
    ours, theirs = compare_means(alike(lists[0]), alike(lists[1])), ttest_ind(lists[0], lists[1], equal_var=False)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert ours.difference == pytest.approx(fmean(lists[0]) - fmean(lists[1]), abs=1e-12)
    test, judge = equal_means([alike(each) for each in lists]), anova_oneway(lists, use_var="unequal")
    assert test is not None
    assert test.statistic == pytest.approx(judge.statistic, rel=1e-9, abs=1e-12)
    assert test.p == pytest.approx(judge.pvalue, rel=1e-9)
    assert test.within == pytest.approx(judge.df_denom, rel=1e-9)


def test_means_without_variance_have_no_p():
    nobody, one, same = Moments(), alike([4]), alike([4, 4])
    assert compare_means(nobody, same) == compare_means(same, nobody) == Contrast(0.0, None)
    assert compare_means(one, alike([1, 2])) == Contrast(2.5, None)
    assert compare_means(same, alike([3, 3])) == Contrast(1.0, None)
    assert equal_means([same, alike([1, 2])]) is equal_means([alike([1, 2])]) is None


def test_a_group_exceeds_those_it_is_significantly_above_and_none_is_left_out():
    shares = [(unweighted(part), unweighted(100)) for part in (20, 50, 45)]
    assert exceeded(shares, compare_shares, Rules()) == [(), (0,), (0,)]
    assert exceeded([None, *shares[1:]], compare_shares, Rules()) == [(), (), ()]
    close = [(unweighted(part), unweighted(100)) for part in (40, 55, 40)]
    assert exceeded(close, compare_shares, Rules()) == [(), (), ()]
    assert exceeded(close, compare_shares, Rules(adjustment=Adjustment.NONE)) == [(), (0, 2), ()]


def test_letters_go_on_after_z():
    assert [letter_of(place) for place in (0, 25, 26, 51, 52, 702)] == ["A", "Z", "AA", "AZ", "BA", "AAA"]
