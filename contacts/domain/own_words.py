"""Own words: what the writer of a letter wrote themselves, without the mail they answer and without a signature."""

import re
from email.message import Message
from html.parser import HTMLParser

LONGEST_PART = 200_000
"""Characters of a letter that are looked at; nobody's own first words come later."""

_CUT = re.compile(
    r"-{2,}\s*(?:original|ursprüngliche|message d'origine|mensaje original|messaggio originale|oorspronkelijk|"
    r"forwarded).*|_{10,}|-- ?|(?:from|von|de|da|van|från|od)\s*:\s.*@.*|begin forwarded message:.*",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"@|\b20\d\d\b|\d{1,2}:\d\d")
_SAID = re.compile(rf".*(?:{_MOMENT.pattern}).*:\s*")
"""“On 3 March 2026 at 10:00, Ann wrote:” in any language: it ends in a colon and names a moment or an address."""
_QUOTED = re.compile(r"\s*[>|»]")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "hr"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "blockquote"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source", "track"}
)
_ANSWERED = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|mail-editor-reference")


def own_words(parts: list[Message]) -> str:
    """The writer's own words, from a letter's parts: its plain text, else its HTML; "" where there are none."""
    plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    if plain is not None:
        return without_quote(_decoded(plain))
    return without_quote(_text_of(_decoded(page))) if page is not None else ""


def without_quote(text: str) -> str:
    """Leave out quoted lines, the line that introduces them, and all that follows a signature or a copied head."""
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        bare = line.strip("\u200b\ufeff \t\xa0")
        if _CUT.fullmatch(bare if bare != "--" else "-- "):
            break
        if _QUOTED.match(line):
            continue
        if _introduces(lines, number):
            if not _quotes_next(lines, number):
                break
            continue
        kept.append(bare)
    return "\n".join(kept).strip()


def _introduces(lines: list[str], number: int) -> bool:
    """Whether a line, alone or with the next, says who wrote the mail that is quoted below.

    The first of two lines names a moment or an address itself: a "stop" right above a single one must be heard.
    """
    one, after = lines[number].strip(), "".join(lines[number + 1 : number + 2]).strip()
    both = _MOMENT.search(one) is not None and _SAID.fullmatch(f"{one} {after}") is not None
    follows = both and _quotes_next(lines, number + 1)
    return _SAID.fullmatch(one) is not None or follows


def _quotes_next(lines: list[str], number: int) -> bool:
    rest = (line for line in lines[number + 1 : number + 4] if line.strip())
    return any(_QUOTED.match(line) for line in rest)


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    text = raw if isinstance(raw, bytes) else b""
    try:
        return text.decode(part.get_content_charset() or "utf-8", "replace")[:LONGEST_PART]
    except (LookupError, ValueError):
        return text.decode("utf-8", "replace")[:LONGEST_PART]


class _Reader(HTMLParser):
    """The text that somebody sees, without the mail it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.found.append("\n")
        if tag in _VOID:
            return
        named = " ".join(value or "" for name, value in attrs if name in {"class", "id"})
        if self.hidden or tag in _UNSEEN or _ANSWERED.search(named):
            self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass
        if tag in _BREAKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(" ".join(data.split()) if not data.strip() else re.sub(r"\s+", " ", data))


def _text_of(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return "".join(reader.found)
