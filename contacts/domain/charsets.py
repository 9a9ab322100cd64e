"""Finds out in which encoding a table was saved, for the import; says so plainly where no honest guess is possible."""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import IO, AnyStr

from core.errors import BadInput

CHUNK = 256 * 1024
LONGEST_LINE = 1024 * 1024
_LINES_WEIGHED = 20_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a spreadsheet or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
_AS_CSV = "Open it in the program that made it and save it as “CSV UTF-8”."
_NAME_IT = "Name it with --encoding, for example --encoding windows-1251, or save the file as UTF-8."
_FULL_WIDTH = "[\u3041-\u30ff\u3400-\u9fff]"
_JAPANESE = re.compile(f"{_FULL_WIDTH}{{2,}}")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_LONG_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def known_encoding(name: str, stream: IO[bytes]) -> str:
    """Give Python's name of an encoding that somebody named; a mark in the file says which UTF-16 is meant.

    Raises:
        BadInput: there is no such encoding of text.
    """
    try:
        known = codecs.lookup(name).name
        "a".encode(known)
        b"\xe9\xff".decode(known, errors="replace")  # punycode and its like cannot pass over a wrong byte
    except (LookupError, ValueError, TypeError):
        raise BadInput(
            f"There is no encoding “{name}”.", field="encoding", remedy="Try utf-8, windows-1252 or shift-jis."
        ) from None
    if known in {"utf-16", "utf-32"}:
        stream.seek(0)
        return _marked(stream.read(4)) or f"{known}-le"
    return "utf-8" if known == "utf-8-sig" else known


def _marked(start: bytes) -> str | None:
    return next((name for mark, name in _BOMS if start.startswith(mark)), None)


def detect_encoding(stream: IO[bytes]) -> str:
    """Read a whole seekable file once, in constant memory, and give the name of its encoding.

    A byte order mark decides; then UTF-16 shows by its zero bytes; then UTF-8 wins if most lines with a letter
    beyond ASCII are valid in it; then Shift-JIS (CP932) and Windows-1252 are weighed against each other.

    Raises:
        BadInput: the file is empty, is no text, or is text in an encoding that cannot be told.
    """
    stream.seek(0)
    start = stream.read(CHUNK)
    if not start.strip():
        raise BadInput("The file is empty.", remedy="Choose a file with one person a line.")
    marked = _marked(start) or _unmarked_utf16(start)
    if marked:
        return marked
    _refuse_what_is_no_text(start)
    return "utf-8" if _is_utf8(stream) else _legacy(stream)


def pieces(chunks: Iterable[AnyStr], newline: AnyStr) -> Iterator[AnyStr]:
    """Cut chunks into lines, each with its line break; of a line over ``LONGEST_LINE`` only the beginning is kept.

    The beginning kept is longer than ``LONGEST_LINE``, so that the caller can tell.
    """
    rest = newline[:0]
    skipping = False
    for chunk in chunks:
        first, *others = (rest + chunk).split(newline)
        lines = [first, *others]
        rest = lines.pop()
        for line in lines:
            if not skipping:
                yield line + newline
            skipping = False
        if skipping:
            rest = newline[:0]
        elif len(rest) > LONGEST_LINE:
            yield rest
            rest, skipping = newline[:0], True
    if rest:
        yield rest


def byte_chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Read a file from its beginning in equal chunks."""
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        yield chunk


def _refuse_what_is_no_text(start: bytes) -> None:
    for magic, kind in _NOT_TEXT:
        if start.startswith(magic):
            raise BadInput(f"This is {kind}, not a table of text.", remedy=_AS_CSV)
    if len(start.translate(None, _CONTROLS)) < 0.95 * len(start):
        raise BadInput("This file is not a table of text.", remedy=_AS_CSV)


def _unmarked_utf16(start: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zero bytes beside its commas, line breaks and ASCII letters."""
    sample = start[: len(start) // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.1 * half and others < 0.01 * half:
            return name
    return None


def _is_utf8(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in byte_chunks(stream):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        valid = [_decodes(line, "utf-8") for line in _telling_lines(stream)]
        return valid.count(True) >= valid.count(False)
    return True


def _telling_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Give the first lines that have bytes beyond ASCII."""
    telling = (line for line in pieces(byte_chunks(stream), b"\n") if not line.isascii())
    for _, line in zip(range(_LINES_WEIGHED), telling, strict=False):
        yield line


def _legacy(stream: IO[bytes]) -> str:
    lines = list(_telling_lines(stream))
    if _is_japanese(lines):
        return "cp932"
    high = sum(len(_HIGH.findall(line)) for line in lines)
    if sum(len(run) for line in lines for run in _LONG_HIGH_RUN.findall(line)) > high / 2:
        raise BadInput("The encoding of this file cannot be told for sure.", field="encoding", remedy=_NAME_IT)
    return "cp1252"


def _is_japanese(lines: list[bytes]) -> bool:
    """Weigh whether the bytes make runs of kana and kanji in CP932, where Western letters make lonely ones."""
    texts = [line.decode("cp932") for line in lines if _decodes(line, "cp932")]
    if len(texts) < 0.9 * len(lines):
        return False
    runs = sum(len(run) for text in texts for run in _JAPANESE.findall(text))
    half_width = sum(len(_HALF_WIDTH.findall(text)) for text in texts)
    others = sum(not letter.isascii() for text in texts for letter in text) - runs - half_width
    if half_width > runs and all(_decodes(line, "euc_jp") for line in lines):
        return False
    return runs + half_width > others and (runs > 0 or _has_long_kana(texts))


def _has_long_kana(texts: list[str]) -> bool:
    return any(re.search("[\uff61-\uff9f]{3,}", text) for text in texts)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
