"""Lines of plain text laid out: paragraphs wrapped, lists hung, table rows side by side, for the text part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import east_asian_width

WIDTH = 72
_NARROWEST = 20
_BREAK = "\n"
_CONTAINERS = frozenset(("root", "item", "quote", "cell"))
_LONGEST_KEPT = 2_000
_MOST_FRAMES = 100  # deeper nesting than any mail has: laid out flat


@dataclass(slots=True)
class _Frame:
    """A stretch of lines that is set apart: the page, a list item, a quotation, a table cell."""

    kind: str
    width: int
    numbered: bool = False
    count: int = 0
    lines: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    gap: int = 0  # 1: the next text begins a line; 2: after an empty line


@dataclass(slots=True)
class _Link:
    address: str
    web: bool
    frame: _Frame
    flushed: int
    begins: int


class Page:
    """A text that is written from top to bottom; `finished` gives it whole."""

    def __init__(self, width: int) -> None:
        self._frames = [_Frame("root", width)]
        self._link: _Link | None = None
        self._flushed = 0
        self._too_deep = 0

    def write(self, text: str) -> None:
        """Add running text, blanks already collapsed."""
        self._here().run.append(text)

    def line_break(self) -> None:
        """Go on in the next line of the same paragraph."""
        self._here().run.append(_BREAK)

    def new_line(self) -> None:
        """Begin a new line unless one is just begun."""
        self._flush(1)

    def paragraph(self) -> None:
        """Begin a new paragraph."""
        self._flush(2)

    def rule(self) -> None:
        """Draw a line across."""
        self._flush(2)
        here = self._here()
        _add(here, ["-" * min(here.width, 40)])
        here.gap = 2

    def underline(self, mark: str) -> None:
        """End a heading with a line of marks below it."""
        here = self._here()
        before = len(here.lines)
        self._flush(0)
        if len(here.lines) > before:
            here.lines.append(mark * min(here.width, _columns(here.lines[-1])))

    def begin_link(self, address: str, *, web: bool = True) -> None:
        """Begin the label of a link; an open one ends here, as links never nest."""
        self.end_link()
        here = self._here()
        if address:
            self._link = _Link(address, web, here, self._flushed, len(here.run))

    def end_link(self) -> None:
        """Write the address after the label, or instead of it where both are the same."""
        link, self._link = self._link, None
        if link is None:
            return
        here = self._here()
        whole = here is link.frame and link.flushed == self._flushed
        label = "".join(here.run[link.begins :]).strip() if whole else ""
        if not link.web and link.address in label:
            return
        if link.web and label and _bare(label) == _bare(link.address):
            leading = " " if here.run[link.begins].startswith(" ") else ""
            here.run[link.begins :] = [leading]
        here.run.append(f" <{link.address}>")

    def open(self, kind: str, *, numbered: bool = False) -> None:
        """Set apart what follows; an item, row or cell that is still open beside it ends first."""
        self._close_open_sibling(kind)
        if len(self._frames) >= _MOST_FRAMES:
            self._too_deep += 1
            return
        self._flush(self._gap_around(kind))
        here = self._here()
        self._frames.append(_Frame(kind, max(here.width - _indent(kind), _NARROWEST), numbered))

    def close(self, kind: str) -> None:
        """End the nearest stretch of that kind, and those inside it; without one nothing happens."""
        if self._too_deep:
            self._too_deep -= 1
            return
        if self._inside(kind):
            while self._close_last() != kind:
                pass
            self._flush(self._gap_around(kind))

    def finished(self) -> str:
        """End everything that is open and give the text; one line feed ends it, and none an empty one."""
        while len(self._frames) > 1:
            self._close_last()
        self.end_link()
        self._flush(0)
        text = "\n".join(self._frames[0].lines).replace("\u00a0", " ")
        return re.sub(r" +$", "", text, flags=re.MULTILINE).strip("\n") + "\n" if text.strip() else ""

    def _here(self) -> _Frame:
        for frame in reversed(self._frames):
            if frame.kind in _CONTAINERS:
                return frame
        return self._frames[0]

    def _inside(self, kind: str) -> bool:
        """Tell whether such a stretch is open; a table hides those around it, and so does a list for items."""
        for frame in reversed(self._frames):
            if frame.kind == kind:
                return True
            if frame.kind == "table" or (frame.kind == "list" and kind == "item"):
                return False
        return False

    def _gap_around(self, kind: str) -> int:
        return 1 if kind in {"item", "row", "cell"} or (kind == "list" and self._inside("item")) else 2

    def _close_open_sibling(self, kind: str) -> None:
        if kind in {"item", "row", "cell"} and self._inside(kind):
            self.close(kind)
        elif kind == "row" and self._inside("cell"):
            self.close("cell")

    def _flush(self, gap: int) -> None:
        here = self._here()
        if here.run:
            _add(here, _laid("".join(here.run), here.width))
            here.run.clear()
            self._flushed += 1
        here.gap = max(here.gap, gap)

    def _close_last(self) -> str:
        last = self._frames[-1]
        if self._link and self._link.frame is last:
            self.end_link()
        self._flush(0)
        self._frames.pop()
        if last.kind == "cell" and self._frames[-1].kind == "row":
            self._frames[-1].cells.append(last.lines)
        elif last.kind == "row":
            self._add_row(last)
        elif last.kind in _CONTAINERS:
            _add(self._here(), self._prefixed(last))
        return last.kind

    def _add_row(self, row: _Frame) -> None:
        cells = [cell for cell in row.cells if cell]
        beside = "  ".join(cell[0] for cell in cells if len(cell) == 1)
        here = self._here()
        if all(len(cell) == 1 for cell in cells) and _columns(beside) <= here.width:
            _add(here, [beside] if beside else [])
            here.gap = max(here.gap, 1)
            return
        for cell in cells:
            here.gap = max(here.gap, 2 if len(cell) > 1 else 1)
            _add(here, cell)
            here.gap = 2 if len(cell) > 1 else 1

    def _prefixed(self, frame: _Frame) -> list[str]:
        if frame.kind == "quote" and frame.width > _NARROWEST:
            return [f"> {line}".rstrip() for line in frame.lines]
        if frame.kind != "item" or not frame.lines:
            return frame.lines
        of = self._frames[-1] if self._frames[-1].kind == "list" else None
        if of:
            of.count += 1
        marker = f"{of.count}. " if of and of.numbered else "- "
        hanging = " " * len(marker)
        return [(hanging if number else marker) + line if line else "" for number, line in enumerate(frame.lines)]


def _add(frame: _Frame, lines: Sequence[str]) -> None:
    if not lines:
        return
    if frame.gap > 1 and frame.lines and frame.lines[-1]:
        frame.lines.append("")
    frame.lines += lines
    frame.gap = 0


def _indent(kind: str) -> int:
    return {"item": 3, "quote": 2}.get(kind, 0)


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.strip().lower()).rstrip("/")


def _columns(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _laid(text: str, width: int) -> Sequence[str]:
    return _kept(text, width) if len(text) <= _LONGEST_KEPT else _wrapped(text, width)


@lru_cache(maxsize=1024)
def _kept(text: str, width: int) -> Sequence[str]:
    """Wrap a paragraph once for the many messages that have it."""
    return tuple(_wrapped(text, width))


def _wrapped(text: str, width: int) -> list[str]:
    lines = [_filled(line, width) for line in text.split(_BREAK)]
    while lines and lines[0] == [""]:
        lines.pop(0)
    while lines and lines[-1] == [""]:
        lines.pop()
    return [part for line in lines for part in line]


def _filled(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        if not word:
            continue
        for part in _broken(word, width):
            needed = _columns(part)
            if line and used + 1 + needed > width:
                lines.append(line)
                line, used = part, needed
            else:
                line, used = (f"{line} {part}", used + 1 + needed) if line else (part, needed)
    return [*lines, line]


def _broken(word: str, width: int) -> list[str]:
    """Break a word of a script that is written without blanks; others, addresses too, stay whole."""
    if word.isascii() or _columns(word) <= width or "://" in word:
        return [word]
    half = width // 2
    wide = sum(east_asian_width(letter) in "WF" for letter in word) * 2 > len(word)
    return [word[start : start + half] for start in range(0, len(word), half)] if wide else [word]
