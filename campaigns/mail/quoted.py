"""Quoted-printable in pieces: what never changes is encoded once, what does where it stands (RFC 2045 6.7)."""

import re
from binascii import b2a_qp

SOFT = "=\r\n"
_LINE_END = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(r"(?!\.|From )[ -<>-~]{1,75}").fullmatch
_LONGER = re.compile(r"(?!\.|From )[ -<>-~]{76,150}").fullmatch
_WIDTH = 75
_COVERED = (".", "From ")
_EXPOSED = re.compile(r"^(?:\.|From )", re.MULTILINE)
_LONGEST = 76
_OVERLONG = re.compile(r"^(.{73,})(=[0-9A-F]{2})(?=\r$)", re.MULTILINE)


def piece(text: str) -> str:
    """Encode a stretch of a text that begins at the start of a line, and leave the next one there as well.

    Joined pieces decode to the joined texts. A stretch that does not end a line ends in a soft break. No line passes
    76 characters, and none begins with a dot or with "From ", which relays are known to change.
    """
    if _PLAIN(text):
        return text + SOFT
    if not text:
        return ""
    return _unbroken(text) or _lines(text)


def _unbroken(text: str) -> str:
    """Encode what fits into a line or two, as most of what is filled in does; nothing if it does not."""
    if _LONGER(text):
        begun, rest = text[:_WIDTH], text[_WIDTH:]
        return "" if rest.startswith(_COVERED) else f"{begun}{SOFT}{rest}{SOFT}"
    if len(text) > _WIDTH or "\n" in text or "\r" in text:
        return ""
    encoded = b2a_qp(text.encode("utf-8", "replace")).decode("ascii")
    return "" if len(encoded) > _WIDTH or "\n" in encoded or encoded.startswith(_COVERED) else encoded + SOFT


def _lines(text: str) -> str:
    lines = _LINE_END.sub("\r\n", text)
    if lines.endswith("\r\n"):
        return _unexposed(_encoded(lines))
    # with a line's end b2a_qp breaks lines by CRLF, without one by a bare line feed
    return _unexposed(_encoded(lines + "\r\n")[:-2] + SOFT)


def ended(pieces: str) -> str:
    """End the last line of joined pieces, as every part of a mail ends in a whole line."""
    return pieces + "\r\n" if not pieces or pieces.endswith(SOFT) else pieces


def whole(text: str) -> bytes:
    """Encode a text at once; line ends become CRLF, and the last line has one."""
    lines = _LINE_END.sub("\r\n", text)
    return _encoded(lines if lines.endswith("\r\n") else lines + "\r\n").encode("ascii")


def _encoded(lines: str) -> str:
    encoded = b2a_qp(lines.encode("utf-8", "replace"), istext=True).decode("ascii")
    # b2a_qp does not count what a blank at the end of a line grows by
    return _OVERLONG.sub(rf"\1{SOFT}\2", encoded) if max(map(len, encoded.split("\r\n"))) > _LONGEST - 1 else encoded


def _unexposed(encoded: str) -> str:
    if not _EXPOSED.search(encoded):
        return encoded
    return "\r\n".join(map(_covered, encoded.split("\r\n")))


def _covered(line: str) -> str:
    if not line.startswith(_COVERED):
        return line
    coded, rest = f"={ord(line[0]):02X}", line[1:]
    return coded + rest if len(line) + 2 <= _LONGEST else f"{coded}{SOFT}{_covered(rest)}"
