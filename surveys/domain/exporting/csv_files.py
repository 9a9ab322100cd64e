"""A data set as CSV: UTF-8 with its mark, CRLF line ends, nothing in it that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator

from contacts.domain.formulas import safe_cell
from surveys.domain.exporting.data_sets import DataSet, Row
from surveys.domain.exporting.plain_rows import Cell, PlainRows, Shape

BYTE_ORDER_MARK = "\ufeff"


def csv_file(data_set: DataSet, rows: Iterable[Row], shape: Shape) -> Iterator[bytes]:
    """The file line by line, the header first."""
    yield (BYTE_ORDER_MARK + csv_line([variable.name for variable in data_set.variables])).encode()
    plain = PlainRows(data_set, shape)
    for row in rows:
        yield csv_line(plain.cells(row)).encode()


def csv_line(cells: Iterable[Cell]) -> str:
    """One line with its end; a text that a spreadsheet would take for a formula is defused."""
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
