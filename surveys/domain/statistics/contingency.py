"""Whether two questions hang together: chi-square with its fall-backs and cautions, for crosstabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt

from surveys.domain.statistics.distributions import chi_square_tail
from surveys.domain.statistics.fisher_exact import fisher_exact
from surveys.domain.statistics.formula_names import Caution, Formula

ENOUGH = 5
FEWEST = 1
SPARSE_SHARE = 0.2
SQUARE = 2

Table = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Association:
    """The test of a table of counts.

    `chi_square` is Pearson's, uncorrected. `statistic` is what `p` belongs to: the corrected one with Yates, None with
    Fisher's exact test. `strength` is Cramér's V from 0 to 1.
    """

    chi_square: float
    statistic: float | None
    df: int
    p: float
    formula: Formula
    strength: float
    least_expected: float
    cautions: tuple[Caution, ...] = ()


def associate(table: Table, *, design_effect: float = 1.0, exact: bool = True) -> Association | None:
    """Test the independence of rows and columns; None where fewer than two of either have a count.

    Two by two: Fisher's exact test where an expected count is below 5, else Yates' correction. Larger: Pearson, with
    Cochran's cautions. Weighted counts are divided by the design effect (a first-order correction as in Rao & Scott
    1981) and, with `exact` False, never tested exactly.
    """
    counts = [[cell / design_effect for cell in row] for row in _dense(table)]
    if len(counts) < SQUARE or len(counts[0]) < SQUARE:
        return None
    expected = expected_counts(counts)
    least = min(map(min, expected))
    chi_square = _chi_square(counts, expected)
    df = (len(counts) - 1) * (len(counts[0]) - 1)
    total = sum(map(sum, counts))
    strength = sqrt(chi_square / (total * (min(len(counts), len(counts[0])) - 1)))
    if df > 1:
        formula, statistic, p = Formula.PEARSON, chi_square, chi_square_tail(chi_square, df)
    elif exact and least < ENOUGH:
        whole = [[round(cell) for cell in row] for row in counts]
        return Association(chi_square, None, df, fisher_exact(whole), Formula.FISHER, strength, least)
    else:
        corrected = _chi_square(counts, expected, 1 / 2)
        formula, statistic, p = Formula.YATES, corrected, chi_square_tail(corrected, df)
    return Association(chi_square, statistic, df, p, formula, strength, least, _cautions(expected))


def expected_counts(table: Table) -> list[list[float]]:
    """What each count would be if rows and columns were independent."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    total = sum(rows)
    return [[row * column / total for column in columns] for row in rows]


def residuals(table: Table) -> list[list[float | None]]:
    """Each count's adjusted standardised residual (Haberman 1973); beyond ±1.96 it stands out. None where fixed."""
    total = sum(map(sum, table))
    if not total:
        return [[None for _ in row] for row in table]
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    return [
        [_residual(cell, row, column, total) for cell, column in zip(cells, columns, strict=True)]
        for cells, row in zip(table, rows, strict=True)
    ]


def _residual(cell: float, row: float, column: float, total: float) -> float | None:
    expected = row * column / total
    variance = expected * (1 - row / total) * (1 - column / total)
    return (cell - expected) / sqrt(variance) if variance > 0 else None


def _dense(table: Table) -> list[list[float]]:
    """The table without empty rows and columns."""
    rows = [list(row) for row in table if sum(row)]
    kept = [place for place, column in enumerate(zip(*rows, strict=True)) if sum(column)]
    return [[row[place] for place in kept] for row in rows]


def _chi_square(counts: Table, expected: Table, correct: float = 0.0) -> float:
    """Pearson's sum; with Yates' half no difference is corrected beyond zero."""
    pairs = zip(chain.from_iterable(counts), chain.from_iterable(expected), strict=True)
    return sum(max(0.0, abs(count - mean) - correct) ** 2 / mean for count, mean in pairs)


def _cautions(expected: Table) -> tuple[Caution, ...]:
    cells = [cell for row in expected for cell in row]
    sparse = sum(cell < ENOUGH for cell in cells) > SPARSE_SHARE * len(cells)
    tiny = min(cells) < FEWEST
    return (*((Caution.SPARSE,) if sparse else ()), *((Caution.TINY,) if tiny else ()))
