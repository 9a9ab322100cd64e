"""Charts are whole: what is drawn adds up to what was counted."""

import pytest

from surveys.domain.charts import GROUPS, Chart, chart_of, percent
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
    assert [(line.label, line.figure, line.bars[0].width) for line in chart.lines] == [
        ("Yes", "75.0 %", 75.0),
        ("No", "25.0 %", 25.0),
        ("In a way", "0.0 %", 0.0),
    ]
    whisker = chart.lines[0].bars[0].whisker
    assert whisker is not None
    assert 0 < whisker[0] < 75 < whisker[1] <= 100


def test_a_stack_fills_its_line():
    chart = drawn("judged", [Frequency("food", "bad", 1.0, 1), Frequency("food", "good", 3.0, 3)], 4)
    food, weather = chart.lines
    assert sum(bar.width for bar in food.bars) == pytest.approx(100)
    assert (food.label, weather.label, weather.bars) == ("Food", "Weather", ())
    assert chart.legend == ("Bad", "Fair", "Good", "Cannot say")
    assert (chart.neutral, [chart.strength(tone) for tone in range(3)]) == (3, [0.16, 0.58, 1.0])
    assert [(bar.x, bar.middle, bar.figure) for bar in food.bars] == [(0, 12.5, "25"), (25, 62.5, "75")]


def test_a_score_has_a_column_for_each_number_and_three_groups():
    chart = drawn("score", [Frequency("", "", 10.0, 1), Frequency("", "", 0.0, 199)], 200)
    (groups,) = chart.lines
    assert (len(chart.columns), [bar.figure for bar in groups.bars]) == (11, ["100", ""])
    assert (chart.columns[0].y, chart.columns[0].height, chart.columns[1].height) == (28, 90, 0)
    assert chart.columns[-1].x + chart.columns[-1].width < 100
    assert chart.legend == GROUPS


def test_nothing_answered_or_only_words_draws_nothing():
    assert chart_of(QUESTIONS["went"], QUESTIONS["went"].tally([], 0)) is None
    assert chart_of(QUESTIONS["more"], QUESTIONS["more"].tally([], 3)) is None


def test_an_undefined_share_is_a_dash():
    assert (percent(None), percent(0.5)) == ("–", "50.0 %")


def test_a_row_that_nobody_judged_draws_nothing():
    chart = drawn("judged", [Frequency("food", "bad", 1.0, 1)], 1)
    assert [len(line.bars) for line in chart.lines] == [1, 0]


def test_a_share_without_an_interval_has_no_whisker():
    chart = chart_of(QUESTIONS["went"], Tally(3, (Share("a", "A", 3, 1.0, None),)))
    assert chart is not None
    assert chart.lines[0].bars[0].whisker is None


def test_a_single_tone_is_drawn_in_full():
    assert Chart("stacked", "T", (), legend=("only",)).strength(0) == 1.0
    assert Chart("stacked", "T", (), legend=("bad", "good")).strength(1) == 1.0


def test_rows_with_means_alone_are_bars_and_rows_of_several_choices_stand_below_each_other():
    questions = every_kind().by_name
    rows = (RowTally("a", "Undo", Tally(2, mean=4.0)), RowTally("b", "Export", Tally(0)))
    means = chart_of(next(each for each in questions.values() if each.chart == "means"), Tally(2, rows=rows))
    assert means is not None
    assert [(line.label, line.figure) for line in means.lines] == [("Undo", "4.00"), ("Export", "–")]
    shares = (Share("x", "X", 2, 1.0, None),)
    grid = next(each for each in questions.values() if each.chart == "grid")
    flat = chart_of(grid, Tally(2, rows=(RowTally("a", "Undo", Tally(2, shares)),)))
    assert flat is not None
    assert flat.lines[0].label == "Undo – X"
