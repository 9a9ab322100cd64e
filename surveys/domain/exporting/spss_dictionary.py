"""The dictionary of an SPSS system file: what stands before the cases; written from the format's published layout.

Layout: the description of system files in the PSPP project's developer guide. All numbers are little-endian.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nextafter
from struct import pack
from sys import float_info

from surveys.domain.exporting.clipping import clipped
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Variable
from surveys.domain.exporting.gathered_rows import GatheredRows
from surveys.domain.exporting.variable_names import spss_names
from surveys.domain.questions import Measure

ELEMENT = 8
"""Bytes: a number, or a piece of a text."""
SHORT_TEXT = 8
WIDEST_SEGMENT = 255
SEGMENT_STEP = 252
SEGMENT_ELEMENTS = 32
LONGEST_TEXT = 32_767
LONGEST_LABEL = 255
LONGEST_VALUE_LABEL = 120
BIAS = 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SYSTEM_MISSING = -float_info.max
_TEXT, _NUMBER, _DATETIME, _SDATE = 1, 5, 22, 39
_MEASURES = {Measure.NOMINAL: 1, Measure.ORDINAL: 2, Measure.SCALE: 3, Measure.TEXT: 1, Measure.DATE: 3}


@dataclass(frozen=True, slots=True)
class Slot:
    """A variable in the file: its two names, the bytes of its text (0: a number), and its first element from 1."""

    variable: Variable
    name: str
    short: str
    width: int
    place: int
    whole: bool

    @property
    def segments(self) -> tuple[int, ...]:
        """The widths a text is declared in: one up to 255 bytes, else pieces of 255 that count for 252."""
        if self.width <= WIDEST_SEGMENT:
            return (self.width,)
        number = -(-self.width // SEGMENT_STEP)
        return (*(WIDEST_SEGMENT for _ in range(number - 1)), self.width - (number - 1) * SEGMENT_STEP)

    @property
    def elements(self) -> int:
        """How many elements a value takes."""
        return sum(max(1, -(-width // ELEMENT)) for width in self.segments)

    @property
    def print_format(self) -> int:
        """How the values are shown: type, width, decimals."""
        if self.width:
            return _TEXT << 16 | min(self.width, WIDEST_SEGMENT) << 8
        if self.variable.holds is Holds.DAY:
            return _SDATE << 16 | 10 << 8
        if self.variable.holds is Holds.MOMENT:
            return _DATETIME << 16 | 20 << 8
        return _NUMBER << 16 | (16 if self.variable.negative else 8) << 8 | (0 if self.whole else 2)


def slots_of(data_set: DataSet, rows: GatheredRows) -> tuple[Slot, ...]:
    """Where each variable stands; a text is as wide as its longest value."""
    names = spss_names(variable.name for variable in data_set.variables)
    slots: list[Slot] = []
    place = 1
    for number, (variable, measured) in enumerate(zip(data_set.variables, rows.measured, strict=True), 1):
        width = min(max(measured.widest, SHORT_TEXT), LONGEST_TEXT) if variable.holds is Holds.TEXT else 0
        slot = Slot(variable, names[variable.name], f"V{number}", width, place, measured.whole)
        slots.append(slot)
        place += slot.elements
    return tuple(slots)


def dictionary(data_set: DataSet, slots: Sequence[Slot], cases: int, at: datetime) -> Iterator[bytes]:
    """Everything before the first case."""
    yield _header(data_set, sum(slot.elements for slot in slots), cases, at)
    for slot in slots:
        yield _variable(slot)
    for slot in slots:
        yield _value_labels(slot)
    yield _extension(3, 4, pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001))
    yield _extension(4, 8, pack("<3d", SYSTEM_MISSING, float_info.max, nextafter(SYSTEM_MISSING, 0)))
    yield _extension(7, 1, _response_sets(data_set, slots))
    yield _extension(11, 4, b"".join(_display(slot) for slot in slots))
    yield _extension(13, 1, "\t".join(f"{slot.short}={slot.name}" for slot in slots).encode())
    long = [f"{slot.short}={slot.width:05}\0\t" for slot in slots if slot.width > WIDEST_SEGMENT]
    yield _extension(14, 1, "".join(long).encode())
    yield _extension(16, 8, pack("<2q", 1, cases))
    yield _extension(20, 1, b"UTF-8")
    yield _extension(22, 1, b"".join(_missing_texts(slot) for slot in slots))
    yield pack("<2i", 999, 0)


def _header(data_set: DataSet, elements: int, cases: int, at: datetime) -> bytes:
    return (
        b"$FL2"
        + b"@(#) SPSS DATA FILE Heedful".ljust(60)
        + pack("<5id", 2, elements, 1, 0, cases, BIAS)
        + f"{at.day:02} {MONTHS[at.month - 1]} {at.year % 100:02}{at:%H:%M:%S}".encode()
        + clipped(data_set.title, 64).ljust(64)
        + bytes(3)
    )


def _variable(slot: Slot) -> bytes:
    """The record of a variable, of what continues it, and of its further segments."""
    label = clipped(slot.variable.label, LONGEST_LABEL)
    missing = _missing_values(slot)
    first, *others = slot.segments
    written = pack("<6i", 2, first, bool(label), len(missing) // ELEMENT, slot.print_format, slot.print_format)
    written += slot.short.encode().ljust(8)
    if label:
        written += pack("<i", len(label)) + label + bytes(-len(label) % 4)
    written += missing + _continued(first)
    for number, width in enumerate(others, 1):
        shown = _TEXT << 16 | width << 8
        name = f"S{slot.place + number * SEGMENT_ELEMENTS}"
        written += pack("<6i", 2, width, 0, 0, shown, shown) + name.encode().ljust(8) + _continued(width)
    return written


def _continued(width: int) -> bytes:
    further = max(0, -(-width // ELEMENT) - 1)
    return (pack("<6i", 2, -1, 0, 0, 0, 0) + b"        ") * further


def missing_text(missing: Missing) -> bytes:
    """How a missing text is written: its number, as in other variables."""
    return str(missing.code).encode().ljust(ELEMENT)


def _missing_values(slot: Slot) -> bytes:
    if slot.width > SHORT_TEXT or not slot.variable.asked:
        return b""
    if slot.width:
        return b"".join(missing_text(each) for each in Missing)
    return b"".join(pack("<d", slot.variable.missing_code(each)) for each in Missing)


def _missing_texts(slot: Slot) -> bytes:
    """The missing values of a text of more than 8 bytes; nothing for other variables."""
    if slot.width <= SHORT_TEXT or not slot.variable.asked:
        return b""
    values = b"".join(missing_text(each) for each in Missing)
    name = slot.name.encode()
    return pack("<i", len(name)) + name + bytes([len(Missing)]) + pack("<i", ELEMENT) + values


def _value_labels(slot: Slot) -> bytes:
    """The labels of a number, those of its missing codes among them."""
    if slot.width or not slot.variable.asked:
        return b""
    labels = list(slot.variable.numbers)
    labels += [(float(slot.variable.missing_code(each)), each.words) for each in Missing]
    written = pack("<2i", 3, len(labels))
    for value, label in labels:
        words = clipped(label, LONGEST_VALUE_LABEL)
        written += pack("<dB", value, len(words)) + words + b" " * (-(len(words) + 1) % ELEMENT)
    return written + pack("<3i", 4, 1, slot.place)


def _extension(kind: int, size: int, content: bytes) -> bytes:
    return pack("<4i", 7, kind, size, len(content) // size) + content if content else b""


def _response_sets(data_set: DataSet, slots: Iterable[Slot]) -> bytes:
    """Multiple-dichotomy sets in which 1 is counted."""
    shorts = {slot.variable.name: slot.short.lower() for slot in slots}
    names = spss_names(each.name for each in data_set.sets)
    lines = []
    for each in data_set.sets:
        label = clipped(each.label, LONGEST_LABEL)
        members = " ".join(shorts[name] for name in each.names).encode()
        lines.append(f"${names[each.name]}=D1 1 {len(label)} ".encode() + label + b" " + members + b"\n")
    return b"".join(lines)


def _display(slot: Slot) -> bytes:
    """Measure, width in columns and alignment of a variable and of its segments."""
    measure = _MEASURES[slot.variable.measure]
    return b"".join(pack("<3i", measure, min(max(width, 8), 40), 0 if width else 1) for width in slot.segments)
