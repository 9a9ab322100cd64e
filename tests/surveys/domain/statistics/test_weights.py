"""Raking, post-stratification and trimming; what is refused, and what weights cost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from surveys.domain.intervals import wilson
from surveys.domain.statistics.co_occurrence import Pair, co_occurrence
from surveys.domain.statistics.masses import Mass, mass_of, unweighted
from surveys.domain.statistics.raking import Cell, Margin, fit_margins
from surveys.domain.statistics.weighted_tallies import Sureness, sureness_of, widened
from surveys.domain.statistics.weights import post_stratify, rake
from surveys.domain.tallies import Frequency, Share, numbered
from tests.surveys.domain.sample_surveys import trip

TABLE = [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]]
PLACES = ("a", "b", "c", "d")
PEOPLE: dict[Cell, int] = {
    (row, column): TABLE[i][j] for i, row in enumerate(PLACES) for j, column in enumerate(PLACES)
}
ROWS = Margin("rows", dict(zip(PLACES, (150, 300, 400, 150), strict=True)))
COLUMNS = Margin("columns", dict(zip(PLACES, (200, 300, 400, 100), strict=True)))
SEXES = Margin("sex", {"f": 51, "m": 49})


def test_raking_reproduces_the_published_table():
    fit = fit_margins({cell: float(count) for cell, count in PEOPLE.items()}, [ROWS, COLUMNS])
    scale = 1000 / sum(map(sum, TABLE))
    assert [round(fit.masses["a", column] * scale, 2) for column in PLACES] == [64.56, 46.23, 35.38, 3.82]
    assert fit.error < 1e-10
    assert fit.rounds < 40


def test_weights_are_one_on_average_and_tell_what_they_cost():
    weights = rake(PEOPLE, [ROWS, COLUMNS])
    assert weights.mass.weight == pytest.approx(800)
    assert (weights.mass.count, weights.trimmed) == (800, 0)
    assert weights.mass.effective < 800
    assert weights.mass.design_effect == pytest.approx(800 / weights.mass.effective)
    assert weights.of(("a", "a")) == pytest.approx(64.56 / 40 * 0.8, rel=1e-4)
    assert weights.of(("a", "unheard of")) == 1.0
    assert mass_of([1, 1, 1000]).design_effect == pytest.approx(2.98804, abs=5e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=6, max_size=6), st.tuples(*[st.integers(1, 9)] * 5))
def test_any_targets_are_met_where_everybody_is_there(counts, targets):
    cells = [(row, column) for row in "ab" for column in "xyz"]
    margins = [
        Margin("one", {"a": targets[0] / sum(targets[:2]), "b": targets[1] / sum(targets[:2])}),
        Margin("two", {name: part / sum(targets[2:]) for name, part in zip("xyz", targets[2:], strict=True)}),
    ]
    weights = rake(dict(zip(cells, counts, strict=True)), margins)
    assert weights.error < 1e-9
    assert weights.mass.weight == pytest.approx(sum(counts))


def test_post_stratification_weights_each_cell_to_its_target():
    weights = post_stratify({("f",): 60, ("m",): 40, ("",): 10}, {("f",): 50.0, ("m",): 50.0})
    assert weights.factors == pytest.approx({("f",): 5 / 6, ("m",): 1.25, ("",): 1.0})
    both = post_stratify({("f", "old"): 10, ("m", "young"): 30}, {("f", "old"): 0.5, ("m", "young"): 0.5})
    assert both.of(("f", "old")) == pytest.approx(2.0)
    with pytest.raises(BadInput, match="is in: f × young"):
        post_stratify({("f", "old"): 10, ("f", "young"): 0}, {("f", "old"): 0.5, ("f", "young"): 0.5})


def test_people_of_unknown_group_keep_their_weight():
    weights = rake({("f",): 30, ("m",): 10, ("",): 5}, [Margin("sex", {"f": 0.5, "m": 0.5})])
    assert [weights.of((name,)) for name in ("f", "m", "")] == pytest.approx([2 / 3, 2.0, 1.0])


def test_no_trimmed_weight_is_above_the_limit_and_the_miss_is_told():
    people: dict[Cell, int] = {("f",): 95, ("m",): 5}
    free, trimmed = rake(people, [Margin("sex", {"f": 0.5, "m": 0.5})]), rake(people, [SEXES], most=5)
    assert free.largest == pytest.approx(10)
    assert free.smallest == pytest.approx(0.5263, abs=1e-4)
    assert trimmed.largest == pytest.approx(5)
    assert (trimmed.trimmed, round(trimmed.error, 3), round(trimmed.mass.weight, 9)) == (5, 0.24, 100.0)
    assert trimmed.mass.effective > free.mass.effective
    gentle = rake(PEOPLE, [ROWS, COLUMNS], most=1.6)
    assert gentle.largest <= 1.6 + 1e-9
    assert gentle.trimmed >= 10
    assert rake(PEOPLE, [ROWS, COLUMNS], most=9) == rake(PEOPLE, [ROWS, COLUMNS])
    all_cut = rake({("f",): 1, ("m",): 1}, [Margin("sex", {"f": 0.5, "m": 0.5})], most=1.5)
    assert all_cut.largest == 1.0


@pytest.mark.parametrize(
    ("people", "margins", "said"),
    [
        ({("f",): 3}, [SEXES], "Nobody in “sex” is in: m"),
        ({("f",): 3, ("m",): 3, ("x",): 1}, [SEXES], "“sex” has no target for: x"),
        ({("f",): 3, ("m",): 3}, [Margin("sex", {"f": 100, "m": 0})], "must be above 0: m"),
        ({("f",): 3, ("m",): 3}, [Margin("sex", {})], "must be above 0: sex"),
        ({("f",): 3, ("m",): 3}, [Margin("sex", {"f": 50, "m": 47})], "add up to 97, not 100"),
        ({("a", "a"): 3}, [Margin("one", {"a": 100}), Margin("two", {"a": 1000})], "one: 100, two: 1000"),
        (
            {("a", "x"): 5, ("b", "y"): 5},
            [Margin("1", {"a": 20, "b": 80}), Margin("2", {"x": 80, "y": 20})],
            "not settle",
        ),
        ({}, [SEXES], "nobody or nothing"),
        ({("f",): 1}, [], "nobody or nothing"),
    ],
)
def test_what_cannot_be_weighted_is_refused_with_the_reason(people, margins, said):
    with pytest.raises(BadInput, match=said):
        rake(people, margins)


def test_a_limit_without_room_is_refused():
    with pytest.raises(BadInput, match="above 1"):
        rake(PEOPLE, [ROWS, COLUMNS], most=1)


def test_a_weighted_tally_has_intervals_of_its_effective_number():
    question = trip().by_name["score"]
    frequencies = [Frequency("", "", float(number), count) for number, count in ((10, 60.0), (8, 20.0), (2, 40.0))]
    plain = question.tally(frequencies, 120)
    assert widened(plain, Sureness()) == plain
    sure = sureness_of(Mass(120, 120.0, 240.0))
    weighted = widened(plain, sure)
    assert sure == Sureness(0.5, 1.0)
    assert weighted.shares[10].interval == wilson(30, 60)
    assert weighted.mean_interval is not None
    assert plain.mean_interval is not None
    assert weighted.mean_interval.low < plain.mean_interval.low
    assert weighted.nps is not None
    assert plain.nps is not None
    assert weighted.nps.margin > plain.nps.margin
    census = widened(plain, sureness_of(unweighted(120), 120))
    assert census.shares[10].interval is not None
    assert census.shares[10].interval.low == census.shares[10].interval.high == 0.5
    assert sureness_of(Mass()) == Sureness()


def test_rows_tops_and_empty_shares_are_widened_too():
    judged = trip().by_name["judged"]
    tally = judged.tally([Frequency("food", "good", 3.0, 10)], 10)
    topped = replace(tally, top=Share("top", "Top", 5, 0.5, None))
    found = widened(topped, Sureness(0.5))
    assert found.rows[0].tally.shares != tally.rows[0].tally.shares
    assert found.top is not None
    assert found.top.interval == wilson(2.5, 5)
    assert widened(judged.tally([], 0), Sureness(0.5)).rows[0].tally.shares[0].interval is None
    assert numbered(1, (), [Frequency("", "", 4.0, 1)]).mean_interval is None


def test_codes_that_are_given_together_are_counted():
    found = co_occurrence([("slow", "dear"), ("slow", "dear", "rude"), ("slow",), (), ("rude", "rude")])
    assert found[0] == Pair("dear", "slow", 2, 2 / 3, 2 * 5 / (2 * 3))
    assert [(pair.first, pair.second, pair.both) for pair in found[1:]] == [("dear", "rude", 1), ("rude", "slow", 1)]
