"""Reads a table of people out of bytes, record by record in constant memory (RFC 4180 and cousins)."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, NamedTuple

from contacts.domain.charsets import CHUNK, LONGEST_LINE, byte_chunks, detect_encoding, known_encoding, pieces
from contacts.domain.columns import looks_like_header, name_columns
from core.cards import screened
from core.errors import BadInput

DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 500
_MOST_LINES = 1_000
_SAMPLED = 50
_WRITTEN_KEPT = 10_000
_HINT = re.compile(r"sep=([^\w\"\r\n])\r?\n?", re.IGNORECASE)
_BOM = "\ufeff"


class Fault(NamedTuple):
    """Why a record cannot be read, and what helps."""

    reason: str
    remedy: str


WRONG_BYTES = "has bytes that are not {encoding}"
_RESAVE = "Save the file as UTF-8, or name its encoding with --encoding."
_TOO_LONG = Fault("is longer than a line can be", "Look for a missing line break.")
_UNCLOSED = Fault(
    "opens a quotation mark that is not closed where the cell ends, or has a cell over 131,072 characters",
    'Close the quotation mark, or double it where it is meant: "".',
)
_UNREADABLE = Fault("has a line break or a quotation mark in the wrong place", "Put the whole cell in quotation marks.")
_HEADER_AGAIN = Fault("repeats the header", "Nothing is lost; remove the line if you like.")


@dataclass(frozen=True)
class TableShape:
    """What was found out about a file, to be shown before and after the import."""

    encoding: str
    delimiter: str
    header: bool
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number of its first line, its cells, its text as written, and why it cannot be used.

    With a fault the cells are what can be made out, good for restrictions alone; lost bytes are U+FFFD in them.
    """

    line: int
    cells: list[str]
    written: str
    fault: Fault | None = None


class _Line(NamedTuple):
    number: int
    text: str
    whole: bool


class _TooMuchError(Exception):
    """A record that swallows more than a record can have; within this module only."""


class Table:
    """A file of people: its shape, and its records as often as they are asked for."""

    def __init__(self, stream: IO[bytes], shape: TableShape, newline: str, *, hinted: bool, size: int) -> None:
        self.shape = shape
        self.size = size
        self.read = 0
        self._stream = stream
        self._newline = newline
        self._hinted = hinted

    def records(self) -> Iterator[Record]:
        """Give every record after the header; one that cannot be read has a fault, and the next goes on."""
        lines = _Lines(self._lines())
        if self._hinted:
            next(lines)
        header = next(_records(lines, self.shape, None)).cells if self.shape.header else None
        for record in _records(lines, self.shape, len(self.shape.columns)):
            if record.cells == header and not record.fault:
                yield Record(record.line, record.cells, record.written, _HEADER_AGAIN)
            else:
                yield record

    def _lines(self) -> Iterator[_Line]:
        self.read = 0
        return _decoded(self._counted(), self.shape.encoding, self._newline)

    def _counted(self) -> Iterator[bytes]:
        for chunk in byte_chunks(self._stream):
            self.read += len(chunk)
            yield chunk


def open_table(
    stream: IO[bytes], *, encoding: str | None = None, delimiter: str | None = None, header: bool | None = None
) -> Table:
    """Find out the shape of a seekable file; what is given is not guessed.

    Raises:
        BadInput: the file is empty, is no text, has no readable beginning or too many columns.
    """
    if not stream.seekable():
        raise BadInput("The table cannot be read from a pipe.", remedy="Save it to a file first.")
    name = known_encoding(encoding, stream) if encoding else detect_encoding(stream)
    size = stream.seek(0, 2)
    sample, newline = _sample(stream, name)
    hint = _HINT.fullmatch(sample[0]) if sample else None
    if hint:
        sample = sample[1:]
    mark = _known_delimiter(delimiter) if delimiter else (hint[1] if hint else _likely_delimiter(sample))
    rows = _parsed(sample, mark)
    if not rows:
        raise BadInput("The file has no line that can be read.", line=1, remedy="Choose a file with one person a line.")
    if max(map(len, rows[:2])) > MOST_COLUMNS:
        raise BadInput(
            f"The table has more than {MOST_COLUMNS} columns.", line=1, remedy="Keep the columns that are needed."
        )
    has_header = looks_like_header(rows) if header is None else header
    columns = (
        name_columns(screened(rows[0])) if has_header else tuple(f"column {at}" for at in range(1, len(rows[0]) + 1))
    )
    return Table(stream, TableShape(name, mark, has_header, columns), newline, hinted=bool(hint), size=size)


