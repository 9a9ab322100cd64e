"""Results as an Excel workbook: what was looked at, every count with its share, every figure with its interval."""

from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from surveys.domain.exporting.plain_rows import Cell
from surveys.domain.exporting.result_tables import Told, counts_table, figures_table
from surveys.domain.exporting.workbooks import new_workbook, write_row

WIDTHS = (18, 44, 24, 18, 30)


def write_results(
    overview: Iterable[Sequence[Cell]],
    results: Sequence[Told],
    file: BinaryIO,
    words: Callable[[str], str] | None = None,
) -> None:
    """Write the workbook into a file that can be sought.

    Args:
        overview: the first sheet's lines.
        results: every question.
        file: empty.
        words: what is done to every text, for whoever may not see all of it.
    """
    sheets = {"Overview": overview, "Counts": counts_table(results), "Figures": figures_table(results)}
    with new_workbook(file) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for column, width in enumerate(WIDTHS):
                sheet.set_column(column, column, width)
            for place, cells in enumerate(lines):
                write_row(sheet, place, [_seen(cell, words) for cell in cells])


def _seen(cell: Cell, words: Callable[[str], str] | None) -> Cell:
    return words(cell) if words and isinstance(cell, str) else cell
