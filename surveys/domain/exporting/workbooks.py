"""A data set as an Excel workbook: the answers, and the codebook on a sheet of its own."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from contacts.domain.formulas import safe_cell
from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.exporting.codebooks import codebook_lines
from surveys.domain.exporting.data_sets import DataSet, Holds, Row
from surveys.domain.exporting.plain_rows import Cell, PlainRows, Shape
from surveys.domain.exporting.written_moments import day_in, moment_in

MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FIRST_DATE = "1900-03-01"
"""Days before it are written as texts: Excel counts from 1900, with a 29 February that never was."""

_DATES = {Holds.DAY: "yyyy-mm-dd", Holds.MOMENT: "yyyy-mm-dd hh:mm:ss"}


@contextmanager
def new_workbook(file: BinaryIO) -> Iterator[Any]:
    """A workbook that keeps one row in memory, in which no text becomes a formula or a link.

    Raises:
        OSError: there is no room for it.
    """
    import xlsxwriter  # noqa: PLC0415 - 0.1 s to import, and seldom needed
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 - as above

    book = xlsxwriter.Workbook(file, {**PLAIN, "constant_memory": True, "remove_timezone": True})
    yield book
    full: tuple[Any, ...] = ()
    try:
        book.close()
    except FileCreateError as error:
        full = (error.args[0].errno, error.args[0].strerror)
    if full:  # raised here, where nothing of it holds on to the unfinished archive, which would be written yet
        raise OSError(*full)


def write_workbook(data_set: DataSet, rows: Iterable[Row], shape: Shape, file: BinaryIO) -> None:
    """Write the workbook into a file that can be sought; answers go on on another sheet where one is full.

    Raises:
        BadInput: there are more variables than a sheet has columns.
    """
    if len(data_set.variables) > MOST_COLUMNS:
        message = _("An Excel sheet holds at most {most} columns.").format(most=MOST_COLUMNS)
        raise BadInput(message, remedy=_("Choose another format."))
    with new_workbook(file) as book:
        _Answers(book, data_set, shape).write(rows)
        sheet = book.add_worksheet("Codebook")
        for place, cells in enumerate(codebook_lines(data_set)):
            write_row(sheet, place, cells)


class _Answers:
    """The sheets of answers of one workbook."""

    def __init__(self, book: Any, data_set: DataSet, shape: Shape) -> None:
        self._book, self._data_set = book, data_set
        self._plain = PlainRows(data_set, shape)
        self._sheets = 0
        formats = {holds: book.add_format({"num_format": shown}) for holds, shown in _DATES.items()}
        holding = enumerate(each.holds for each in data_set.variables)
        self._dates = {place: formats[holds] for place, holds in holding if holds in formats}

    def write(self, rows: Iterable[Row]) -> None:
        sheet, place = self._sheet(), 1
        for row in rows:
            if place == MOST_ROWS:
                sheet, place = self._sheet(), 1
            write_row(sheet, place, self._plain.cells(row))
            for column, shown in self._dates.items():
                _write_date(sheet, place, column, row[column], shown)
            place += 1

    def _sheet(self) -> Any:
        self._sheets += 1
        sheet = self._book.add_worksheet("Answers" if self._sheets == 1 else f"Answers {self._sheets}")
        sheet.freeze_panes(1, 1)
        write_row(sheet, 0, [variable.name for variable in self._data_set.variables])
        return sheet


def write_row(sheet: Any, place: int, cells: Sequence[Cell]) -> None:
    """One row; empty texts stay empty cells, and a text that looks like a formula is defused (CSV may follow)."""
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(place, column, safe_cell(cell)[:LONGEST_CELL])
        else:
            sheet.write_number(place, column, cell)


def _write_date(sheet: Any, place: int, column: int, written: Any, shown: Any) -> None:
    """A day or a moment as a date of the sheet; what Excel cannot count stays as it was written."""
    if isinstance(written, str) and written >= FIRST_DATE:
        moment = moment_in(written) if "T" in written else day_in(written)
        sheet.write_datetime(place, column, moment, shown)
