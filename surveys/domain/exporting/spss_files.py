"""A data set as an SPSS system file (.sav), compressed byte by byte, written case by case."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from struct import Struct

from surveys.domain.exporting.clipping import clipped
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Value
from surveys.domain.exporting.gathered_rows import GatheredRows
from surveys.domain.exporting.spss_dictionary import (
    BIAS,
    ELEMENT,
    LONGEST_TEXT,
    SYSTEM_MISSING,
    WIDEST_SEGMENT,
    Slot,
    dictionary,
    missing_text,
    slots_of,
)
from surveys.domain.exporting.written_moments import DAY_SECONDS, days_since, seconds_since

EPOCH = date(1582, 10, 14)
CHUNK = 64 * 1024
_LITERAL, _BLANKS, _SYSTEM_MISSING = 253, b"\xfe", b"\xff"
_NOTHING = _SYSTEM_MISSING, b""
_GROUP = 8
_SMALL = range(1 - BIAS, 252 - BIAS)
_DOUBLE = Struct("<d")

Coded = tuple[bytes, bytes]
"""The codes of a value's elements, and those elements that stand behind them in full."""


def spss_file(data_set: DataSet, rows: GatheredRows, at: datetime) -> Iterator[bytes]:
    """The file in pieces; `at` is the moment it says that it was written."""
    slots = slots_of(data_set, rows)
    yield b"".join(dictionary(data_set, slots, rows.count, at))
    yield from _pressed(slots, rows)


def _pressed(slots: Sequence[Slot], rows: GatheredRows) -> Iterator[bytes]:
    """All cases: eight codes, then the elements that they announce, and so on without a break between cases."""
    coders = [_coder(slot) for slot in slots]
    codes, full = bytearray(), bytearray()
    for row in rows:
        for value, coder in zip(row, coders, strict=True):
            code, literal = coder(value)
            codes += code
            full += literal
        if len(codes) >= CHUNK:
            yield _grouped(codes, full)
    codes += bytes(-len(codes) % _GROUP)
    yield _grouped(codes, full)


def _grouped(codes: bytearray, full: bytearray) -> bytes:
    """Take away every whole group of codes with what belongs to it."""
    whole = len(codes) - len(codes) % _GROUP
    out, taken = bytearray(), 0
    for start in range(0, whole, _GROUP):
        group = codes[start : start + _GROUP]
        out += group
        until = taken + group.count(_LITERAL) * ELEMENT
        out += full[taken:until]
        taken = until
    del codes[:whole], full[:taken]
    return bytes(out)


def _coder(slot: Slot) -> Callable[[Value], Coded]:
    if slot.width:
        return lambda value: _text(slot, value)
    missing: dict[Value, Coded] = {each: _number(slot.variable.missing_code(each)) for each in Missing}
    if slot.variable.holds is Holds.CODE:
        known: dict[Value, Coded] = {value: _number(code) for value, code in slot.variable.codes.items()}
        known |= missing
        return lambda value: known.get(value, _NOTHING)
    number = _numbers(slot)
    return lambda value: missing[value] if isinstance(value, Missing) else _number(number(value))


def _numbers(slot: Slot) -> Callable[[Value], float]:
    if slot.variable.holds is Holds.DAY:
        return lambda value: days_since(EPOCH, str(value)) * DAY_SECONDS
    if slot.variable.holds is Holds.MOMENT:
        return lambda value: seconds_since(EPOCH, str(value))
    return lambda value: value if isinstance(value, (int, float)) else SYSTEM_MISSING


def _number(value: float) -> Coded:
    whole = int(value)
    if whole == value and whole in _SMALL:
        return bytes([whole + BIAS]), b""
    return bytes([_LITERAL]), _DOUBLE.pack(value)


def _text(slot: Slot, value: Value) -> Coded:
    """A text, in pieces of 255 bytes where it was declared in several segments."""
    words = missing_text(value) if isinstance(value, Missing) else clipped(str(value), LONGEST_TEXT)
    codes, full = b"", b""
    for number, width in enumerate(slot.segments):
        piece = words[number * WIDEST_SEGMENT : (number + 1) * WIDEST_SEGMENT].rstrip(b" ")
        elements = max(1, -(-width // ELEMENT))
        used = -(-len(piece) // ELEMENT)
        codes += bytes([_LITERAL]) * used + _BLANKS * (elements - used)
        full += piece.ljust(used * ELEMENT)
    return codes, full
