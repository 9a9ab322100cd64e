"""Chi-square, Yates, Fisher and Cramér's V, against published examples and SciPy."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.domain.statistics.contingency import Association, associate, expected_counts, residuals
from surveys.domain.statistics.fisher_exact import fisher_exact
from surveys.domain.statistics.formula_names import Caution, Formula

PARTY = [[762, 327, 468], [484, 239, 477]]
MARRIED = [[18, 36, 21, 9, 6], [12, 36, 45, 36, 21], [6, 9, 9, 3, 3], [3, 9, 9, 6, 3]]
TEA = [[3, 1], [1, 3]]
FEW = settings(max_examples=80, deadline=None)
counts = st.integers(0, 400)


def tables(least: int = 2, most: int = 5):
    sizes = st.tuples(st.integers(least, most), st.integers(least, most))
    return sizes.flatmap(
        lambda size: st.lists(st.lists(counts, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
    )


def found(table) -> Association:
    association = associate(table)
    assert association is not None
    return association


def test_the_published_tables_of_party_and_of_education_are_reproduced():
    party = found(PARTY)
    assert (round(party.chi_square, 3), party.df, party.formula) == (30.070, 2, Formula.PEARSON)
    assert party.p == pytest.approx(2.9535891832117354e-07)
    married = found(MARRIED)
    assert (sum(map(sum, MARRIED)), married.df) == (300, 12)
    assert (round(married.chi_square, 3), round(married.p, 4)) == (23.567, 0.0233)
    assert (married.cautions, round(married.least_expected, 2)) == ((), 3.3)


def test_the_lady_tasting_tea_is_tested_exactly():
    tea = found(TEA)
    assert (round(tea.p, 4), tea.formula, tea.statistic) == (0.4857, Formula.FISHER, None)
    assert (tea.chi_square, tea.strength, tea.least_expected) == (2.0, 0.5, 2.0)
    assert associate(TEA, exact=False) != tea


def test_a_table_with_one_row_or_column_left_has_no_test():
    assert associate([[3, 4], [0, 0]]) is associate([[3, 0], [4, 0]]) is associate([[0, 0], [0, 0]]) is None


def test_few_expected_answers_are_cautioned_about():
    assert found([[1, 0, 1], [0, 1, 1]]).cautions == (Caution.SPARSE, Caution.TINY)
    assert found([[50, 60], [60, 50]]).cautions == ()


def test_a_weighted_table_counts_as_many_as_are_effective():
    whole, half = found(PARTY), associate([[2 * cell for cell in row] for row in PARTY], design_effect=2)
    assert half is not None
    assert half.p == pytest.approx(whole.p)
    doubled = associate(PARTY, design_effect=2)
    assert doubled is not None
    assert doubled.chi_square == pytest.approx(whole.chi_square / 2)
    assert doubled.strength == pytest.approx(whole.strength)


def test_what_stands_out_has_a_residual_beyond_two():
    marks = residuals(MARRIED)
    assert marks[0][0] is not None
    assert marks[0][0] > 1.96
    assert residuals([[0, 0]]) == [[None, None]]
    assert residuals([[3, 4]]) == [[None, None]]


@FEW
@given(tables())
def test_chi_square_yates_and_cramer_are_scipys(table):
    from scipy.stats import chi2_contingency
    from scipy.stats.contingency import association as scipys_strength

    assume(all(map(sum, table)) and all(map(sum, zip(*table, strict=True))))
    ours = associate(table, exact=False)
    assert ours is not None
    plain, theirs = chi2_contingency(table, correction=False), chi2_contingency(table)
    assert ours.chi_square == pytest.approx(plain.statistic, rel=1e-12, abs=1e-12)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-12, abs=1e-12)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-10, abs=1e-300)
    assert ours.df == theirs.dof
    assert ours.strength == pytest.approx(scipys_strength(table), rel=1e-12, abs=1e-9)
    assert expected_counts(table) == [pytest.approx(list(row)) for row in theirs.expected_freq]


@FEW
@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_fishers_exact_test_is_scipys(cells):
    from scipy.stats import fisher_exact as scipys

    table = [cells[:2], cells[2:]]
    assert fisher_exact(table) == pytest.approx(scipys(table).pvalue, rel=1e-9)
