"""Figures and breakdowns of sheets."""

import io

import pytest

from core.errors import BadInput
from surveys.domain.outside.answer_patterns import read_net
from surveys.domain.outside.foreign_sheets import AnswerSheet, read_sheet
from surveys.domain.outside.sheet_answers import Taken, answered
from surveys.domain.outside.sheet_crosstabs import broken_down
from surveys.domain.outside.sheet_figures import Wish, figures
from surveys.domain.statistics.crosstabs import Crosstab
from surveys.domain.statistics.formula_names import Caution, Formula
from surveys.domain.statistics.mean_tables import MeanTable
from tests.surveys.domain.outside.test_foreign_sheets import sheet_of

YES = Wish([read_net("Any=Yes*")])


def people() -> AnswerSheet:
    """Two hundred people of two towns; those of York agree, and give higher marks."""
    rows = [
        f"{'York' if place % 2 else 'Bath'},{answer},{mark + (place % 2) * 3},{'a;b' if place % 3 else 'a'}"
        for place in range(200)
        for answer, mark in [
            (("Yes (very)", 6) if place % 10 in {1, 3, 5} else ("Yes", 7) if place % 4 == 2 else ("No", 5))
        ]
    ]
    return read_sheet(io.BytesIO("\n".join(["Town,Rude,Mark,Uses", *rows]).encode()))


def equal(sheet: AnswerSheet) -> list[float]:
    return [1.0] * len(sheet.rows)


def test_choices_have_shares_of_those_who_answered_and_nets():
    sheet = people()
    found = figures(answered(sheet, "Rude"), equal(sheet), YES)
    assert [(line.label, line.mass.count, line.share) for line in found.lines] == [
        ("No", 90, 0.45),
        ("Yes", 50, 0.25),
        ("Yes (very)", 60, 0.3),
    ]
    assert [(net.label, net.mass.count, net.share) for net in found.nets] == [("Any", 110, 0.55)]
    assert (found.base.count, found.unanswered, found.formulas) == (200, 0, (Formula.WILSON,))


def test_people_who_did_not_answer_are_in_the_base_on_request():
    sheet = sheet_of()
    uses = answered(sheet, "uses", separator=";")
    assert (
        figures(uses, equal(sheet), Wish()).base.count,
        figures(uses, equal(sheet), Wish(of_all=True)).base.count,
    ) == (3, 4)
    assert figures(uses, equal(sheet), Wish()).lines[0].share == 1.0
    assert figures(answered(sheet, "uses", Taken.WORDS), equal(sheet), Wish()).lines == ()


def test_numbers_have_a_mean_and_a_census_is_surer():
    sheet = sheet_of()
    found = figures(answered(sheet, "Age"), equal(sheet), Wish(population=4))
    assert found.average is not None
    assert found.average.mean == pytest.approx(56 / 3)
    assert (found.average.median, found.score) == (18.0, None)
    assert found.formulas == (Formula.WILSON, Formula.STUDENT, Formula.CENSUS)


def test_scores_and_weights_go_together():
    sheet = sheet_of()
    score = answered(sheet, "recommend", Taken.NPS)
    found = figures(score, [1.5, 1.0, 2.0, 0.5], Wish())
    assert found.score is not None
    assert found.score.score == pytest.approx(100 * (2.5 - 2) / 4.5)
    assert Formula.EFFECTIVE in found.formulas
    nobody = figures(answered(sheet_of("a,b\n,1\n", skip=0), "a"), [1.0], Wish())
    assert (nobody.base.count, nobody.lines) == (0, ())


def test_choices_are_broken_down_with_nets_below():
    sheet = people()
    table = broken_down(answered(sheet, "Rude"), answered(sheet, "Town"), equal(sheet), YES)
    assert isinstance(table, Crosstab)
    assert [row.heading.label for row in table.rows] == ["No", "Yes", "Yes (very)", "Any"]
    assert [cell.letters for cell in table.rows[3].cells] == [(), ()]
    assert [cell.letters for cell in table.rows[2].cells] == [(), ("A",)]
    assert table.association is not None
    assert (table.association.df, table.cautions) == (2, ())
    assert table.rows[0].total.column_share == 0.45


def test_means_scores_and_several_answers_are_broken_down():
    sheet = people()
    means = broken_down(answered(sheet, "Mark"), answered(sheet, "Town"), equal(sheet), Wish())
    assert isinstance(means, MeanTable)
    assert [column.letters for column in means.columns] == [(), ("A",)]
    uses = answered(sheet, "Uses", separator=";")
    overlapping = broken_down(answered(sheet, "Mark"), uses, equal(sheet), Wish())
    assert overlapping.cautions == (Caution.OVERLAP,)
    several = broken_down(uses, answered(sheet, "Town"), equal(sheet), Wish())
    assert several.cautions == (Caution.MULTIPLE,)
    score = broken_down(answered(sheet, "Mark", Taken.NPS), answered(sheet, "Town"), equal(sheet), Wish())
    assert isinstance(score, Crosstab)
    assert [row.heading.label for row in score.rows] == ["0–6", "7–8", "9–10"]
    unscored = answered(sheet_of(), "recommend", Taken.NPS)
    broken = broken_down(unscored, answered(sheet_of(), "Gender"), equal(sheet_of()), Wish())
    assert isinstance(broken, Crosstab)
    assert broken.base.count == 3


def test_a_table_of_too_many_columns_is_refused():
    text = "who,rude\n" + "\n".join(f"person {number},Yes" for number in range(61))
    sheet = sheet_of(text, skip=0)
    with pytest.raises(BadInput, match="“who” has 61 different answers"):
        broken_down(answered(sheet, "rude"), answered(sheet, "who"), equal(sheet), Wish())
