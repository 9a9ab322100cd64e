"""Values that are worked out: how they are stored, counted and exported."""

from datetime import date

import pytest

from surveys.domain.cells import Cell
from surveys.domain.computed_values import ComputedValue, cells_of
from surveys.domain.questions import Column
from surveys.domain.tallies import Frequency

TOTAL = ComputedValue(name="total", text="Total")


@pytest.mark.parametrize(
    ("value", "cells", "exported"),
    [
        (None, (), ""),
        (frozenset(), (), ""),
        ("", (), ""),
        (True, (Cell(value="yes"),), "yes"),
        (False, (Cell(value="no"),), "no"),
        (2.5, (Cell(number=2.5),), 2.5),
        (3.0, (Cell(number=3.0),), 3),
        (date(2026, 1, 31), (Cell(value="2026-01-31"),), "2026-01-31"),
        ("roses", (Cell(value="roses"),), "roses"),
        ("some words", (Cell(text="some words"),), "some words"),
        (frozenset({"b", "a"}), (Cell(text="a, b"),), "a, b"),
    ],
)
def test_a_value_is_stored_as_an_answer_of_its_sort_is(value, cells, exported):
    assert cells_of(value) == cells
    assert TOTAL.export(cells) == (exported,)


def test_nothing_that_is_posted_is_a_computed_value():
    assert TOTAL.read({"total": ["3"]}).cells == ()
    assert TOTAL.fields((Cell(number=3.0),)) == {}
    assert TOTAL.columns() == (Column("total", "Total"),)


def test_numbers_are_counted_as_numbers_and_names_as_names():
    numbers = TOTAL.tally([Frequency("", "", 1.0, 3), Frequency("", "", 4.0, 1)], 4)
    assert (numbers.mean, numbers.median, [share.count for share in numbers.shares]) == (1.75, 1.0, [3, 1])
    names = TOTAL.tally([Frequency("", "yes", None, 3), Frequency("", "", None, 2)], 5)
    assert ([(share.name, share.count) for share in names.shares], names.texts) == ([("yes", 3)], 2)
