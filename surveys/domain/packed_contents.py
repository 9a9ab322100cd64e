"""Packed files that people add: a directory is read, nothing is unpacked but a list of types, and no macro passes."""

import io
import zipfile
import zlib
from collections.abc import Mapping

MOST_PARTS = 2000
LARGEST_UNPACKED = 250_000_000
"""Bytes; what would grow larger is made to harm."""
LARGEST_LIST = 1_000_000
_TYPES = "[Content_Types].xml"
_MICROSOFT = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
_OPEN = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
PACKED = frozenset({"zip", *_MICROSOFT, *_OPEN})
_MACROS = ("vbaproject.bin", "vbadata.xml", ".bas", "script-lb.xml", "script-lc.xml")
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError)
"""What a zip file that somebody has cut or bent may raise."""


def is_packed(kind: str, content: bytes) -> bool:
    """Whether these bytes are a zip file, or an office document of that kind, without macros and within bounds."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _is_harmless(packed.infolist()) and _is_of(kind, packed)
    except BROKEN:
        return False


def _is_harmless(parts: list[zipfile.ZipInfo]) -> bool:
    if not 0 < len(parts) <= MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return False
    names = [part.filename.replace("\\", "/") for part in parts]
    outside = any(name.startswith("/") or ":" in name[:2] or ".." in name.split("/") for name in names)
    locked = any(part.flag_bits & 1 for part in parts)
    return not outside and not locked and not any(name.lower().endswith(_MACROS) for name in names)


def _is_of(kind: str, packed: zipfile.ZipFile) -> bool:
    if kind in _MICROSOFT:
        told = _part(packed, _TYPES)
        return _MICROSOFT[kind] in told and b"macroEnabled" not in told
    return kind == "zip" or _part(packed, "mimetype").strip() == _OPEN[kind]


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part; nothing where it is not there."""
    found: Mapping[str, zipfile.ZipInfo] = packed.NameToInfo
    if name not in found:
        return b""
    with packed.open(name) as part:
        return part.read(LARGEST_LIST)
