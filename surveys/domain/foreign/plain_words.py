"""Texts of other programs, which are often HTML, as plain words: no tag, no script and no address is carried."""

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object"})
_SPACE = re.compile(r"[ \t\f\v\u00a0]+")
_TAG = re.compile(r"<[^<>]*>?")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
LONGEST = 20_000
"""Characters of HTML that are read."""
_LINES = re.compile(r"\n\s*\n\s*\n+")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - no attribute is carried
        self.silent += tag in _SILENT
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(self.silent - (tag in _SILENT), 0)
        if tag in _BREAKS - {"br"}:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def _without_tags(written: str) -> str:
    reader = _Words()
    try:
        reader.feed(written)
        reader.close()
    except AssertionError:  # a "<!" that no browser knows
        return _TAG.sub(" ", written)
    return "".join(reader.words)


def plain_words(text: object) -> str:
    """The words of a text that may be HTML, without outer space and with at most one empty line in a row."""
    written = _UNSEEN.sub("", text) if isinstance(text, str) else ""
    if "<" in written or "&" in written:
        written = _without_tags(written[:LONGEST])
    lines = [_SPACE.sub(" ", line).strip() for line in written.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return _LINES.sub("\n\n", "\n".join(lines)).strip()
