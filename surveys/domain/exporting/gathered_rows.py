"""Rows put aside in a file and measured: for formats that state counts and widths before the first row."""

import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from struct import Struct
from typing import Any, BinaryIO

from surveys.domain.exporting.data_sets import Missing, Row, Value

BATCH = 200
_SIZE = Struct("<I")
_MARKS = {Missing.NOT_SHOWN: False, Missing.NOT_ANSWERED: None, Missing.REFUSED: True}
_MISSING = {mark: missing for missing, mark in _MARKS.items()}


@dataclass(slots=True)
class Measured:
    """What a variable's values are like: bytes of UTF-8 of its texts, and whether its numbers are all whole."""

    widest: int = 0
    total: int = 0
    texts: int = 0
    whole: bool = True

    def take(self, value: Value) -> None:
        """Note one value."""
        if isinstance(value, str) and value:
            size = len(value.encode())
            self.widest = max(self.widest, size)
            self.total += size
            self.texts += 1
        elif isinstance(value, float) and not value.is_integer():
            self.whole = False


class GatheredRows:
    """Can be read any number of times; in memory there are `BATCH` rows."""

    def __init__(self, rows: Iterable[Row], width: int, file: BinaryIO) -> None:
        """Put all rows into an empty file that can be read and written; each has `width` values."""
        self._file = file
        self.count = 0
        self.measured: Sequence[Measured] = [Measured() for _ in range(width)]
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            self.count += len(batch)
            for row in batch:
                for value, measured in zip(row, self.measured, strict=True):
                    measured.take(value)
            self._put([[_MARKS[each] if isinstance(each, Missing) else each for each in row] for row in batch])

    def _put(self, batch: list[list[Any]]) -> None:
        packed = marshal.dumps(batch)
        self._file.write(_SIZE.pack(len(packed)) + packed)

    def __iter__(self) -> Iterator[Row]:
        """All rows again, in their order."""
        self._file.seek(0)
        while head := self._file.read(_SIZE.size):
            packed = self._file.read(_SIZE.unpack(head)[0])
            for row in marshal.loads(packed):  # noqa: S302 - bytes that this object wrote a moment ago
                yield [_MISSING[each] if each is None or isinstance(each, bool) else each for each in row]
