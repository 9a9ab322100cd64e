"""Intervals against published figures."""

import pytest

from surveys.domain.intervals import Score, net_promoter, wilson


def score_of(promoters: int, passives: int, detractors: int) -> Score:
    score = net_promoter(promoters, passives, detractors)
    assert score is not None
    return score


@pytest.mark.parametrize(
    ("count", "base", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)]
)
def test_wilson_gives_the_published_interval(count, base, low, high):
    interval = wilson(count, base)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_a_share_of_nobody_has_no_interval():
    assert wilson(0, 0) is None
    assert net_promoter(0, 0, 0) is None


def test_a_large_sample_has_the_plain_interval_of_the_score():
    score = score_of(162, 108, 54)
    assert (round(score.score, 2), round(score.margin, 2), score.adjusted) == (33.33, 8.12, False)
    assert score.base == 324


def test_a_small_sample_or_an_empty_group_has_the_adjusted_interval():
    score = score_of(10, 0, 0)
    assert (score.score, round(score.centre, 2), score.adjusted) == (100.0, 76.92, True)
    assert (round(score.interval.low, 2), score.interval.high) == (47.50, 100.0)
    assert score_of(200, 100, 0).adjusted
    assert not score_of(60, 30, 10).adjusted
