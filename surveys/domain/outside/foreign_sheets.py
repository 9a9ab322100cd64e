"""A file of answers that another program wrote: a row a person, a column a question; for analysis and import."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import IO

from contacts.domain.sheets import open_table
from core.cards import mask_card_numbers
from core.errors import BadInput
from core.language import gettext as _

Row = tuple[str, ...]
MOST_NAMED = 5
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that could not be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class AnswerSheet:
    """The rows of a file, each as long as `columns`; `lines` are their line numbers; empty text is no answer."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = ()

    def place(self, asked: str) -> int:
        """The place of a column named whole, by its number (#3), or by a part that no other column has.

        Raises:
            BadInput: no column or several are meant.
        """
        wanted = _plain(asked)
        titles = [_plain(title) for title in self.columns]
        if wanted in titles:
            return titles.index(wanted)
        if wanted.startswith("#") and wanted[1:].isdecimal() and 0 < int(wanted[1:]) <= len(titles):
            return int(wanted[1:]) - 1
        found = [place for place, title in enumerate(titles) if wanted and wanted in title]
        if len(found) == 1:
            return found[0]
        raise _not_one(asked, [self.columns[place] for place in found], self.columns)

    def column(self, asked: str) -> list[str]:
        """The cells of a column, in the order of the rows."""
        place = self.place(asked)
        return [row[place] for row in self.rows]

    def kept(self, keep: Callable[[Row], bool]) -> "AnswerSheet":
        """The sheet with the rows that are to be kept."""
        chosen = [(row, line) for row, line in zip(self.rows, self.lines, strict=True) if keep(row)]
        return replace(self, rows=tuple(row for row, _line in chosen), lines=tuple(line for _row, line in chosen))


def read_sheet(
    stream: IO[bytes],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    skip: int = 0,
    missing: Collection[str] = (),
) -> AnswerSheet:
    """Read a seekable CSV file whose first line names the columns.

    `skip` rows after it are no answers (some programs write a second header); a cell that is one of the words in
    `missing` was not answered. Card numbers are masked (P8).

    Raises:
        BadInput: the file cannot be read, has no row, or more than `MOST_ROWS`.
    """
    table = open_table(stream, encoding=encoding, delimiter=delimiter, header=True)
    nothing = {_plain(word) for word in missing}
    rows: list[Row] = []
    lines: list[int] = []
    left_out: list[LeftOut] = []
    for place, record in enumerate(table.records()):
        if place < skip:
            continue
        if record.fault:
            left_out.append(LeftOut(record.line, record.fault.reason))
            continue
        rows.append(tuple("" if _plain(cell) in nothing else mask_card_numbers(cell.strip()) for cell in record.cells))
        lines.append(record.line)
        if len(rows) > MOST_ROWS:
            raise BadInput(_("The file has more than {most} rows.").format(most=MOST_ROWS))
    if not rows:
        raise BadInput(_("The file has no row of answers."), line=1, remedy=_("Choose a file with a row a person."))
    return AnswerSheet(table.shape.columns, tuple(rows), tuple(lines), tuple(left_out))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _not_one(asked: str, found: Collection[str], columns: Collection[str]) -> BadInput:
    if found:
        said = _("Several columns have “{asked}” in their names.").format(asked=asked)
    else:
        said = _("No column is named “{asked}”.").format(asked=asked)
    named = "; ".join(f"“{title}”" for title in list(found or columns)[:MOST_NAMED])
    return BadInput(
        said, field="column", remedy=_("Name one of them whole or by its number, as #3: {named} …").format(named=named)
    )
