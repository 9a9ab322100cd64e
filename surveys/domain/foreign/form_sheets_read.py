"""The sheets of an Excel workbook as rows of texts: bounded before anything is unpacked, and nothing is run."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from core.errors import BadInput
from core.language import gettext as _

Sheet = Sequence[Mapping[str, str]]
LARGEST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 5000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000


def sheets_of(content: bytes, wanted: Sequence[str]) -> dict[str, Sheet]:
    """The sheets of those names that are there, in any case: for each row its texts by their headings.

    Under "#" each row has its number as Excel shows it.

    Raises:
        BadInput: it is no workbook, or far larger than a questionnaire.
    """
    _require_small(content)
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only who brings a workbook needs it

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        named = {name.strip().lower(): name for name in book.sheet_names}
        rows = {
            name: book.get_sheet_by_name(named[name]).to_python(nrows=MOST_ROWS) for name in wanted if name in named
        }
    except (CalamineError, ValueError, OSError) as error:
        raise BadInput(_("This Excel file cannot be read: {reason}.").format(reason=str(error)[:200])) from None
    return {name: _table(found) for name, found in rows.items()}


def _require_small(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput(_("This is no Excel file."), remedy=_("Save it as .xlsx.")) from None
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > LARGEST_UNPACKED:
        raise BadInput(_("This Excel file is far larger than a questionnaire."))


def _table(rows: Sequence[Sequence[object]]) -> Sheet:
    """The rows below the headings; empty ones are left out."""
    if not rows:
        return []
    headings = [_text(cell).strip() for cell in rows[0][:MOST_COLUMNS]]
    found = []
    for number, row in enumerate(rows[1:], 2):
        texts = [_text(cell)[:LONGEST_CELL].strip() for cell in row[:MOST_COLUMNS]]
        if any(texts):
            found.append(
                {"#": str(number), **{heading: text for heading, text in zip(headings, texts, strict=False) if heading}}
            )
    return found


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return str(cell)
