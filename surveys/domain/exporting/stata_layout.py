"""How a Stata file (.dta, release 118) is laid out around its data; written from the format's published layout.

Layout: `help dta` of Stata 14 to 18. All numbers are little-endian.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import pack

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.exporting.clipping import clipped
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Variable
from surveys.domain.exporting.gathered_rows import GatheredRows, Measured
from surveys.domain.exporting.spss_dictionary import MONTHS
from surveys.domain.exporting.variable_names import stata_names

MOST_VARIABLES = 32_767
WIDEST_FIXED = 244
"""Bytes of a text in its row; texts of variables that need more stand apart, after all rows."""
LONGEST_LABEL = 80
DOUBLE_TYPE, LONG_TYPE, APART_TYPE = 65526, 65528, 32768
LONG_MISSING = 2_147_483_621
DOUBLE_MISSING = 2.0**1023
_APART_HEAD = len(b"GSO") + 4 + 8 + 1 + 4
_PLACES = 14


@dataclass(frozen=True, slots=True)
class StataSlot:
    """A variable in the file: its name there, its type, the bytes it takes in a row, and its number from 1."""

    variable: Variable
    name: str
    kind: int
    width: int
    number: int
    measured: Measured

    @property
    def apart(self) -> bool:
        """Whether its texts stand after all rows."""
        return self.kind == APART_TYPE

    @property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return self.variable.holds is Holds.TEXT

    @property
    def shown(self) -> str:
        """Stata's display format."""
        if self.is_text:
            return f"%-{min(self.width, 40)}s" if not self.apart else "%-40s"
        if self.variable.holds is Holds.DAY:
            return "%td"
        return "%tc" if self.variable.holds is Holds.MOMENT else "%10.0g"


def stata_slots(data_set: DataSet, rows: GatheredRows) -> tuple[StataSlot, ...]:
    """Where each variable stands.

    Raises:
        BadInput: there are more than a file can hold.
    """
    if len(data_set.variables) > MOST_VARIABLES:
        message = _("A Stata file holds at most {most} variables.").format(most=MOST_VARIABLES)
        raise BadInput(message, remedy=_("Choose another format."))
    names = stata_names(variable.name for variable in data_set.variables)
    slots = []
    for number, (variable, measured) in enumerate(zip(data_set.variables, rows.measured, strict=True), 1):
        kind, width = _type_of(variable, measured)
        slots.append(StataSlot(variable, names[variable.name], kind, width, number, measured))
    return tuple(slots)


def _type_of(variable: Variable, measured: Measured) -> tuple[int, int]:
    if variable.holds is Holds.TEXT:
        width = max(1, measured.widest)
        return (width, width) if width <= WIDEST_FIXED else (APART_TYPE, 8)
    if variable.holds in {Holds.CODE, Holds.DAY} or (variable.labels and measured.whole):
        return LONG_TYPE, 4
    return DOUBLE_TYPE, 8


def head(data_set: DataSet, slots: Sequence[StataSlot], count: int, at: datetime) -> bytes:
    """Everything before the first row."""
    parts = _parts(data_set, slots, count, at)
    places = list(_places(parts, slots, count, len(value_labels(slots))))
    return b"".join((parts[0], _tagged("map", pack(f"<{_PLACES}Q", *places)), *parts[1:], b"<data>"))


def _parts(data_set: DataSet, slots: Sequence[StataSlot], count: int, at: datetime) -> list[bytes]:
    """The pieces of the head in order, without the map, which comes after the first."""
    labelled = (_fixed(slot.name if labels_of(slot) else "", 129) for slot in slots)
    return [
        b"<stata_dta>" + _header(data_set, slots, count, at),
        _tagged("variable_types", b"".join(pack("<H", slot.kind) for slot in slots)),
        _tagged("varnames", b"".join(_fixed(slot.name, 129) for slot in slots)),
        _tagged("sortlist", bytes(2 * (len(slots) + 1))),
        _tagged("formats", b"".join(_fixed(slot.shown, 57) for slot in slots)),
        _tagged("value_label_names", b"".join(labelled)),
        _tagged("variable_labels", b"".join(_fixed(slot.variable.label[:LONGEST_LABEL], 321) for slot in slots)),
        _tagged("characteristics", b""),
    ]


