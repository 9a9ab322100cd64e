"""Whether the bytes of a file that somebody adds are what they pretend to be, from the first to the last."""

import re
from collections.abc import Callable, Mapping

from surveys.domain.packed_contents import PACKED, is_packed
from surveys.domain.picture_contents import is_gif, is_jpeg, is_png

LOOKED_AT = 1024
"""Bytes at the beginning in which no page and no script may stand, and at the end of a PDF for its last mark."""
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|object|embed|meta)\b|<\?php", re.IGNORECASE)
_ACTS = re.compile(rb"/(?:JavaScript|Launch)\b")
_TAG = re.compile(rb"ID3.{3}([\x00-\x7f]{4})", re.DOTALL)
_FRAME = re.compile(rb"\0*\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]", re.DOTALL)
"""MPEG audio, layer III, with a bit rate (ISO 11172-3, 2.4.1.3)."""


def is_whole(kind: str, content: bytes) -> bool:
    """Whether a file is of that type in its structure, and no page or script for a browser besides."""
    if _PAGE.search(content[:LOOKED_AT]):
        return False
    return is_packed(kind, content) if kind in PACKED else _JUDGES[kind](content)


def _is_pdf(content: bytes) -> bool:
    """A beginning, objects and an end; scripts and programs to start are refused as far as they stand in the open."""
    ended = b"%%EOF" in content[-LOOKED_AT:] and b"startxref" in content
    return content.startswith(b"%PDF-") and ended and not _ACTS.search(content)


def _is_wav(content: bytes) -> bool:
    """RIFF of the length that it tells, with a format."""
    told = int.from_bytes(content[4:8], "little") + 8
    return content.startswith(b"RIFF") and content[8:16] == b"WAVEfmt " and told in {len(content), len(content) - 1}


def _is_flac(content: bytes) -> bool:
    """The first block tells of the stream (RFC 9639, 8.2)."""
    return content.startswith((b"fLaC\0\0\0\x22", b"fLaC\x80\0\0\x22"))


def _is_mp3(content: bytes) -> bool:
    """A frame of layer III stands where a tag says that it ends, or at the beginning."""
    tag = _TAG.match(content)
    place = tag.end() + sum(byte << shift for byte, shift in zip(tag[1], (21, 14, 7, 0), strict=True)) if tag else 0
    return _FRAME.match(content, place) is not None


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters."""
    try:
        words = content.decode()
    except UnicodeDecodeError:
        return False
    return not any(char < " " and char not in "\t\n\r\f" for char in words)


_JUDGES: Mapping[str, Callable[[bytes], bool]] = {
    "pdf": _is_pdf,
    "png": is_png,
    "jpeg": is_jpeg,
    "gif": is_gif,
    "mp3": _is_mp3,
    "wav": _is_wav,
    "flac": _is_flac,
    "text": _is_text,
}
TYPES = frozenset({*_JUDGES, *PACKED})
