"""One question against another as a table that may be shown: with its test and letters, small cells hidden."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.language import gettext as _
from surveys.domain.answer_counts import Crossing
from surveys.domain.cross_variables import MOST_HEADINGS, Variable
from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.crosstabs import Banner, Crosstab, Heading, crosstab
from surveys.domain.statistics.formula_names import Formula
from surveys.domain.statistics.masses import Mass, together
from surveys.domain.statistics.mean_tables import MeanTable, mean_table
from surveys.domain.statistics.number_sums import Moments
from surveys.domain.suppression import LEAST, gathered, hidden_cells, is_small

OF_ALL = frozenset({Formula.PEARSON, Formula.YATES, Formula.FISHER, Formula.CRAMER})
"""What is said of the table as a whole."""
FEW = "…"
"""The name of a line that gathers those too small to stand alone."""


@dataclass(frozen=True)
class CrossTable:
    """One banner question's columns with the rows of another question; `hidden` are places of (row, column)."""

    rows: Variable
    banner: Variable
    table: Crosstab
    means: MeanTable | None
    hidden: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of the rows."""
        return tuple(row.heading for row in self.table.rows)


@dataclass(frozen=True)
class Lines:
    """Headings, and for each of them the names that it stands for."""

    headings: Sequence[Heading]
    names: Mapping[str, Sequence[str]]


def cross_table(
    pair: tuple[Variable, Variable], found: Crossing, rules: Rules, *, first: int, veiled: bool
) -> CrossTable:
    """Make the table of a row and a banner variable; `veiled` hides what anonymous answers must not tell."""
    rows, banner = pair
    across = banner.headings(found.columns)[:MOST_HEADINGS]
    down = rows.headings(found.rows)
    down = [] if len(down) > MOST_HEADINGS else down
    row_lines, column_lines = _alone(down), _alone(across)
    if veiled:
        row_lines = _gathered(down, [_people(found, [row.name], across) for row in down])
        column_lines = _gathered(across, [found.columns.get(each.name, Mass()).count for each in across])
    cells = {
        (row.name, column.name): _sum(found.cells, row_lines.names[row.name], column_lines.names[column.name])
        for row in row_lines.headings
        for column in column_lines.headings
    }
    hidden = _hidden(row_lines, column_lines, cells) if veiled else frozenset()
    table = crosstab(row_lines.headings, _banner(found, row_lines, column_lines, first), cells, rules)
    if hidden:
        table = replace(table, association=None, formulas=tuple(each for each in table.formulas if each not in OF_ALL))
    return CrossTable(rows, banner, table, _means(found, column_lines, rules, first, veiled=veiled), hidden)


def _alone(headings: Sequence[Heading]) -> Lines:
    return Lines(headings, {each.name: (each.name,) for each in headings})


def _gathered(headings: Sequence[Heading], totals: Sequence[int]) -> Lines:
    kept: list[Heading] = []
    names: dict[str, Sequence[str]] = {}
    for places in gathered(totals):
        own = [headings[place] for place in places]
        heading = own[0] if len(own) == 1 else Heading(FEW, _("few each: ") + ", ".join(each.label for each in own))
        kept.append(heading)
        names[heading.name] = tuple(each.name for each in own)
    return Lines(kept, names)


def _people(found: Crossing, rows: Sequence[str], columns: Sequence[Heading]) -> int:
    return _sum(found.cells, rows, [column.name for column in columns]).count


def _sum(cells: Mapping[tuple[str, str], Mass], rows: Iterable[str], columns: Sequence[str]) -> Mass:
    return together(cells[row, column] for row in rows for column in columns if (row, column) in cells)


def _hidden(rows: Lines, columns: Lines, cells: Mapping[tuple[str, str], Mass]) -> frozenset[tuple[int, int]]:
    table = [[cells[row.name, column.name].count for column in columns.headings] for row in rows.headings]
    sums = [sum(line) for line in table] + [sum(line) for line in zip(*table, strict=True)]
    if any(map(is_small, sums)):  # too few for any line: all of it
        return frozenset((row, column) for row, line in enumerate(table) for column in range(len(line)))
    return hidden_cells(table)


def _banner(found: Crossing, rows: Lines, columns: Lines, first: int) -> Banner:
    """Several answers in rows or columns: then the sums of cells count somebody twice."""
    several = together(found.rows.values()).count > found.base.count
    overlap = together(found.columns.values()).count > found.base.count
    return Banner(
        columns.headings,
        bases={name: together(found.columns.get(each, Mass()) for each in own) for name, own in columns.names.items()},
        total=found.base,
        row_totals={name: together(found.rows.get(each, Mass()) for each in own) for name, own in rows.names.items()},
        multiple=several,
        overlapping=overlap,
        first=first,
    )


def _means(found: Crossing, columns: Lines, rules: Rules, first: int, *, veiled: bool) -> MeanTable | None:
    moments = {
        name: sum((_moments(found.numbers.get(each, ())) for each in own), Moments())
        for name, own in columns.names.items()
    }
    if not any(each.mass.count for each in moments.values()):
        return None
    overlap = together(found.columns.values()).count > found.base.count
    total = _moments(found.everybody) if overlap else None
    if veiled:
        moments = {name: each for name, each in moments.items() if each.mass.count >= LEAST}
    return mean_table(columns.headings, moments, rules, total=total, first=first)


def _moments(numbers: Iterable[tuple[float, Mass]]) -> Moments:
    given = list(numbers)
    total = sum(number * mass.weight for number, mass in given)
    squared = sum(number * number * mass.weight for number, mass in given)
    return Moments(together(mass for _number, mass in given), total, squared)
