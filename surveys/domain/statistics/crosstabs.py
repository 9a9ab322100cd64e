"""A question's answers by the columns of a banner: shares, letters and the test of the whole; for results pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.domain.intervals import Interval
from surveys.domain.statistics.column_letters import Rules, compare_shares, exceeded, letter_of
from surveys.domain.statistics.contingency import Association, associate, residuals
from surveys.domain.statistics.formula_names import Caution, Formula
from surveys.domain.statistics.masses import Mass, together
from surveys.domain.statistics.share_intervals import share_interval

Counts = Mapping[tuple[str, str], Mass]


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column: its stable name and what is read."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Banner:
    """The columns that a question's answers are broken down by.

    Without `bases` a column's base is the sum of its cells, as it is where everybody gave one answer; with several
    answers a person (`multiple`) `bases` says how many people answered in each column. `overlapping` columns hold the
    same people twice; then `total` says how many they are. `first` is the place of the first column's letter.
    """

    columns: Sequence[Heading]
    bases: Mapping[str, Mass] | None = None
    total: Mass | None = None
    row_totals: Mapping[str, Mass] | None = None
    multiple: bool = False
    overlapping: bool = False
    first: int = 0


@dataclass(frozen=True, slots=True)
class CrossColumn:
    """A column with its letter and base; `small` columns are below the minimum base and compared with none."""

    heading: Heading
    letter: str
    base: Mass
    small: bool


@dataclass(frozen=True, slots=True)
class CrossCell:
    """One cell: its people, its shares of column, row and all, and the letters of the columns that it exceeds."""

    mass: Mass
    column_share: float | None
    row_share: float | None
    total_share: float | None
    interval: Interval | None
    residual: float | None = None
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One row: a cell a column, and the cell of everybody."""

    heading: Heading
    cells: tuple[CrossCell, ...]
    total: CrossCell


@dataclass(frozen=True, slots=True)
class Crosstab:
    """The whole table with its test (None where it has none), and what is said under it."""

    columns: tuple[CrossColumn, ...]
    rows: tuple[CrossRow, ...]
    base: Mass
    association: Association | None
    formulas: tuple[Formula, ...]
    cautions: tuple[Caution, ...]


_DEFAULT = Rules()


def crosstab(rows: Sequence[Heading], banner: Banner, counts: Counts, rules: Rules = _DEFAULT) -> Crosstab:
    """Break rows down by the banner's columns; `counts` are by (row, column), absent where nobody is.

    Shares are on everybody who answered in the column. The whole table is tested where everybody gave one answer.
    """
    columns = _columns(rows, banner, counts, rules)
    base = banner.total or together(column.base for column in columns)
    weighted = not base.effective == base.count == base.weight
    table = [[counts.get((row.name, column.name), Mass()).weight for column in banner.columns] for row in rows]
    effect = base.weight / base.effective if base.effective else 1.0
    testable = not (banner.multiple or banner.overlapping)
    association = associate(table, design_effect=effect, exact=not weighted) if testable else None
    marks = residuals([[cell / effect for cell in row] for row in table]) if testable else None
    lines = tuple(
        _line(row, (banner, columns, base), counts, marks[place] if marks else None, rules)
        for place, row in enumerate(rows)
    )
    cautions = _cautions(banner, columns, association)
    return Crosstab(columns, lines, base, association, _formulas(association, rules, weighted=weighted), cautions)


def _columns(rows: Sequence[Heading], banner: Banner, counts: Counts, rules: Rules) -> tuple[CrossColumn, ...]:
    found = []
    for place, heading in enumerate(banner.columns, banner.first):
        cells = (counts.get((row.name, heading.name), Mass()) for row in rows)
        base = together(cells) if banner.bases is None else banner.bases.get(heading.name, Mass())
        found.append(CrossColumn(heading, letter_of(place), base, base.count < rules.minimum_base))
    return tuple(found)


def _line(
    row: Heading,
    around: tuple[Banner, tuple[CrossColumn, ...], Mass],
    counts: Counts,
    marks: Sequence[float | None] | None,
    rules: Rules,
) -> CrossRow:
    banner, columns, base = around
    masses = [counts.get((row.name, column.heading.name), Mass()) for column in columns]
    everybody = (banner.row_totals or {}).get(row.name) or together(masses)
    groups = [
        None if column.small or banner.overlapping else (mass, column.base)
        for mass, column in zip(masses, columns, strict=True)
    ]
    letters = [tuple(columns[at].letter for at in each) for each in exceeded(groups, compare_shares, rules)]
    cells = tuple(
        CrossCell(
            mass,
            _share(mass, columns[place].base),
            _share(mass, everybody),
            _share(mass, base),
            share_interval(mass, columns[place].base),
            marks[place] if marks else None,
            letters[place],
        )
        for place, mass in enumerate(masses)
    )
    share = _share(everybody, base)
    return CrossRow(
        row, cells, CrossCell(everybody, share, _share(everybody, everybody), share, share_interval(everybody, base))
    )


def _share(part: Mass, whole: Mass) -> float | None:
    return part.weight / whole.weight if whole.weight else None


def _formulas(association: Association | None, rules: Rules, *, weighted: bool) -> tuple[Formula, ...]:
    test = (association.formula, Formula.CRAMER) if association else ()
    return (*test, Formula.POOLED, rules.adjustment.formula, *((Formula.EFFECTIVE,) if weighted else ()))


def _cautions(banner: Banner, columns: Sequence[CrossColumn], association: Association | None) -> tuple[Caution, ...]:
    found = list(association.cautions) if association else []
    found += [Caution.MULTIPLE] if banner.multiple else []
    found += [Caution.OVERLAP] if banner.overlapping else []
    found += [Caution.FEW] if any(column.small for column in columns) else []
    return tuple(found)
