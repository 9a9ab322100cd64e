"""HTML read as a mail client reads it, piece by piece with positions, for the rooms that change or retell it."""

import re
from collections.abc import Generator, Iterator
from enum import Enum, auto
from html import unescape
from html.entities import html5
from typing import NamedTuple

_SPACE = r"[\t\n\f\r ]"
_VALUE = r"(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\t\n\f\r >]*+)"
_ATTRIBUTE = rf"[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]*+(?:{_SPACE}*+={_SPACE}*+{_VALUE}|(?!{_SPACE}*+=))"
_TAG = re.compile(rf"<(/?)([A-Za-z][^\t\n\f\r />]*+)((?:{_ATTRIBUTE})*+)[\t\n\f\r /]*+>")
_ONE_ATTRIBUTE = re.compile(
    rf"[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"([^\"]*+)\"|'([^']*+)'|(?![\"'])([^\t\n\f\r >]*+))|(?!{_SPACE}*+=))"
)
_COMMENT_END = re.compile(r"--!?>")
_CONDITION = re.compile(rf"<!--{_SPACE}*+\[if\b[^\]]*+\]>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9A-Fa-f]++;?|([A-Za-z][A-Za-z0-9]*+)(;?)(=?))")

_UNPARSED = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
_UNPARSED_END = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _UNPARSED if name != "plaintext"
}
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"))


class Kind(Enum):
    """What a piece of the document is."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    UNPARSED = auto()  # the content of <style>, <script>, <title> and the like
    COMMENT = auto()  # comments, doctypes, <![if …]> and processing instructions


class Piece(NamedTuple):
    """A stretch of the document; `name` is in lower case, `inside` tells that it is only meant for Outlook."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    attributes_at: int = 0
    inside: bool = False


class Attribute(NamedTuple):
    """An attribute; `start` and `end` are those of its raw value without the quotes."""

    name: str
    start: int
    end: int
    quote: str


def scan(html: str) -> Iterator[Piece]:
    """Yield the pieces of the document in order, without gaps but for an unfinished end.

    Follows the tokeniser of the HTML standard, and looks into `<!--[if mso]> … <![endif]-->` as Outlook does.
    The time is linear in the length of the document.
    """
    return _scan(html, 0, len(html), inside=False)


def attributes(html: str, piece: Piece) -> Iterator[Attribute]:
    """Yield the attributes of a tag in order, as often as they are written."""
    for found in _ONE_ATTRIBUTE.finditer(html, piece.attributes_at, piece.end):
        group = next((number for number in (2, 3, 4) if found.start(number) >= 0), 0)
        start, end = found.span(group) if group else (found.end(), found.end())
        yield Attribute(found[1].lower(), start, end, ("", "", '"', "'", "")[group])


def attribute(html: str, piece: Piece, name: str) -> Attribute | None:
    """Find an attribute of a tag: the first of that name counts."""
    return next((one for one in attributes(html, piece) if one.name == name), None)


def value_of(html: str, piece: Piece, name: str) -> str | None:
    """Read an attribute's value with its character references resolved."""
    found = attribute(html, piece, name)
    return decoded(html[found.start : found.end]) if found else None


def decoded(raw: str) -> str:
    """Resolve the character references of an attribute value; `&copy=1` in an address stays as it is."""
    return _REFERENCE.sub(_resolved, raw).replace("\0", "\ufffd") if "&" in raw or "\0" in raw else raw


def _resolved(found: re.Match[str]) -> str:
    name, semicolon, equals = found[1], found[2], found[3]
    if name is None:
        return unescape(found[0])
    if semicolon:
        known = html5.get(name + ";")
        return known + equals if known is not None else found[0]
    return html5[name] if name in html5 and not equals else found[0]


def _scan(html: str, start: int, end: int, *, inside: bool) -> Iterator[Piece]:
    position = start
    while position < end:
        opening = html.find("<", position, end)
        opening = end if opening < 0 else opening
        if opening > position:
            yield Piece(Kind.TEXT, position, opening, inside=inside)
        if opening == end:
            return
        found = _TAG.match(html, opening, end)
        if found:
            piece = _tag(found, inside=inside)
            yield piece
            position = piece.end
            if piece.kind is Kind.OPEN and piece.name in _UNPARSED:
                position = _end_of_unparsed(html, piece, end)
                yield Piece(Kind.UNPARSED, piece.end, position, piece.name, inside=inside)
        elif html.startswith("<!--", opening, end):
            position = yield from _comment(html, opening, end, inside=inside)
        else:
            position = _end_of_other(html, opening, end)
            kind = Kind.TEXT if position == opening + 1 else Kind.COMMENT
            yield Piece(kind, opening, position, inside=inside)


def _tag(found: re.Match[str], *, inside: bool) -> Piece:
    kind = Kind.CLOSE if found[1] else Kind.OPEN
    return Piece(kind, found.start(), found.end(), found[2].lower(), found.start(3), inside)


def _end_of_unparsed(html: str, piece: Piece, end: int) -> int:
    closing = _UNPARSED_END.get(piece.name)
    found = closing.search(html, piece.end, end) if closing else None
    return found.start() if found else end


def _comment(html: str, start: int, end: int, *, inside: bool) -> Generator[Piece, None, int]:
    """Yield a comment, and what stands in it where it is a condition for Outlook; return the position after it."""
    for empty in ("<!-->", "<!--->"):
        if html.startswith(empty, start, end):
            yield Piece(Kind.COMMENT, start, start + len(empty), inside=inside)
            return start + len(empty)
    closing = None if inside else _COMMENT_END.search(html, start + 4, end)
    content_end, after = closing.span() if closing else (end, end)
    condition = _CONDITION.match(html, start, content_end)
    if condition is None:
        yield Piece(Kind.COMMENT, start, after, inside=inside)
        return after
    yield Piece(Kind.COMMENT, start, condition.end(), inside=True)
    if inside:
        return condition.end()
    yield from _scan(html, condition.end(), content_end, inside=True)
    if after > content_end:
        yield Piece(Kind.COMMENT, content_end, after, inside=True)
    return after


def _end_of_other(html: str, start: int, end: int) -> int:
    """Where something that is no tag ends: a declaration at its `>`, an unfinished tag never, a lone `<` at once."""
    second, third = html[start + 1 : min(start + 2, end)], html[start + 2 : min(start + 3, end)]
    first_of_name = third if second == "/" else second
    if first_of_name.isascii() and first_of_name.isalpha():
        return end
    if second in {"!", "?"} or (second == "/" and third):
        closing = html.find(">", start, end)
        return end if closing < 0 else closing + 1
    return start + 1
