"""What a reader sees of an HTML mail: its words, its links and its pictures; for the checks."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_BLOCKED = frozenset({"embed", "form", "iframe", "object", "script"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)


@dataclass
class Anchor:
    """A link, and what can be seen and clicked of it."""

    href: str
    label: str = ""


@dataclass
class Seen:
    """What there is to see."""

    anchors: list[Anchor] = field(default_factory=list)
    words: str = ""
    pictures_without_words: int = 0
    blocked: set[str] = field(default_factory=set)
    """Elements that mail programs drop, or for which they hold a mail to be dangerous."""


def read_html(html: str) -> Seen:
    """Read what is visible; comments, hidden parts and the head are left out, links in hidden parts have no label."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.seen.words = " ".join(reader.seen.words.split())
    return reader.seen


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self._open: list[tuple[str, bool]] = []
        self._anchor: Anchor | None = None

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        hides = tag in _UNSEEN or "hidden" in given or bool(_HIDING.search(given.get("style") or ""))
        if tag not in _VOID:
            self._open.append((tag, self._hidden or hides))
        if tag in _BLOCKED:
            self.seen.blocked.add(tag)
        if tag == "a" and "href" in given:
            self._anchor = Anchor(given["href"] or "")
            self.seen.anchors.append(self._anchor)
        elif tag == "area" and "href" in given:
            self.seen.anchors.append(Anchor(given["href"] or "", given.get("alt") or ""))
        elif tag == "img":
            self._see_picture(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._anchor = None
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        self._see(data)

    def _see_picture(self, given: dict[str, Any]) -> None:
        if "alt" not in given:
            self.seen.pictures_without_words += 1
        self._see(f" {given.get('alt') or ''} ")

    def _see(self, words: str) -> None:
        if self._hidden:
            return
        self.seen.words += words
        if self._anchor is not None:
            self._anchor.label = f"{self._anchor.label}{words}".strip()