class _Lines:
    """Feeds the CSV parser, and remembers what it took for one record, so that a part can be given back."""

    def __init__(self, source: Iterator[_Line]) -> None:
        self.source = source
        self.taken: list[_Line] = []
        self.given_back: deque[_Line] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.given_back.popleft() if self.given_back else next(self.source, None)
        if line is None:
            raise StopIteration
        self.taken.append(line)
        if len(line.text) > LONGEST_LINE or len(self.taken) > _MOST_LINES:
            raise _TooMuchError
        return line.text

    def keep_first(self) -> None:
        """Give back all lines but the first: a stray quotation mark must not swallow those who follow."""
        self.given_back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _records(lines: _Lines, shape: TableShape, width: int | None) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=shape.delimiter, strict=True)
    while True:
        lines.taken.clear()
        cells, fault = [], None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooMuchError:
            fault = _TOO_LONG if len(lines.taken) == 1 else _UNCLOSED
        except csv.Error as error:
            cells, fault = _mended(lines, shape, str(error))
        if any(map(str.strip, cells)) or fault:
            yield _judged(lines, cells, shape, width, fault)


def _mended(lines: _Lines, shape: TableShape, error: str) -> tuple[list[str], Fault | None]:
    """Read ``"Acme" Ltd`` as it is meant, within one line; say what is wrong with everything else."""
    text = lines.taken[0].text
    if "expected after" in error and len(lines.taken) == 1 and text.count('"') % 2 == 0:
        with suppress(csv.Error):
            return next(csv.reader([text], delimiter=shape.delimiter)), None
    return [], _UNREADABLE if "new-line" in error else _UNCLOSED


def _judged(lines: _Lines, cells: list[str], shape: TableShape, width: int | None, fault: Fault | None) -> Record:
    if not fault and width is not None and len(cells) != width:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        fault = _uneven(len(cells), width) if len(cells) != width else None
    if fault and (len(lines.taken) > 1 or not cells):
        lines.keep_first()
        cells = _roughly(lines.taken[0].text, shape)
    if not all(line.whole for line in lines.taken):
        fault = Fault(WRONG_BYTES.format(encoding=shape.encoding), _RESAVE)
    written = "".join(line.text for line in lines.taken)[:_WRITTEN_KEPT]
    return Record(lines.taken[0].number, cells, written, fault)


def _roughly(text: str, shape: TableShape) -> list[str]:
    """Part a line that is no proper record, for the restrictions that can be read in it all the same."""
    with suppress(csv.Error):
        return next(csv.reader([text.rstrip("\r\n").replace("\r", " ")], delimiter=shape.delimiter), [])
    return []


def _uneven(cells: int, width: int) -> Fault:
    return Fault(
        f"has {cells} cells where the table has {width}", "Put cells that contain the delimiter in quotation marks."
    )


def _decoded(chunks: Iterator[bytes], encoding: str, newline: str) -> Iterator[_Line]:
    """Decode line by line, so that a wrong byte spoils its own line only."""
    if encoding.startswith(("utf-16", "utf-32")):
        for number, text in enumerate(pieces(_wide(chunks, encoding), newline), 1):
            yield _Line(number, text.removeprefix(_BOM), "\ufffd" not in text)
        return
    for number, line in enumerate(pieces(chunks, newline.encode(encoding)), 1):
        try:
            yield _Line(number, line.decode(encoding).removeprefix(_BOM), whole=True)
        except UnicodeError:
            yield _Line(number, line.decode(encoding, errors="replace").removeprefix(_BOM), whole=False)


def _wide(chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _sample(stream: IO[bytes], encoding: str) -> tuple[list[str], str]:
    """Give the first lines, and the line break that the file uses."""
    stream.seek(0)
    start = stream.read(CHUNK)
    text = start.decode(encoding, errors="replace")
    newline = "\r" if "\n" not in text and "\r" in text.rstrip("\r") else "\n"
    lines = [line.text for line in islice(_decoded(iter((start,)), encoding, newline), _MOST_LINES)]
    if len(start) == CHUNK and len(lines) > 1:
        lines.pop()  # it may be cut off
    return lines, newline


def _parsed(sample: list[str], delimiter: str) -> list[list[str]]:
    """Parse as many of the first records as can be parsed."""
    rows = []
    try:
        for row in csv.reader(sample, delimiter=delimiter):
            if any(map(str.strip, row)):
                rows.append(row)
            if len(rows) == _SAMPLED:
                break
    except csv.Error:
        pass
    return rows


def _known_delimiter(name: str) -> str:
    mark = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}.get(name.strip().lower(), name)
    if len(mark) != 1 or mark in '"\r\n' or mark.isalnum():
        raise BadInput("A delimiter is a single sign.", field="delimiter", remedy="Use , or ; or | or tab.")
    return mark


def _likely_delimiter(sample: list[str]) -> str:
    """Choose the delimiter that gives the most lines the same number of cells, and then the most cells."""

    def weight(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _parsed(sample, delimiter)]
        if not widths or widths[0] == 1:
            return (0, 0)
        return (widths.count(widths[0]) / len(widths), widths[0])

    return max(DELIMITERS, key=weight)
