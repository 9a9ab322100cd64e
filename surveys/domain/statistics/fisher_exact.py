"""Fisher's exact test of a two-by-two table, for crosstabs with few answers."""

from collections.abc import Sequence
from math import exp, fsum, lgamma

SAME = 1e-7
"""Tables whose likelihood differs by less than this part are equally likely; rounding must not part them."""


def fisher_exact(table: Sequence[Sequence[int]]) -> float:
    """The two-sided p: the likelihood of all tables with these margins that are no likelier (Fisher 1935)."""
    (a, b), (c, d) = table
    row, column, total = a + b, a + c, a + b + c + d
    possible = range(max(0, row + column - total), min(row, column) + 1)
    logs = {each: _log_likelihood(each, row, column, total) for each in possible}
    limit = logs[a] + SAME
    return min(1.0, fsum(exp(each) for each in logs.values() if each <= limit))


def _log_likelihood(cell: int, row: int, column: int, total: int) -> float:
    return _log_choose(row, cell) + _log_choose(total - row, column - cell) - _log_choose(total, column)


def _log_choose(size: int, part: int) -> float:
    return lgamma(size + 1) - lgamma(part + 1) - lgamma(size - part + 1)
