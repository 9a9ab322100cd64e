"""What a mail server says, read from bytes that may be cut anywhere (RFC 5321 4.2)."""

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST_LINE = 4096  # RFC 5321 4.5.3.1.5 asks for 512
MOST_LINES = 100
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])([^\r]*))?\r?")


class Said(NamedTuple):
    """One whole reply; the lines of a long one are joined with blanks."""

    code: int
    text: str


class ReplyReader:
    """Reads replies out of the stream; `garbled` says why no more can be read, "" while all is well."""

    def __init__(self) -> None:
        self.garbled = ""
        self._rest = b""
        self._lines: list[Said] = []

    @property
    def is_midway(self) -> bool:
        """Whether a reply has begun and not ended."""
        return bool(self._rest or self._lines)

    def read(self, data: bytes) -> list[Said]:
        """Read on; the replies that are whole now."""
        whole: list[Said] = []
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self.garbled:
                return whole
            read = _read_line(line)
            if read is not None and not read[1] and not self._lines:
                whole.append(read[0])  # a reply of one line, as nearly all are
            elif (said := self._line(read)) is not None:
                whole.append(said)
        if len(self._rest) > LONGEST_LINE:
            self.garbled = "The mail server said a line without an end."
        return whole

    def _line(self, read: tuple[Said, bool] | None) -> Said | None:
        """Take in a line of a longer reply; the reply, if it ends here."""
        if read is None:
            self.garbled = "The mail server said something that is no reply."
            return None
        said, goes_on = read
        if self._lines and said.code != self._lines[0].code:
            self.garbled = "The mail server began one reply and ended another."
            return None
        self._lines.append(said)
        if len(self._lines) > MOST_LINES:
            self.garbled = "The mail server said a reply without an end."
        if goes_on or self.garbled:
            return None
        text = " ".join(each.text for each in self._lines).strip()
        self._lines = []
        return Said(said.code, text)


@lru_cache(maxsize=256)  # a server says the same few lines all day
def _read_line(line: bytes) -> tuple[Said, bool] | None:
    """What one line says, and whether more of the reply follows; None: it is no line of a reply."""
    match = _LINE.fullmatch(line)
    if match is None or len(line) > LONGEST_LINE:
        return None
    number, mark, text = match.groups()
    return Said(int(number), text.decode("utf-8", "replace").strip() if text else ""), mark == b"-"
