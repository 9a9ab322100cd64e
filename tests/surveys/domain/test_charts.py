"""Charts are whole: what is drawn adds up to what was counted."""

import pytest

from surveys.domain.charts import GROUPS, LABEL, ROOM, WIDTH, Chart, chart_of, percent, shortened
from surveys.domain.tallies import Frequency, RowTally, Share, Tally
from tests.surveys.domain.every_kind import every_kind
from tests.surveys.domain.sample_surveys import trip

QUESTIONS = trip().by_name


def drawn(name: str, frequencies: list[Frequency], base: int) -> Chart:
    chart = chart_of(QUESTIONS[name], QUESTIONS[name].tally(frequencies, base))
    assert chart is not None
    return chart


def test_a_bar_is_as_long_as_its_share_and_carries_its_interval():
    chart = drawn("went", [Frequency("", "yes", None, 3), Frequency("", "no", None, 1)], 4)
    assert [(bar.label, bar.figure, bar.width) for bar in chart.bars] == [
        ("Yes", "75.0 %", 0.75 * ROOM),
        ("No", "25.0 %", 0.25 * ROOM),
        ("In a way", "0.0 %", 0.0),
    ]
    assert chart.bars[0].whisker is not None
    low, high = chart.bars[0].whisker
    assert LABEL < low < LABEL + 0.75 * ROOM < high <= LABEL + ROOM


def test_a_stack_fills_its_line():
    chart = drawn("judged", [Frequency("food", "bad", 1.0, 1), Frequency("food", "good", 3.0, 3)], 4)
    assert sum(bar.width for bar in chart.bars) == pytest.approx(WIDTH - LABEL)
    assert chart.labels == (("Food", 0), ("Weather", 28))
    assert chart.legend == ("Bad", "Fair", "Good", "Cannot say")
    assert (chart.neutral, [chart.strength(tone) for tone in range(3)]) == (3, [0.16, 0.58, 1.0])
    assert chart.bars[0].middle == LABEL + (WIDTH - LABEL) / 8


def test_a_score_has_a_column_for_each_number_and_three_groups():
    chart = drawn("score", [Frequency("", "", 10.0, 1), Frequency("", "", 0.0, 199)], 200)
    assert len(chart.bars) == 11 + 2
    assert chart.bars[-1].figure == ""
    assert chart.legend == GROUPS


def test_nothing_answered_or_only_words_draws_nothing():
    assert chart_of(QUESTIONS["went"], QUESTIONS["went"].tally([], 0)) is None
    assert chart_of(QUESTIONS["more"], QUESTIONS["more"].tally([], 3)) is None


def test_figures_and_labels_are_short():
    assert (percent(None), percent(0.5)) == ("–", "50.0 %")
    assert shortened("short") == "short"
    assert len(shortened("a long label " * 9)) <= 34


def test_a_row_that_nobody_judged_draws_nothing():
    chart = drawn("judged", [Frequency("food", "bad", 1.0, 1)], 1)
    assert len(chart.bars) == 1


def test_a_share_without_an_interval_has_no_whisker():
    chart = chart_of(QUESTIONS["went"], Tally(3, (Share("a", "A", 3, 1.0, None),)))
    assert chart is not None
    assert chart.bars[0].whisker is None


def test_a_single_tone_is_drawn_in_full():
    assert Chart("stacked", "T", (), 0, ("only",)).strength(0) == 1.0
    assert Chart("stacked", "T", (), 0, ("bad", "good")).strength(1) == 1.0


def test_rows_with_means_alone_are_bars_and_rows_of_several_choices_stand_below_each_other():
    questions = every_kind().by_name
    rows = (RowTally("a", "Undo", Tally(2, mean=4.0)), RowTally("b", "Export", Tally(0)))
    means = chart_of(next(each for each in questions.values() if each.chart == "means"), Tally(2, rows=rows))
    assert means is not None
    assert [(bar.label, bar.figure) for bar in means.bars] == [("Undo", "4.00"), ("Export", "–")]
    shares = (Share("x", "X", 2, 1.0, None),)
    grid = next(each for each in questions.values() if each.chart == "grid")
    flat = chart_of(grid, Tally(2, rows=(RowTally("a", "Undo", Tally(2, shares)),)))
    assert flat is not None
    assert flat.bars[0].label == "Undo – X"
