"""The smallest files of each type that a person could add, made here."""

import io
import zipfile
import zlib

ZIPPED = {
    "zip": {"a.txt": "words"},
    "docx": {"[Content_Types].xml": '<Override ContentType="a.wordprocessingml.document.main+xml"/>'},
    "xlsx": {"[Content_Types].xml": '<Override ContentType="a.spreadsheetml.sheet.main+xml"/>'},
    "pptx": {"[Content_Types].xml": '<Override ContentType="a.presentationml.presentation.main+xml"/>'},
    "odt": {"mimetype": "application/vnd.oasis.opendocument.text"},
    "ods": {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
    "odp": {"mimetype": "application/vnd.oasis.opendocument.presentation"},
}
GIF = (
    b"GIF89a\1\0\1\0\x80\0\0"
    + bytes(6)
    + b"\x21\xf9\4\0\0\0\0\0"
    + b"\x2c"
    + bytes(8)
    + b"\x80"
    + bytes(6)
    + b"\2\1\0\0"
)
PLAIN = {
    "pdf": b"%PDF-1.7\n1 0 obj endobj\nstartxref\n9\n%%EOF\n",
    "jpeg": b"\xff\xd8\xff\xe0\0\4JF\xff\xff\xd0\xff\xda\0\2\1\2\xff\xd9",
    "gif": GIF + b"\x3b\0",
    "mp3": b"ID3\4\0\0\0\0\0\2ab\0\0\xff\xfb\x90\0",
    "wav": b"RIFF\x0c\0\0\0WAVEfmt \0\0\0\0",
    "flac": b"fLaC\0\0\0\x22" + bytes(34),
    "text": b"words\n",
}


def sound(kind: str) -> bytes:
    """A whole file of that type."""
    if kind == "png":
        parts = [(b"IHDR", bytes(13)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
    return PLAIN[kind] if kind in PLAIN else zipped(ZIPPED[kind])


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def zipped(parts: dict[str, str]) -> bytes:
    """A zip file of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()
