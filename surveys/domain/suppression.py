"""Which counts of anonymous answers may be shown: small ones are hidden, and others so that they cannot be worked out.

Everything published counts as known: the totals, the counts that are shown, that counts are whole and not negative.
Then of every small count it must remain possible that it is not small at all.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence

LEAST = 5
"""A count below this is small: it could be told whose answers they are."""

Table = Sequence[Sequence[int]]
Cell = tuple[int, int]
Node = tuple[bool, int]
"""A line of a table: whether it is a row, and its place."""


def may_be_shown(chosen: int, everybody: int, least: int = LEAST) -> bool:
    """Say whether a selection may have results: neither it nor what it leaves out is a small group."""
    return chosen >= least and (chosen == everybody or everybody - chosen >= least)


def is_small(count: int, least: int = LEAST) -> bool:
    """Say whether a count tells of so few that they could be recognised; nobody is nobody."""
    return 0 < count < least


def hidden_parts(counts: Sequence[int], least: int = LEAST) -> frozenset[int]:
    """The places to hide in a list whose sum is known: the small ones, and the next smallest until any could be large.

    Where even all of them together are too few all are hidden, and so must be the sum.
    """
    hidden = {place for place, count in enumerate(counts) if is_small(count, least)}
    if not hidden:
        return frozenset()
    others = sorted((count, place) for place, count in enumerate(counts) if count and place not in hidden)
    for _count, place in others:
        if len(hidden) > 1 and sum(counts[each] for each in hidden) >= least:
            break
        hidden.add(place)
    if len(hidden) < 2 or sum(counts[each] for each in hidden) < least:  # noqa: PLR2004 - one alone is the rest
        return frozenset(range(len(counts)))
    return frozenset(hidden)


def hidden_cells(table: Table, least: int = LEAST) -> frozenset[Cell]:
    """The cells to hide in a table whose row and column sums are known, none of them small (see `gathered`)."""
    cells = list(_cells(table))
    secret = {cell for cell in cells if is_small(table[cell[0]][cell[1]], least)}
    hidden = set(secret)
    while True:
        exposed = next((cell for cell in sorted(secret) if _most(table, hidden, cell, least) < least), None)
        if exposed is None:
            return frozenset(hidden)
        hidden.add(_cover(table, hidden, exposed))


def _cells(table: Table) -> Iterator[Cell]:
    return ((row, column) for row, counts in enumerate(table) for column in range(len(counts)))


def _cover(table: Table, hidden: set[Cell], exposed: Cell) -> Cell:
    """The next cell to hide: one that closes a loop if there is one, else beside those hidden; zeros last."""
    rows = {row for row, _column in hidden} | {exposed[0]}
    columns = {column for _row, column in hidden} | {exposed[1]}

    def order(cell: Cell) -> tuple[int, bool, int]:
        count = table[cell[0]][cell[1]]
        return -((cell[0] in rows) + (cell[1] in columns)), not count, count

    return min((cell for cell in _cells(table) if cell not in hidden), key=order)


def _most(table: Table, hidden: set[Cell], cell: Cell, enough: int) -> int:
    """How large a hidden cell could be, by all that is shown; stops at `enough`.

    Counts move around closed loops of hidden cells, up and down in turn, so that all sums stay: as a flow from the
    cell's column back to its row (Ford & Fulkerson 1956), whose steps down take away what is there.
    """
    counts = {each: table[each[0]][each[1]] for each in hidden}
    while counts[cell] < enough:
        loop = _loop(counts, cell)
        if loop is None:
            break
        step = min(counts[each] for each in loop[1::2])
        for place, each in enumerate(loop):
            counts[each] += -step if place % 2 else step
    return counts[cell]


def _loop(counts: dict[Cell, int], cell: Cell) -> list[Cell] | None:
    """A loop that raises this cell: it, then cells that go down and up in turn; the shortest one."""
    start, end = (False, cell[1]), (True, cell[0])
    before: dict[Node, tuple[Node, Cell]] = {}
    ahead: deque[Node] = deque([start])
    while ahead and end not in before:
        node = ahead.popleft()
        for following, step in _steps(counts, node, cell):
            if following != start and following not in before:
                before[following] = node, step
                ahead.append(following)
    if end not in before:
        return None
    steps: list[Cell] = []
    node = end
    while node != start:
        node, step = before[node]
        steps.append(step)
    return [cell, *reversed(steps)]


def _steps(counts: dict[Cell, int], node: Node, cell: Cell) -> Iterator[tuple[Node, Cell]]:
    """From a column down at one of its cells to that cell's row; from a row up at one of its cells to its column."""
    is_row, line = node
    for each, count in counts.items():
        if each == cell:
            continue
        if not is_row and each[1] == line and count:
            yield (True, each[0]), each
        elif is_row and each[0] == line:
            yield (False, each[1]), each


def gathered(totals: Sequence[int], least: int = LEAST) -> list[list[int]]:
    """The lines of a table, in order, the small ones put together into one last line that is not small.

    Lines without anybody stay. Where there is too little for that line the smallest of the others joins it.
    """
    small = [place for place, total in enumerate(totals) if is_small(total, least)]
    if not small:
        return [[place] for place in range(len(totals))]
    others = sorted((place for place, total in enumerate(totals) if total and place not in small), key=_by(totals))
    while others and (len(small) == 1 or sum(totals[place] for place in small) < least):
        small.append(others.pop(0))
    return [*([place] for place in range(len(totals)) if place not in small), sorted(small)]


def _by(totals: Sequence[int]) -> Callable[[int], int]:
    return lambda place: totals[place]
