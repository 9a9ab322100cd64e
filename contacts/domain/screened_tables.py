"""Tables of people as they are uploaded, screened for card numbers before they are kept anywhere (P8)."""

import codecs
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from contacts.domain.charsets import detect_encoding
from core.cards import mask_card_numbers
from core.errors import BadInput

_ENOUGH = re.compile(r"\D*+(?:\d\D*+){13}")
_LONGEST = 1_000_000
_CELL = re.compile(r"[^\t,;|\"\r\n]+")


def screened_pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A seekable table's bytes, the same but for the digits of card numbers, in its own encoding.

    Cells are looked at one by one, for two columns of figures side by side are no card; the import then reads each
    cell once more, with its quotation marks understood. What is no text that is known is taken byte by byte.
    """
    yield from _pieces(stream, _encoding(stream))


def _encoding(stream: IO[bytes]) -> str:
    """The one that the whole file can be read in and written again, byte by byte."""
    try:
        name = detect_encoding(stream)
        stream.seek(0)
        for _ in _pieces(stream, name):
            pass
    except (BadInput, UnicodeError):
        name = "latin-1"
    stream.seek(0)
    return name


def _pieces(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    write = codecs.getincrementalencoder(encoding)()
    text = TextIOWrapper(stream, encoding, newline="")
    try:
        while line := text.readline(_LONGEST):
            yield write.encode(_CELL.sub(_masked, line) if _ENOUGH.match(line) else line)
    finally:
        text.detach()


def _masked(cell: re.Match[str]) -> str:
    return mask_card_numbers(cell[0])