def _header(data_set: DataSet, slots: Sequence[StataSlot], count: int, at: datetime) -> bytes:
    title = data_set.title[:LONGEST_LABEL].encode()
    when = f"{at.day:02} {MONTHS[at.month - 1]} {at.year} {at:%H:%M}".encode()
    inner = _tagged("release", b"118") + _tagged("byteorder", b"LSF")
    inner += _tagged("K", pack("<H", len(slots))) + _tagged("N", pack("<Q", count))
    inner += _tagged("label", pack("<H", len(title)) + title)
    inner += _tagged("timestamp", bytes([len(when)]) + when)
    return _tagged("header", inner)


def _places(parts: Sequence[bytes], slots: Sequence[StataSlot], count: int, labels: int) -> Iterator[int]:
    """Where each part of the file begins: known before any row is written, since all rows were measured."""
    place = 0
    yield place
    place += len(parts[0])
    yield place
    place += len(_tagged("map", bytes(8 * _PLACES)))
    for part in parts[1:]:
        yield place
        place += len(part)
    yield place
    place += len(b"<data></data>") + count * sum(slot.width for slot in slots)
    yield place
    place += len(b"<strls></strls>") + sum(_bytes_apart(slot) for slot in slots if slot.apart)
    yield place
    place += labels
    yield place
    yield place + len(b"</stata_dta>")


def _bytes_apart(slot: StataSlot) -> int:
    return slot.measured.texts * (_APART_HEAD + 1) + slot.measured.total


def text_apart(slot: StataSlot, row: int, words: bytes) -> bytes:
    """A text that stands after all rows."""
    return b"GSO" + pack("<IQBI", slot.number, row, 130, len(words) + 1) + words + b"\0"


def pointer(slot: StataSlot, row: int) -> bytes:
    """What stands in the row for a text apart: the variable's number in 2 bytes, the row's in 6."""
    return pack("<H", slot.number) + pack("<Q", row)[:6]


def labels_of(slot: StataSlot) -> list[tuple[int, str]]:
    """What the whole numbers of a variable mean, its missing ones among them; none where no value has a label."""
    labels = [(int(number), label) for number, label in slot.variable.numbers if number == int(number)]
    if not labels:
        return []
    return [*labels, *((long_missing(each), each.words) for each in Missing)]


def long_missing(missing: Missing) -> int:
    """The whole number that stands for .a, .b or .c."""
    return LONG_MISSING + 1 + "abc".index(missing.letter)


def double_missing(missing: Missing) -> bytes:
    """The double that stands for .a, .b or .c."""
    return bytes((0, 0, 0, 0, 0, 1 + "abc".index(missing.letter), 0xE0, 0x7F))


def value_labels(slots: Sequence[StataSlot]) -> bytes:
    """A table of labels for each variable that has some, named like it."""
    return _tagged("value_labels", b"".join(_label_table(slot.name, labels_of(slot)) for slot in slots))


def _label_table(name: str, labels: Sequence[tuple[int, str]]) -> bytes:
    if not labels:
        return b""
    texts = [clipped(label, 32_000) + b"\0" for _value, label in labels]
    starts = [sum(map(len, texts[:place])) for place in range(len(texts))]
    number = len(labels)
    table = pack("<2i", number, sum(map(len, texts))) + pack(f"<{number}i", *starts)
    table += pack(f"<{number}i", *(value for value, _label in labels)) + b"".join(texts)
    return _tagged("lbl", pack("<i", len(table)) + _fixed(name, 129) + bytes(3) + table)


def _fixed(text: str, size: int) -> bytes:
    return clipped(text, size - 1).ljust(size, b"\0")


def _tagged(tag: str, content: bytes) -> bytes:
    return f"<{tag}>".encode() + content + f"</{tag}>".encode()
