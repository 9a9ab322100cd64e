"""Links found and replaced in place, in HTML and in text, byte for byte elsewhere, for click-throughs."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from campaigns.mail import jinjatext
from campaigns.mail.markup import Attribute, Kind, Piece, attribute, decoded, scan

Replace = Callable[[str], str | None]

_EDGES = "".join(map(chr, range(33)))  # what an address parser strips: the controls and the space
_LINE_BREAKS = str.maketrans("", "", "\t\n\r")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\"<>]")
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_MERGE_MARKS = ("{{", "}}", "{%", "%}", "{#", "*|", "|*")
_NEEDS_QUOTES = re.compile(r"[\t\n\f\r \"'=<>`]")
_IN_TEXT = re.compile(r"(?<![A-Za-z0-9+.:-])https?://[^\s\x00-\x1f\x7f\"<>]++", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_AFTER_A_LINK = frozenset(".,;:!?'*_~|…、。，．！？：；」』】》”’")


def links_in_html(html: str, *, outlook: bool = True) -> list[str]:
    """List the web addresses a reader can follow, decoded, in document order, as often as they occur.

    With `outlook=False` those that only stand in conditional comments for Outlook are left out.
    """
    return [address for piece, _, address in _targets(html) if outlook or not piece.inside]


def rewrite_html(html: str, replace: Replace) -> str:
    """Replace web addresses in the `href` of <a>, <area> and VML shapes; where `replace` says None nothing changes."""
    parts: list[str] = []
    position = 0
    for _, place, address in _targets(html):
        replacement = replace(address)
        if replacement is None or replacement == address:
            continue
        parts += (html[position : place.start], escaped(replacement, place.quote))
        position = place.end
    return "".join((*parts, html[position:]))


def links_in_text(text: str) -> list[str]:
    """List the web addresses of a plain text in order; punctuation that ends a sentence is no part of them."""
    return [text[start:end] for start, end in spans_in_text(text)]


def rewrite_text(text: str, replace: Replace) -> str:
    """Replace web addresses in a plain text; where `replace` says None nothing changes."""
    parts: list[str] = []
    position = 0
    for start, end in spans_in_text(text):
        replacement = replace(text[start:end])
        if replacement is not None:
            parts += (text[position:start], replacement)
            position = end
    return "".join((*parts, text[position:]))


def links_in_template(source: str) -> list[str]:
    """List the web addresses written out in an un-rendered template; those with an expression are left out."""
    return links_in_html(jinjatext.blanked(source))


def clean(address: str) -> str:
    """Normalise an address as a browser does: edges stripped, line breaks gone, blanks encoded."""
    stripped = address.strip(_EDGES).translate(_LINE_BREAKS)
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), stripped)


def is_web_address(address: str) -> bool:
    """Tell whether a cleaned address leads to the web and holds no unresolved merge mark."""
    return bool(_WEB.match(address)) and not any(mark in address for mark in _MERGE_MARKS)


def target_of(html: str, piece: Piece) -> tuple[Attribute, str] | None:
    """Find where a tag leads: the place of its `href` and the cleaned address, if that is a web address."""
    if piece.kind is not Kind.OPEN or not (piece.name in {"a", "area"} or piece.name.startswith("v:")):
        return None
    place = attribute(html, piece, "href")
    if place is None:
        return None
    address = clean(decoded(html[place.start : place.end]))
    return (place, address) if is_web_address(address) else None


def _targets(html: str) -> Iterator[tuple[Piece, Attribute, str]]:
    for piece in scan(html):
        found = target_of(html, piece)
        if found:
            yield piece, *found


def escaped(address: str, quotes: str) -> str:
    """Write an address as the value of an attribute in such quotes; without them they are put around it if needed."""
    escaped = address.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if quotes == "'":
        return escaped.replace("'", "&#39;")
    escaped = escaped.replace('"', "&quot;")
    return escaped if quotes or (escaped and not _NEEDS_QUOTES.search(escaped)) else f'"{escaped}"'


def spans_in_text(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the web addresses of a plain text begin and end."""
    for found in _IN_TEXT.finditer(text):
        start, end = found.span()
        if text[start - 1 : start] != "<" or text[end : end + 1] != ">":
            end = start + len(_without_punctuation(found[0]))
        if is_web_address(text[start:end]):
            yield start, end


def _without_punctuation(address: str) -> str:
    surplus = {closer: address.count(closer) - address.count(opener) for closer, opener in _CLOSERS.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _AFTER_A_LINK:
            break
        end -= 1
    return address[:end]
