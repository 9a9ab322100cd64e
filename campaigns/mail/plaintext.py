"""The text part of a mail retold from its HTML, for readers and programs that take no HTML."""

import re
from html import unescape

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
_UNDERLINES = {"h1": "=", "h2": "-"}


def text_from_html(html: str) -> str:
    """Retell a mail as text: headings, lists, table rows as lines, the words of images, each link after its label.

    What only Outlook sees and what is hidden from everybody, such as a preheader, is left out.
    """
    teller = _Teller(html)
    for piece in scan(html):
        if not piece.inside:
            teller.tell(piece)
    return teller.page.finished()


class _Teller:
    """Walks through the pieces of a document and writes what they say on a page."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.page = Page(WIDTH)
        self.hidden = ""  # the name of the element that hides what is in it
        self.depth = 0
        self.preformatted = False

    def tell(self, piece: Piece) -> None:
        """Write one piece, unless it stands in a hidden element."""
        if self.hidden:
            self._leave_hidden(piece)
        elif piece.kind is Kind.TEXT:
            self._text(unescape(self.html[piece.start : piece.end]))
        elif piece.kind is Kind.OPEN:
            if self._hides(piece):
                self.hidden, self.depth = ("" if piece.name in VOID else piece.name), 1
            else:
                self._open(piece)
        elif piece.kind is Kind.CLOSE:
            self._close(piece.name)

    def _leave_hidden(self, piece: Piece) -> None:
        if piece.name != self.hidden:
            return
        if piece.kind is Kind.CLOSE or (piece.kind is Kind.OPEN and piece.name == "p"):
            self.depth -= 1
        elif piece.kind is Kind.OPEN:
            self.depth += 1
        if self.depth == 0:
            self.hidden = ""
            if piece.kind is Kind.OPEN:
                self.tell(piece)

    def _hides(self, piece: Piece) -> bool:
        style = value_of(self.html, piece, "style")
        if style and _HIDING.search(style):
            return True
        return value_of(self.html, piece, "hidden") is not None

    def _text(self, text: str) -> None:
        shown = _PADDING.sub("", text)
        if self.preformatted:
            for number, line in enumerate(shown.splitlines()):
                if number:
                    self.page.line_break()
                self.page.write(line.replace(" ", "\u00a0"))
        else:
            self.page.write(_BLANKS.sub(" ", shown))

    def _open(self, piece: Piece) -> None:
        name = piece.name
        if name == "a":
            self._follow(piece)
        elif name in {"img", "area"}:
            self._picture(piece)
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

    def _follow(self, piece: Piece) -> None:
        found = target_of(self.html, piece)
        if found:
            self.page.begin_link(found[1])
            return
        address = clean(value_of(self.html, piece, "href") or "")
        scheme, _, rest = address.partition(":")
        spoken = rest.partition("?")[0] if scheme.lower() in {"mailto", "tel"} else ""
        self.page.begin_link(spoken, web=False)

    def _picture(self, piece: Piece) -> None:
        words = _BLANKS.sub(" ", _PADDING.sub("", value_of(self.html, piece, "alt") or ""))
        found = target_of(self.html, piece)
        if found:
            self.page.begin_link(found[1])
        self.page.write(f" {words} " if words.strip() else "")
        if found:
            self.page.end_link()
