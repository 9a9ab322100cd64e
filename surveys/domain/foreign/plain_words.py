"""Texts of other programs, which are often HTML, as plain words: no tag, no script and no address is carried."""

import re
from html import unescape

LONGEST = 20_000
"""Characters of HTML that are read."""
_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object"})
_TAG = re.compile(
    r"""<(?P<name>/?[A-Za-z][A-Za-z0-9]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*>   # never beyond the next <: read in one go
      | (?P<comment><!--)
      | <[!?/][^<>]*>""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\f\v\u00a0]+")
_LINES = re.compile(r"\n{3,}")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def plain_words(text: object) -> str:
    """The words of a text that may be HTML, without outer space and with at most one empty line in a row."""
    written = _UNSEEN.sub("", text) if isinstance(text, str) else ""
    if "<" in written or "&" in written:
        written = _without_tags(written[:LONGEST])
    lines = [_SPACE.sub(" ", line).strip() for line in written.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def _without_tags(written: str) -> str:
    pieces: list[str] = []
    place = 0
    while match := _TAG.search(written, place):
        pieces.append(unescape(written[place : match.start()]))
        name = (match["name"] or "").lower()
        if name.removeprefix("/") in _BREAKS:
            pieces.append("\n")
        place = _behind(written, match, name)
    return "".join([*pieces, unescape(written[place:])])


def _behind(written: str, match: re.Match[str], name: str) -> int:
    """Where words go on: behind the tag, or behind the comment or the silent element that it opens."""
    if match["comment"]:
        return (written.find("-->", match.end()) + 3) if "-->" in written[match.end() :] else len(written)
    if name in _SILENT:
        end = re.compile(f"</{name}", re.IGNORECASE).search(written, match.end())
        return end.start() if end else len(written)
    return match.end()
