"""Tallies of anonymous answers: small counts hidden, and nothing beside them that would tell them."""

from math import isnan

from surveys.domain.charts import chart_of
from surveys.domain.hidden_tallies import facts_of, veil
from surveys.domain.tallies import Frequency
from tests.surveys.domain.sample_surveys import trip

SURVEY = trip()


def tally(name: str, *answers: tuple[str, str, float | None, int]):
    """The tally of these (row, value, number, count)."""
    frequencies = [Frequency(*each) for each in answers]
    return SURVEY.by_name[name].tally(frequencies, sum(count for _row, _value, _number, count in answers))


def scored(**counts: int):
    return tally("score", *(("", "", float(name[1:]), count) for name, count in counts.items()))


def test_g14_a_small_count_is_hidden_with_the_next_smallest():
    went = tally("went", ("", "yes", None, 40), ("", "no", None, 12), ("", "other", None, 2))
    shown = veil(went, went)
    assert [isnan(share.count) for share in shown.shares] == [False, True, True]
    assert [share.share for share in shown.shares][1:] == [None, None]
    assert facts_of(shown)["shares"][2]["count"] is None
    chart = chart_of(SURVEY.by_name["went"], shown)
    assert chart is not None
    assert [line.figure for line in chart.lines] == ["74.1 %", "…", "…"]


def test_g14_nothing_is_hidden_where_no_count_is_small():
    went = tally("went", ("", "yes", None, 40), ("", "no", None, 12))
    assert veil(went, went) is went
    assert facts_of(went)["shares"][0]["count"] == 40


def test_g14_a_scale_shows_either_all_counts_or_what_sums_them_up():
    whole, few = scored(n9=20, n7=20, n3=20), scored(n10=20, n9=2, n8=20, n3=20)
    assert veil(whole, whole) is whole
    shown = veil(few, few)
    assert (shown.shares, shown.mean, shown.deviation, shown.mean_interval) == ((), few.mean, None, None)
    assert shown.nps == few.nps
    chart = chart_of(SURVEY.by_name["score"], shown)
    assert chart is not None
    assert (chart.columns, len(chart.lines)) == ((), 1)
    lonely = scored(n10=20, n8=20, n3=2)
    assert veil(lonely, lonely).nps is None
    assert chart_of(SURVEY.by_name["score"], veil(lonely, lonely)) is None


def test_g14_of_a_question_that_few_answered_nothing_is_told():
    few = scored(n10=2)
    assert (veil(few, few).mean, veil(few, few).shares, veil(few, few).base) == (None, (), 2)
    refused = tally("score", ("", "", 10.0, 20))
    some = veil(refused.__class__(refused.base, refused.shares, refused=2), refused.__class__(20, refused=2))
    assert some.refused == 0


def test_g14_the_rows_of_a_matrix_are_hidden_each_by_itself():
    rows = [
        ("food", "good", 3.0, 20),
        ("food", "bad", 1.0, 20),
        ("weather", "good", 3.0, 30),
        ("weather", "bad", 1.0, 3),
    ]
    judged = tally("judged", *rows)
    shown = veil(judged, judged)
    food, weather = shown.rows
    assert food is judged.rows[0]
    assert (weather.tally.shares, weather.tally.mean) == ((), judged.rows[1].tally.mean)
    chart = chart_of(SURVEY.by_name["judged"], shown)
    assert chart is not None
    assert chart.legend == ("Bad", "Fair", "Good", "Cannot say")


def test_g14_weighted_figures_are_hidden_by_how_many_people_they_are():
    people = tally("went", ("", "yes", None, 40), ("", "no", None, 12), ("", "other", None, 2))
    weighted = tally("went", ("", "yes", None, 30), ("", "no", None, 12), ("", "other", None, 20))
    assert [isnan(share.count) for share in veil(weighted, people).shares] == [False, True, True]
