"""Answers of many responses side by side: one column a question and row, each answer a small number; for counting."""

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

BYTE = 256
PAIR = 65_536
NOTHING = 0
"""The number of “nothing was answered” in every column."""

Part = tuple[str, float | None]
Parts = tuple[Part, ...]
"""What stands in one row of an answer: its (value, number) pairs in order; words are left out."""


@dataclass(frozen=True)
class Coded:
    """One column: for each response the place of its answer in `seen`, whose first is “nothing”."""

    codes: Sequence[int]
    seen: tuple[Parts, ...]

    def counts(self, mask: bytes | None = None) -> Counter[Parts]:
        """How often each answer stands here, in the responses of the mask; “nothing” is left out."""
        if isinstance(self.codes, bytes) and len(self.seen) <= MANY:
            held = self.codes if mask is None else bytes(compress(self.codes, mask))
            return Counter({parts: n for code, parts in enumerate(self.seen) if code and (n := held.count(code))})
        chosen = self.codes if mask is None else compress(self.codes, mask)
        return Counter({self.seen[code]: count for code, count in Counter(chosen).items() if code})

    def mask(self, test: Callable[[Parts], bool]) -> bytes:
        """A 1 for each response whose answer passes, also for “nothing” where that passes; else a 0."""
        passing = bytes(test(parts) for parts in self.seen)
        if isinstance(self.codes, bytes):
            return self.codes.translate(passing.ljust(BYTE, b"\0"))
        return bytes(map(passing.__getitem__, self.codes))

    def given(self) -> bytes:
        """A 1 for each response that answered."""
        return self.mask(bool)

    def only(self, mask: bytes) -> "Coded":
        """The column of the responses of the mask alone."""
        kept = compress(self.codes, mask)
        return Coded(bytes(kept) if isinstance(self.codes, bytes) else list(kept), self.seen)


MANY = 40
"""Up to so many different answers they are counted by searching for each, which reads a byte in a tenth of the time."""


@dataclass(frozen=True)
class Sheet:
    """Some completed responses, their numbers in order, and what they answered; columns are by (question, row)."""

    ids: Sequence[int]
    columns: Mapping[tuple[str, str], Coded]

    @property
    def size(self) -> int:
        """How many responses."""
        return len(self.ids)

    def column(self, question: str, row: str = "") -> Coded:
        """One column; where nobody answered it one of nothing."""
        return self.columns.get((question, row)) or Coded(bytes(self.size), ((),))

    def rows(self, question: str) -> list[str]:
        """The rows of a question that anybody answered."""
        return [row for name, row in self.columns if name == question]

    def given(self, question: str) -> bytes:
        """A 1 for each response that answered any row of the question."""
        return either([self.columns[question, row].given() for row in self.rows(question)], self.size)


def either(masks: Sequence[bytes], size: int) -> bytes:
    """A 1 where any of the masks has one."""
    joined = 0
    for mask in masks:
        joined |= int.from_bytes(mask)
    return joined.to_bytes(size) if size else b""


def both(masks: Sequence[bytes]) -> bytes | None:
    """A 1 where all of the masks have one; None, which stands for all responses, without a mask."""
    if not masks:
        return None
    joined = int.from_bytes(masks[0])
    for mask in masks[1:]:
        joined &= int.from_bytes(mask)
    return joined.to_bytes(len(masks[0]))


def coded(answers: Iterable[Parts]) -> Coded:
    """A column of these answers, one a response."""
    places: dict[Parts, int] = {(): NOTHING}
    codes = [places.setdefault(parts, len(places)) for parts in answers]
    return Coded(_narrow(codes, len(places)), tuple(places))


def _narrow(codes: list[int], different: int) -> Sequence[int]:
    if different <= BYTE:
        return bytes(codes)
    return array("H" if different <= PAIR else "I", codes)


def sheet_of(ids: Sequence[int], cells: Iterable[Sequence[Any]]) -> Sheet:
    """The answers of these responses side by side.

    Args:
        ids: the responses, in order.
        cells: (response, question, row, value, number) of each cell; those of one answer in the order to keep.
    """
    places = {number: place for place, number in enumerate(ids)}
    found: defaultdict[tuple[str, str], dict[int, Parts]] = defaultdict(dict)
    known: dict[tuple[str, float | None], Parts] = {}
    for response, question, row, value, figure in cells:
        column, place, part = found[question, row], places[response], (value, figure)
        whole = known.setdefault(part, (part,))
        column[place] = (*column[place], part) if place in column else whole
    every = range(len(ids))
    columns = {key: coded(column.get(place, ()) for place in every) for key, column in sorted(found.items())}
    return Sheet(ids, columns)


def written_columns(columns: Mapping[str, Coded]) -> bytes:
    """The columns of one question, by row, as bytes to keep."""
    head = [[row, _typecode(column), len(column.codes), column.seen] for row, column in columns.items()]
    bodies = (bytes(column.codes) if isinstance(column.codes, bytes) else _raw(column) for column in columns.values())
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(bodies)


def read_columns(kept: bytes) -> dict[str, Coded]:
    """The opposite of `written_columns`."""
    head, _newline, body = kept.partition(b"\n")
    found: dict[str, Coded] = {}
    start = 0
    for row, typecode, size, seen in json.loads(head):
        width = array(typecode).itemsize
        part = body[start : start + size * width]
        codes: Sequence[int] = part if typecode == "B" else array(typecode, part)
        found[row] = Coded(codes, tuple(tuple((value, number) for value, number in parts) for parts in seen))
        start += size * width
    return found


def _typecode(column: Coded) -> str:
    return column.codes.typecode if isinstance(column.codes, array) else "B"


def _raw(column: Coded) -> bytes:
    assert isinstance(column.codes, array)
    return column.codes.tobytes()
