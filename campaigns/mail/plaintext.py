"""The text part of a mail retold from its HTML, for readers and programs that take no HTML."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from campaigns.mail.layout import WIDTH, Page
from campaigns.mail.markup import VOID, Kind, Piece, scan, value_of
from campaigns.mail.rewriting import clean, target_of

_BLANKS = re.compile(r"[ \t\n\r\f\v\u00a0]+")
_PADDING = re.compile(
    "(?<!\\S)[\u00ad\u034f\u180e\u200b-\u200f\u2007\u2060\ufeff]+(?!\\S)|[\u00ad\u034f\u180e\u200b\u2007\u2060\ufeff]+"
)
_HIDING = re.compile(
    r"(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden|opacity\s*+:\s*+0(?![.\d])|max-height\s*+:\s*+0(?![.\d]))",
    re.IGNORECASE,
)
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "address", "dl", "fieldset", "figure", "form", "pre"))
_LINES = frozenset((
    "article", "aside", "body", "caption", "center", "dd", "div", "dt", "figcaption", "footer", "header", "html",
    "main", "nav", "section", "tbody", "tfoot", "thead",
))  # fmt: skip
_FRAMES = {"ul": "list", "ol": "list", "li": "item", "blockquote": "quote"}
_FRAMES |= {"table": "table", "tr": "row", "td": "cell", "th": "cell"}
_LONGEST_KEPT = 2_000
_UNDERLINES = {"h1": "=", "h2": "-"}


class Act(NamedTuple):
    """What a piece of a document says to whoever retells it: `words` of a text or an image, `address` of a link."""

    kind: Kind
    name: str = ""
    hides: bool = False
    words: str = ""
    address: str | None = None
    web: bool = False


def text_from_html(html: str) -> str:
    """Retell a mail as text: headings, lists, table rows as lines, the words of images, each link after its label.

    What only Outlook sees and what is hidden from everybody, such as a preheader, is left out.
    """
    teller = Teller()
    for act in acts_of(html):
        teller.tell(act)
    return teller.page.finished()


def acts_of(html: str) -> Iterator[Act]:
    """Yield what the pieces of a document say, but those that only Outlook sees."""
    return (read_act(html, piece) for piece in scan(html) if not piece.inside)


def read_act(html: str, piece: Piece) -> Act:
    """Read what a piece says."""
    if piece.kind is Kind.TEXT:
        return words_act(html[piece.start : piece.end])
    if piece.kind is not Kind.OPEN:
        return Act(piece.kind, piece.name)
    style = value_of(html, piece, "style")
    hides = bool(style and _HIDING.search(style)) or value_of(html, piece, "hidden") is not None
    found = target_of(html, piece)
    if found or piece.name != "a":
        words = value_of(html, piece, "alt") or "" if piece.name in {"img", "area"} else ""
        return Act(Kind.OPEN, piece.name, hides, words, found[1] if found else None, web=True)
    scheme, _, rest = clean(value_of(html, piece, "href") or "").partition(":")
    spoken = rest.partition("?")[0] if scheme.lower() in {"mailto", "tel"} else ""
    return Act(Kind.OPEN, "a", hides, address=spoken)


def words_act(raw: str) -> Act:
    """What a text says."""
    return Act(Kind.TEXT, words=unescape(raw))


class Teller:
    """Walks through what a document says and writes it on a page."""

    def __init__(self) -> None:
        self.page = Page(WIDTH)
        self.hidden = ""  # the name of the element that hides what is in it
        self.depth = 0
        self.preformatted = False

    def tell(self, act: Act) -> None:
        """Write what one piece says, unless it stands in a hidden element."""
        if self.hidden:
            self._leave_hidden(act)
        elif act.kind is Kind.TEXT:
            self._text(act.words)
        elif act.kind is Kind.OPEN:
            if act.hides:
                self.hidden, self.depth = ("" if act.name in VOID else act.name), 1
            else:
                self._open(act)
        elif act.kind is Kind.CLOSE:
            self._close(act.name)

    def _leave_hidden(self, act: Act) -> None:
        if act.name != self.hidden:
            return
        if act.kind is Kind.CLOSE or (act.kind is Kind.OPEN and act.name == "p"):
            self.depth -= 1
        elif act.kind is Kind.OPEN:
            self.depth += 1
        if self.depth == 0:
            self.hidden = ""
            if act.kind is Kind.OPEN:
                self.tell(act)

    def _text(self, text: str) -> None:
        if self.preformatted:
            for number, line in enumerate(_PADDING.sub("", text).splitlines()):
                if number:
                    self.page.line_break()
                self.page.write(line.replace(" ", "\u00a0"))
        else:
            self.page.write(_kept(text) if len(text) <= _LONGEST_KEPT else _collapsed(text))

    def _open(self, act: Act) -> None:
        name = act.name
        if name == "a":
            self.page.begin_link(act.address or "", web=act.web)
        elif name in {"img", "area"}:
            self._picture(act)
        elif name == "br":
            self.page.line_break()
        elif name == "hr":
            self.page.rule()
        elif name in _PARAGRAPHS:
            self.page.paragraph()
            self.preformatted = name == "pre"
        elif name in _LINES:
            self.page.new_line()
        if name in _FRAMES:
            self.page.open(_FRAMES[name], numbered=name == "ol")

    def _close(self, name: str) -> None:
        if name == "a":
            self.page.end_link()
        elif name in _UNDERLINES:
            self.page.underline(_UNDERLINES[name])
        elif name == "pre":
            self.preformatted = False
        if name in _FRAMES:
            self.page.close(_FRAMES[name])
        if name in _PARAGRAPHS:
            self.page.paragraph()
        elif name in _LINES:
            self.page.new_line()

    def _picture(self, act: Act) -> None:
        words = _collapsed(act.words)
        if act.address:
            self.page.begin_link(act.address)
        self.page.write(f" {words} " if words.strip() else "")
        if act.address:
            self.page.end_link()


def _collapsed(text: str) -> str:
    return _BLANKS.sub(" ", _PADDING.sub("", text))


_kept = lru_cache(maxsize=1024)(_collapsed)
"""For what many messages say."""
