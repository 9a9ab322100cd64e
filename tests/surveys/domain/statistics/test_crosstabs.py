"""Crosstabs: what a reader of a banner relies on."""

import pytest

from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.corrections import Adjustment
from surveys.domain.statistics.crosstabs import Banner, Crosstab, Heading, crosstab
from surveys.domain.statistics.formula_names import Caution, Formula
from surveys.domain.statistics.masses import Mass, unweighted
from surveys.domain.statistics.mean_tables import mean_table
from surveys.domain.statistics.number_sums import Moments, moments_of

ROWS = (Heading("yes", "Yes"), Heading("no", "No"))
COLUMNS = (Heading("north", "North"), Heading("south", "South"), Heading("west", "West"))
COUNTS = {("yes", "north"): 60, ("no", "north"): 40, ("yes", "south"): 35, ("no", "south"): 65, ("yes", "west"): 4}


def table(banner: Banner | None = None, weight: float = 1.0, rules: Rules | None = None) -> Crosstab:
    counts = {key: Mass(count, count * weight, count * weight * weight) for key, count in COUNTS.items()}
    return crosstab(ROWS, banner or Banner(COLUMNS), counts, rules or Rules())


def test_a_crosstab_tells_shares_letters_and_the_test_of_the_whole():
    found = table()
    yes = found.rows[0]
    assert [(cell.mass.count, cell.column_share) for cell in yes.cells] == [(60, 0.6), (35, 0.35), (4, 1.0)]
    assert (yes.total.mass.count, yes.total.column_share, yes.total.row_share) == (99, 99 / 204, 1.0)
    assert (yes.cells[0].row_share, yes.cells[0].total_share) == (60 / 99, 60 / 204)
    assert [cell.letters for cell in yes.cells] == [("B",), (), ()]
    assert [cell.letters for cell in found.rows[1].cells] == [(), ("A",), ()]
    assert [(column.letter, column.base.count, column.small) for column in found.columns] == [
        ("A", 100, False),
        ("B", 100, False),
        ("C", 4, True),
    ]
    assert found.association is not None
    assert (found.association.df, found.association.formula) == (2, Formula.PEARSON)
    assert found.formulas == (Formula.PEARSON, Formula.CRAMER, Formula.POOLED, Formula.BONFERRONI)
    assert found.cautions == (Caution.SPARSE, Caution.FEW)
    assert yes.cells[0].residual is not None
    assert yes.cells[0].interval is not None


def test_equal_weights_change_no_letter_and_no_test():
    plain, weighted = table(), table(weight=2.5)
    assert [cell.letters for cell in weighted.rows[0].cells] == [cell.letters for cell in plain.rows[0].cells]
    assert weighted.association is not None
    assert plain.association is not None
    assert weighted.association.p == pytest.approx(plain.association.p)
    assert weighted.formulas[-1] is Formula.EFFECTIVE


def test_several_answers_have_bases_of_people_and_no_test_of_the_whole():
    bases = {"north": unweighted(110), "south": unweighted(120)}
    found = table(Banner(COLUMNS, bases=bases, total=unweighted(230), multiple=True, first=26))
    assert found.rows[0].cells[0].column_share == 60 / 110
    assert found.rows[0].cells[2].column_share is None
    assert found.rows[0].cells[2].interval is None
    assert (found.association, found.rows[0].cells[0].residual, found.base.count) == (None, None, 230)
    assert [column.letter for column in found.columns] == ["AA", "AB", "AC"]
    assert found.rows[0].cells[0].letters == ("AB",)
    assert found.cautions == (Caution.MULTIPLE, Caution.FEW)


def test_columns_that_overlap_are_not_compared():
    totals = {"yes": unweighted(70), "no": unweighted(60)}
    found = table(Banner(COLUMNS[:2], total=unweighted(130), row_totals=totals, overlapping=True))
    assert {cell.letters for row in found.rows for cell in row.cells} == {()}
    assert (found.rows[0].total.mass.count, found.association, found.cautions) == (70, None, (Caution.OVERLAP,))


def test_a_crosstab_of_nobody_is_empty_and_whole():
    found = crosstab(ROWS, Banner(COLUMNS), {})
    assert (found.base.count, found.association, found.rows[0].total.column_share) == (0, None, None)


def test_means_are_compared_by_column():
    high, low = moments_of((number, 1.0) for number in [5, 4, 5] * 20), moments_of((n, 1.0) for n in [1, 2, 3] * 20)
    given = {"north": high, "south": low, "west": moments_of([(3, 1.0)])}
    found = mean_table(COLUMNS, given, Rules(adjustment=Adjustment.HOLM), first=1)
    assert [(column.letter, column.letters) for column in found.columns] == [("B", ("C",)), ("C", ()), ("D", ())]
    assert found.test is not None
    assert found.test.p < 1e-12
    assert (found.total.mass.count, found.cautions, found.columns[2].interval) == (121, (Caution.FEW,), None)
    assert found.formulas == (Formula.STUDENT, Formula.WELCH_F, Formula.WELCH, Formula.HOLM)


def test_means_of_columns_that_overlap_are_shown_only():
    given = {"north": moments_of((n, 1.0) for n in [1, 2] * 20), "south": moments_of((n, 1.0) for n in [7, 8] * 20)}
    found = mean_table(COLUMNS[:2], given, total=moments_of([(4, 1.0)]))
    assert {column.letters for column in found.columns} == {()}
    assert (found.test, found.cautions, found.total.mean) == (None, (Caution.OVERLAP,), 4.0)
    assert (Moments().mean, Moments().deviation) == (None, None)
