"""Who wins is worked out by figures that can be checked against tables, and never claimed where they are too few."""

import pytest

from campaigns.domain.winners import Standing, Tally, difference, judge_variants, letter_of, telling_share, wilson


def test_a_share_comes_with_the_interval_of_the_textbook():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_difference_of_two_shares_is_that_of_the_pooled_test():
    # z = 2.0 by hand: 60 of 100 against 46 of 100: pooled 0.53, standard error 0.07058, z = 1.9835, p = 0.0473
    assert difference(Tally(1, 100, 60), Tally(2, 100, 46)) == pytest.approx(0.0473, abs=1e-4)
    assert difference(Tally(1, 100, 0), Tally(2, 100, 0)) == 1.0
    assert difference(Tally(1, 0, 0), Tally(2, 100, 5)) == 1.0
    assert difference(Tally(1, 9, 9), Tally(2, 9, 9)) == 1.0


def test_the_better_variant_wins_where_the_confidence_is_reached():
    found = judge_variants([Tally(1, 2000, 44), Tally(2, 2000, 66)], 0.95)
    assert (found.standing, found.best and found.best.letter, found.second and found.second.letter) == (
        Standing.CLEAR, "B", "A",
    )  # fmt: skip
    assert 0.96 < found.confidence < 0.97
    assert judge_variants([Tally(1, 2000, 44), Tally(2, 2000, 66)], 0.97).standing is Standing.CLOSE


def test_a_tie_is_close_and_leaves_the_earlier_first():
    found = judge_variants([Tally(2, 1000, 30), Tally(1, 1000, 30)], 0.9)
    assert (found.standing, found.best and found.best.number, found.confidence) == (Standing.CLOSE, 1, 0.0)


def test_three_variants_are_compared_pair_by_pair_and_chance_is_reckoned_with():
    two = judge_variants([Tally(1, 2000, 44), Tally(2, 2000, 66)], 0.9)
    three = judge_variants([Tally(1, 2000, 44), Tally(2, 2000, 66), Tally(3, 2000, 20)], 0.9)
    assert 1 - three.confidence == pytest.approx(3 * (1 - two.confidence))


@pytest.mark.parametrize(
    "tallies",
    [
        [],
        [Tally(1, 1000, 50)],
        [Tally(1, 1000, 0), Tally(2, 1000, 0)],
        [Tally(1, 20, 1), Tally(2, 20, 6)],
        [Tally(1, 20, 20), Tally(2, 20, 19)],
        [Tally(1, 100, 50), Tally(2, 0, 0)],
    ],
)
def test_too_few_figures_decide_nothing(tallies):
    assert judge_variants(tallies, 0.8).standing is Standing.TOO_FEW


def test_how_much_better_a_variant_must_be_depends_on_how_many_get_it():
    few, many = telling_share(1000, 0.02, 0.95), telling_share(100_000, 0.02, 0.95)
    assert few == pytest.approx(0.035, abs=0.001)
    assert many == pytest.approx(0.0213, abs=0.0002)
    more = telling_share(1000, 0.02, 0.95, variants=3)
    assert more is not None
    assert few is not None
    assert more > few, "of three one could look better by chance"
    assert telling_share(9, 0.02, 0.95) is None
    assert telling_share(0, 0.02, 0.95) is None


def test_variants_are_called_by_letters_and_have_shares():
    assert [letter_of(number) for number in (1, 2, 6)] == ["A", "B", "F"]
    assert Tally(1, 200, 50).rate == 0.25
    assert Tally(1, 0, 0).rate == 0.0
    assert Tally(1, 0, 0).interval == (0.0, 1.0)
