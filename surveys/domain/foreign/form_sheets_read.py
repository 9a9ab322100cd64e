"""The sheets of an Excel workbook (ECMA-376, part 1, 18) as rows of texts: within bounds, and nothing is run."""

import re
from collections.abc import Mapping, Sequence

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.foreign.workbook_parts import Parts

Sheet = Sequence[Mapping[str, str]]
MOST_ROWS = 5000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
LONGEST_HEADING = 100
_WORKBOOK, _LINKS, _SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def sheets_of(content: bytes, wanted: Sequence[str]) -> dict[str, Sheet]:
    """The sheets of those names that are there, in any case: for each row its texts by their headings.

    A workbook's only sheet stands for the first of these names, whatever it is called.

    Under "#" each row has its number as Excel shows it.

    Raises:
        BadInput: it is no workbook, or far larger than a questionnaire.
    """
    parts = Parts(content)
    places = _places(parts)
    if len(places) == 1:
        places = dict.fromkeys(wanted[:1], *places.values())
    shared = _Shared()
    if _SHARED in parts.names:
        parts.read(_SHARED, shared.opens, shared.closes, shared.text)
    found: dict[str, Sheet] = {}
    for name in wanted:
        if name in places:
            cells = _Cells(shared.strings)
            parts.read(places[name], cells.opens, cells.closes, cells.text)
            found[name] = _table(cells.rows)
    return found


def _places(parts: Parts) -> dict[str, str]:
    """Where each sheet stands, by its name in small letters."""
    named: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(tag: str, given: Mapping[str, str]) -> None:
        if tag == "sheet":
            named.setdefault(given.get("name", "").strip().lower(), given.get("id", ""))

    def link(tag: str, given: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    parts.read(_WORKBOOK, sheet, _nothing, _nothing)
    parts.read(_LINKS, link, _nothing, _nothing)
    return {name: targets[number] for name, number in named.items() if targets.get(number) in parts.names}


def _nothing(_what: str) -> None:
    return None


class _Words:
    """Words within <t>, those of a reading aid (<rPh>) left out."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.said = self.aside = False
        self.length = 0

    def opens(self, tag: str, _given: Mapping[str, str]) -> None:
        """A tag opens."""
        self.aside = self.aside or tag == "rPh"
        self.said = tag == "t"

    def closes(self, tag: str) -> None:
        """A tag closes."""
        self.aside = self.aside and tag != "rPh"
        self.said = False

    def text(self, words: str) -> None:
        """Words of the part, kept as far as a cell may be long."""
        if self.said and not self.aside and self.length < LONGEST_CELL:
            self.words.append(words)
            self.length += len(words)

    def taken(self) -> str:
        """The words since the last time."""
        found = "".join(self.words)[:LONGEST_CELL]
        self.words, self.length = [], 0
        return found


class _Shared(_Words):
    """The texts that cells share, by their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def closes(self, tag: str) -> None:
        """A tag closes; a text may be over."""
        super().closes(tag)
        if tag == "si":
            self.strings.append(self.taken())


class _Cells(_Words):
    """The cells of one sheet, row by row."""

    def __init__(self, shared: Sequence[str]) -> None:
        super().__init__()
        self.shared = shared
        self.rows: dict[int, dict[int, str]] = {}
        self._row = self._column = 0
        self._kind = ""

    def opens(self, tag: str, given: Mapping[str, str]) -> None:
        """A row, a cell, or its value begins."""
        super().opens(tag, given)
        if tag == "row":
            self._row, self._column = _number(given.get("r", ""), self._row + 1), 0
        elif tag == "c":
            self._place(given.get("r", ""))
            self._kind = given.get("t", "n")
            self.taken()
        self.said = self.said or tag == "v"

    def closes(self, tag: str) -> None:
        """A cell may be over."""
        super().closes(tag)
        if tag == "c":
            words = self._value(self.taken())
            if words and 0 < self._row <= MOST_ROWS and 0 < self._column <= MOST_COLUMNS:
                self.rows.setdefault(self._row, {})[self._column] = words

    def _place(self, reference: str) -> None:
        """Where a cell stands: as it says, or behind the one before."""
        match = _CELL.fullmatch(reference)
        self._column += 1
        if match:
            self._row, self._column = int(match[2]), 0
            for letter in match[1]:
                self._column = self._column * 26 + ord(letter) - ord("A") + 1

    def _value(self, written: str) -> str:
        if self._kind == "s":
            number = _number(written, len(self.shared))
            return self.shared[number] if number < len(self.shared) else ""
        if self._kind == "b":
            return "true" if written.strip() == "1" else "false"
        return "" if self._kind == "e" else _tidy(written) if self._kind == "n" else written


def _number(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else default


def _tidy(written: str) -> str:
    """A number as people write it: 3 for 3.0."""
    try:
        number = float(written)
    except ValueError:
        return written
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else written  # the digits of a float


def _table(rows: Mapping[int, Mapping[int, str]]) -> Sheet:
    """The rows below the headings; empty ones are left out.

    Raises:
        BadInput: a heading is there twice.
    """
    first = rows.get(1, {})
    headings = {column: " ".join(words[:LONGEST_HEADING].split()) for column, words in first.items() if words.strip()}
    if len(set(headings.values())) < len(headings):
        raise BadInput(_("Two columns of a sheet have the same heading."), line=1)
    found: list[Mapping[str, str]] = []
    for number in sorted(set(rows) - {1}):
        texts = {headings[column]: words.strip() for column, words in rows[number].items() if column in headings}
        if any(texts.values()):
            found.append({"#": str(number)} | texts)
    return found
