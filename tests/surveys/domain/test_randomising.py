"""Chances of our own: the published figures of the generators, fair orders, and arms in proportion."""

from collections import Counter

from surveys.domain.definitions import Arm
from surveys.domain.randomising import Chances, drawn, shuffled


def test_the_generator_is_the_published_one_on_any_machine():
    chances = Chances(1234567, "")
    chances._state = 1234567
    first = [chances.number() for _ in range(3)]
    assert first == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    letters = [Chances(0, label)._state for label in ("", "a", "foobar")]
    assert letters == [0xCBF29CE484222325, 0xAF63DC4C8601EC8C, 0x85944171F73967E8]


def test_every_order_is_as_likely_as_any_other():
    orders = Counter(tuple(shuffled(seed, "q.choices", "abc")) for seed in range(6000))
    assert len(orders) == 6
    assert sum((count - 1000) ** 2 / 1000 for count in orders.values()) < 20.5  # chi-square, 5 degrees, p .001


def test_what_is_fixed_keeps_its_place_and_nothing_is_lost():
    for seed in range(50):
        order = shuffled(seed, "q", "abcde", lambda letter: letter in "ae")
        assert (order[0], order[-1], sorted(order)) == ("a", "e", list("abcde"))
    assert shuffled(1, "q", []) == []


def test_arms_fall_in_proportion_to_their_weights():
    arms = (Arm("one"), Arm("two", 3))
    counts = Counter(drawn(seed, "arm", arms) for seed in range(4000))
    assert abs(counts["two"] - 3000) < 110  # four standard deviations
    assert drawn(1, "arm", ()) == ""
