"""Pictures that people add, judged by their whole structure: nothing is decoded, and nothing may follow the end."""

import re
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_FILL, _SCAN, _END = b"\xff", b"\xda", b"\xff\xd9"
_ALONE = b"\x01\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8"
"""Markers of JPEG without a length (ITU T.81, table B.1)."""
_GIF = re.compile(rb"GIF8[79]a.{4}(.)..", re.DOTALL)
_TRAILER, _EXTENSION, _IMAGE = b"\x3b", b"\x21", b"\x2c"


def is_png(content: bytes) -> bool:
    """Chunks from IHDR to IEND with right checksums, and nothing behind (PNG, 5.3)."""
    place, name = len(_PNG), b""
    if not content.startswith(_PNG) or content[12:16] != b"IHDR":
        return False
    while name != b"IEND" and place + 12 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        name, checked = content[place + 4 : place + 8], content[place + 4 : end - 4]
        if end > len(content) or zlib.crc32(checked) != int.from_bytes(content[end - 4 : end], "big"):
            return False
        place = end
    return name == b"IEND" and place == len(content)


def is_jpeg(content: bytes) -> bool:
    """Segments up to the first scan, each as long as it says, and an end behind it (ITU T.81, B.1.1)."""
    place = 2
    if not content.startswith(b"\xff\xd8\xff"):
        return False
    while place + 4 <= len(content) and content[place : place + 1] == _FILL:
        marker = content[place + 1 : place + 2]
        if marker == _SCAN:
            return content.rfind(_END) > place
        if marker == _FILL:
            place += 1
        else:
            place += 2 if marker in _ALONE else 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return False


def is_gif(content: bytes) -> bool:
    """Blocks from the screen to the trailer, and nothing but zeros behind (GIF89a, appendix B)."""
    screen = _GIF.match(content)
    place = screen.end() + _colours(screen[1]) if screen else len(content)
    while place < len(content):
        block = content[place : place + 1]
        if block == _TRAILER:
            return not content[place + 1 :].strip(b"\0")
        if block == _EXTENSION:
            place = _behind(content, place + 2)
        elif block == _IMAGE:
            place = _behind(content, place + 11 + _colours(content[place + 9 : place + 10]))
        else:
            return False
    return False


def _colours(told: bytes) -> int:
    """The bytes of a table of colours, if these flags say that there is one."""
    flags = int.from_bytes(told, "big")
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind(content: bytes, place: int) -> int:
    """The place behind blocks of data, which an empty one ends."""
    while place < len(content) and content[place]:
        place += 1 + content[place]
    return place + 1
