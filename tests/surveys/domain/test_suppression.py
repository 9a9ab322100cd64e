"""Small counts cannot be worked out from what is shown: tried with every table that the shown figures allow."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.domain.suppression import gathered, hidden_cells, hidden_parts, is_small, may_be_shown

LEAST = 3
lists = st.lists(st.integers(0, 7), min_size=1, max_size=5)


def tables(rows: int, columns: int) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(st.lists(st.integers(0, 5), min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def lines_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    return [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]


def possible(table: list[list[int]], hidden: frozenset[tuple[int, int]]) -> Iterator[dict[tuple[int, int], int]]:
    """Every way to fill the hidden cells that gives the sums shown, as somebody would who tries them all."""
    cells = sorted(hidden)
    rows, columns = lines_of(table)
    for values in product(*(range(min(rows[row], columns[column]) + 1) for row, column in cells)):
        filled = dict(zip(cells, values, strict=True))
        guess = [
            [filled.get((row, column), count) for column, count in enumerate(counts)]
            for row, counts in enumerate(table)
        ]
        if lines_of(guess) == (rows, columns):
            yield filled


@settings(max_examples=60, deadline=None)
@given(st.one_of(tables(2, 2), tables(2, 3), tables(3, 2)))
def test_g14_no_small_cell_of_a_table_can_be_worked_out(table):
    rows, columns = lines_of(table)
    if any(is_small(total, LEAST) for total in (*rows, *columns)):
        return
    hidden = hidden_cells(table, LEAST)
    secret = {
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        if is_small(count, LEAST)
    }
    assert secret <= hidden
    assert bool(secret) is bool(hidden)
    largest = dict.fromkeys(secret, 0)
    for filled in possible(table, hidden):
        largest = {cell: max(most, filled[cell]) for cell, most in largest.items()}
        if all(most >= LEAST for most in largest.values()):
            break
    assert all(most >= LEAST for most in largest.values())


@given(lists)
def test_g14_no_small_part_of_a_whole_can_be_worked_out(counts):
    hidden = hidden_parts(counts, LEAST)
    secret = {place for place, count in enumerate(counts) if is_small(count, LEAST)}
    assert secret <= hidden
    assert bool(secret) is bool(hidden)
    if secret and len(hidden) < len(counts):
        assert sum(counts[place] for place in hidden) >= LEAST
        assert len(hidden) > 1


@given(lists)
def test_small_lines_stand_together(totals):
    lines = gathered(totals, LEAST)
    assert sorted(place for line in lines for place in line) == list(range(len(totals)))
    sums = [sum(totals[place] for place in line) for line in lines]
    assert sum(totals) < LEAST or not any(is_small(total, LEAST) for total in sums)


def test_what_is_hidden_beside_a_small_count_is_as_little_as_possible():
    assert hidden_parts([40, 2, 30, 0, 12]) == {1, 4}
    assert hidden_parts([40, 3, 2]) == {1, 2}
    assert hidden_parts([40, 1, 1]) == {0, 1, 2}
    assert hidden_parts([2]) == {0}
    assert hidden_parts([40, 6, 0]) == frozenset()
    assert hidden_cells([[20, 3, 30], [9, 40, 30], [50, 60, 70]]) == {(0, 1), (0, 0), (1, 0), (1, 1)}
    assert hidden_cells([[20, 30], [30, 20]]) == frozenset()
    assert gathered([40, 2, 30, 1, 0]) == [[0], [4], [1, 2, 3]]
    assert gathered([40, 30]) == [[0], [1]]


def test_g14_a_selection_of_few_or_of_all_but_few_has_no_results():
    assert [may_be_shown(chosen, 100) for chosen in (0, 4, 5, 95, 96, 99, 100)] == [
        False, False, True, True, False, False, True,
    ]  # fmt: skip
