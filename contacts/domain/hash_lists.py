"""Hash lists: a file of hashed addresses, one person a line, read whatever stands around the hashes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from contacts.domain.charsets import detect_encoding
from contacts.domain.foreign_hashes import ForeignHash, read_digest
from contacts.domain.rows import Rejection
from core.errors import BadInput

_TOKEN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])")
_LOOKED_AT = 20
_LONGEST_LINE = 10_000


@dataclass(frozen=True)
class HashLine:
    """One line of the file, with its hashes or what is wrong; `read` is how far the file was read, in bytes."""

    number: int
    hashes: tuple[ForeignHash, ...]
    rejection: Rejection | None
    read: int


def looks_hashed(stream: IO[bytes]) -> bool:
    """Whether a file holds hashes and no addresses, by its first lines; it is left at its beginning."""
    try:
        lines = [text for _, text, _ in islice(_lines(stream), _LOOKED_AT)] if stream.seekable() else []
    except BadInput:
        lines = []  # what cannot be read at all is told by whoever reads it as a table
    stream.seek(0)
    telling = [text for text in lines if not _is_comment(text)]
    hashed = [text for text in telling if _TOKEN.search(text)]
    return bool(hashed) and len(hashed) >= len(telling) - 1 and not any("@" in text for text in telling)


def read_hash_list(stream: IO[bytes], partner: str = "") -> Iterator[HashLine]:
    """Read a file line by line; lines that begin with # and a first line without a hash say nothing of anybody."""
    first = True
    for number, text, read in _lines(stream):
        if _is_comment(text):
            continue
        found, rejection = _read(text, partner, number)
        if found or not first or _TOKEN.search(text):
            yield HashLine(number, found, rejection, read)
        first = False


def _read(text: str, partner: str, number: int) -> tuple[tuple[ForeignHash, ...], Rejection | None]:
    try:
        found = tuple(read_digest(token, partner) for token in _TOKEN.findall(text))
    except BadInput as fault:
        return (), Rejection(number, "", fault.message, fault.remedy or "")
    if found:
        return found, None
    return (), Rejection(number, "", "has no hash in it", "Write MD5, SHA-1 or SHA-256 in hexadecimal.")


def _is_comment(text: str) -> bool:
    return not text.strip() or text.lstrip("\ufeff").startswith("#")


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, str, int]]:
    """Each line's number, its text, and how far the file was read with it, in bytes."""
    encoding = detect_encoding(stream)
    stream.seek(0)
    if encoding.startswith("utf-16"):
        text = stream.read().decode(encoding, "replace")
        yield from ((number, line, stream.tell()) for number, line in enumerate(text.splitlines(), 1))
        return
    number = 0
    while piece := stream.readline(_LONGEST_LINE):
        number += 1
        yield number, piece.decode("ascii", "replace").rstrip("\r\n"), stream.tell()
