"""Completed responses as a file in one of six formats, one row each, and what its columns mean."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from tempfile import TemporaryFile

from sqlalchemy.orm import Session

from core.errors import Conflict
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.domain.exporting.csv_files import csv_file
from surveys.domain.exporting.data_sets import DataSet, Row
from surveys.domain.exporting.gathered_rows import GatheredRows
from surveys.domain.exporting.json_files import json_file
from surveys.domain.exporting.parquet_files import parquet_file
from surveys.domain.exporting.plain_rows import Shape
from surveys.domain.exporting.response_rows import ResponseRows, Wishes
from surveys.domain.exporting.spss_files import spss_file
from surveys.domain.exporting.stata_files import stata_file
from surveys.domain.exporting.workbooks import write_workbook
from surveys.storage.exportable_responses import exportable
from surveys.storage.surveys import Survey, all_published

CHUNK = 256 * 1024


class Format(StrEnum):
    """The formats, named like the ends of their files."""

    CSV = "csv"
    XLSX = "xlsx"
    SAV = "sav"
    DTA = "dta"
    PARQUET = "parquet"
    JSON = "json"


@dataclass(frozen=True)
class ExportWish:
    """What somebody wants to have.

    `people` adds the addresses of those who answered an identified survey, for whoever may see them; `texts` is what
    is done to every written text for whoever may not.
    """

    format: Format = Format.CSV
    shape: Shape = field(default_factory=Shape)
    people: bool = False
    texts: Callable[[str], str] | None = None


def export_answers(session: Session, survey: Survey, wish: ExportWish, *, at: datetime) -> Iterator[bytes]:
    """The file in pieces; the session is read from until the last one. A batch of responses is in memory at a time.

    Args:
        session: one that sees one state of the database, as `Database.reading` gives it.
        survey: any that was published.
        wish: what is wanted.
        at: what the file says of when it was written.

    Raises:
        Conflict: the survey was never published, or is not identified and addresses are asked for.
        BadInput: the format has no room for so many columns, or needs what is not installed.
    """
    rows = _rows(session, survey, wish)
    made = _MAKERS[wish.format](rows.data_set, rows.rows(exportable(session, survey, people=wish.people)), wish, at)
    yield from _gathered(made)


def exported_data_set(session: Session, survey: Survey, wish: ExportWish) -> DataSet:
    """What the columns of such an export are.

    Raises:
        Conflict: the survey was never published, or is not identified and addresses are asked for.
    """
    return _rows(session, survey, wish).data_set


def _rows(session: Session, survey: Survey, wish: ExportWish) -> ResponseRows:
    versions = all_published(session, survey)
    if not versions:
        raise Conflict(_("This survey has not been published yet."), remedy=_("Open it first."))
    if wish.people and survey.mode is not Anonymity.IDENTIFIED:
        raise Conflict(_("This survey's answers name nobody."), remedy=_("Export without addresses."))
    days = survey.mode is Anonymity.ANONYMOUS
    return ResponseRows(versions, Wishes(days=days, people=wish.people, texts=wish.texts))


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


Maker = Callable[[DataSet, Iterable[Row], ExportWish, datetime], Iterator[bytes]]


def _measured(write: Callable[[DataSet, GatheredRows, datetime], Iterator[bytes]]) -> Maker:
    """A format whose head says what comes: the rows wait in a file without a name."""

    def make(data_set: DataSet, rows: Iterable[Row], _wish: ExportWish, at: datetime) -> Iterator[bytes]:
        with TemporaryFile() as file:
            yield from write(data_set, GatheredRows(rows, len(data_set.variables), file), at)

    return make


def _workbook(data_set: DataSet, rows: Iterable[Row], wish: ExportWish, _at: datetime) -> Iterator[bytes]:
    with TemporaryFile() as file:
        write_workbook(data_set, rows, wish.shape, file)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


_MAKERS: dict[Format, Maker] = {
    Format.CSV: lambda data_set, rows, wish, _at: csv_file(data_set, rows, wish.shape),
    Format.XLSX: _workbook,
    Format.SAV: _measured(spss_file),
    Format.DTA: _measured(stata_file),
    Format.PARQUET: lambda data_set, rows, _wish, _at: parquet_file(data_set, rows),
    Format.JSON: lambda data_set, rows, _wish, _at: json_file(data_set, rows),
}
