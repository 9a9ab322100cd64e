"""A data set as CSV: UTF-8 with its mark, CRLF line ends, nothing in it that a spreadsheet would run."""

from collections.abc import Iterable, Iterator

from contacts.domain.formulas import csv_line
from surveys.domain.exporting.data_sets import DataSet, Row
from surveys.domain.exporting.plain_rows import PlainRows, Shape

BYTE_ORDER_MARK = "\ufeff"


def csv_file(data_set: DataSet, rows: Iterable[Row], shape: Shape) -> Iterator[bytes]:
    """The file line by line, the header first."""
    yield (BYTE_ORDER_MARK + csv_line([variable.name for variable in data_set.variables])).encode()
    plain = PlainRows(data_set, shape)
    for row in rows:
        yield csv_line(plain.cells(row)).encode()
