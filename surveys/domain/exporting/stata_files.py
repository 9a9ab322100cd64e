"""A data set as a Stata file (.dta, release 118: Stata 14 and later), written row by row."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from struct import Struct

from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Value
from surveys.domain.exporting.gathered_rows import GatheredRows
from surveys.domain.exporting.stata_layout import (
    DOUBLE_MISSING,
    LONG_MISSING,
    LONG_TYPE,
    StataSlot,
    double_missing,
    head,
    long_missing,
    pointer,
    stata_slots,
    text_apart,
    value_labels,
)
from surveys.domain.exporting.written_moments import days_since, seconds_since

EPOCH = date(1960, 1, 1)
_LONG, _DOUBLE = Struct("<i"), Struct("<d")


def stata_file(data_set: DataSet, rows: GatheredRows, at: datetime) -> Iterator[bytes]:
    """The file in pieces; `at` is the moment it says that it was written.

    Raises:
        BadInput: there are more variables than a file can hold.
    """
    slots = stata_slots(data_set, rows)
    yield head(data_set, slots, rows.count, at)
    yield from _data(slots, rows)
    yield b"</data><strls>"
    yield from _texts_apart(slots, rows)
    yield b"</strls>" + value_labels(slots) + b"</stata_dta>"


def _data(slots: Sequence[StataSlot], rows: GatheredRows) -> Iterator[bytes]:
    coders = [_coder(slot) for slot in slots]
    for number, row in enumerate(rows, 1):
        yield b"".join(coder(value, number) for value, coder in zip(row, coders, strict=True))


def _coder(slot: StataSlot) -> Callable[[Value, int], bytes]:
    """Turns a value and the number of its row into the bytes that stand there."""
    if slot.apart:
        return lambda value, row: pointer(slot, row) if _is_text(value) else bytes(slot.width)
    if slot.is_text:
        return lambda value, _row: (str(value).encode() if _is_text(value) else b"").ljust(slot.width, b"\0")
    known = _known(slot)
    number = _numbers(slot)
    if slot.kind == LONG_TYPE:
        return lambda value, _row: known[value] if value in known else _LONG.pack(int(number(value)))
    return lambda value, _row: known[value] if value in known else _DOUBLE.pack(number(value))


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value != ""


def _known(slot: StataSlot) -> dict[Value, bytes]:
    """Values whose bytes are always the same."""
    if slot.kind != LONG_TYPE:
        return {each: double_missing(each) for each in Missing}
    known: dict[Value, bytes] = {each: _LONG.pack(long_missing(each)) for each in Missing}
    codes = slot.variable.codes.items() if slot.variable.holds is Holds.CODE else ()
    return known | {value: _LONG.pack(code) for value, code in codes}


def _numbers(slot: StataSlot) -> Callable[[Value], float]:
    if slot.variable.holds is Holds.DAY:
        return lambda value: days_since(EPOCH, str(value))
    if slot.variable.holds is Holds.MOMENT:
        return lambda value: seconds_since(EPOCH, str(value)) * 1000
    nothing = LONG_MISSING if slot.kind == LONG_TYPE else DOUBLE_MISSING
    return lambda value: value if isinstance(value, (int, float)) else nothing


def _texts_apart(slots: Sequence[StataSlot], rows: GatheredRows) -> Iterator[bytes]:
    apart = [slot for slot in slots if slot.apart]
    for number, row in enumerate(rows if apart else (), 1):
        words = [(slot, row[slot.number - 1]) for slot in apart]
        yield b"".join(text_apart(slot, number, str(value).encode()) for slot, value in words if _is_text(value))
