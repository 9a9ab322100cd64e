"""Where the links and the holes of an HTML template are, found once, for mails that are not parsed one by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from campaigns.mail.flows import SLOT, TURN, Span, Token, Unusual
from campaigns.mail.markup import Attribute, Kind, Piece, attributes, scan
from campaigns.mail.rewriting import target_of

CONTENT = "content"  # between tags: whole elements may stand there
VALUE = "value"  # in a quoted attribute, a title, a style, a comment: escaped text only
HREF = "href"

_SPECIAL = re.compile(f"{SLOT}|{TURN}")
_LONGEST_NAME = 20
_HALF_A_TAG = re.compile(r"</?[A-Za-z]*\Z")
_SEPARATED = re.compile(r"[\t\n\f\r \"'/>]")
_SEPARATES = re.compile(r"[\t\n\f\r />]")
_ENDS_A_COMMENT = re.compile(r"-->|[^->!]")


State = tuple[str, int, int]
"""Where a reader of HTML is: in a text, or in which piece and which value of it."""


@dataclass(frozen=True, slots=True)
class Link:
    """The place of a link that is always the same: where it leads, and how its attribute is quoted, None in a text."""

    address: str
    raw: str
    quote: str | None


@dataclass(slots=True)
class Places:
    """What was found: stretches, the kinds of the slots in order, and the links among the stretches by number."""

    spans: list[Span] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def places_in_html(tokens: Sequence[Token]) -> Places:
    """Find the places of links and what may stand in each hole.

    Sound for every message, whatever its values: a statement begins, turns and ends where whoever reads the HTML is
    in the same state, and escaped values cannot change that state.

    Raises:
        Unusual: a hole or a statement stands where it could change what is a tag.
    """
    html = "".join(token.text for token in tokens)
    specials = [found.span() for found in _SPECIAL.finditer(html)]
    masked = [token for token in tokens if token.is_masked]
    if len(specials) != len(masked) or html.count("\ue001") != html.count(TURN):
        raise Unusual
    finder = _Finder(html, specials)
    found = finder.find()
    _refuse_changes(masked, finder.states)
    return found


def _refuse_changes(specials: Sequence[Token], states: Sequence[State]) -> None:
    begun: dict[nodes.Stmt, State] = {}
    for token, state in zip(specials, states, strict=True):
        if token.statement is not None and begun.setdefault(token.statement, state) != state:
            raise Unusual


class _Finder:
    """Walks through the pieces of the masked template."""

    def __init__(self, html: str, specials: list[tuple[int, int]]) -> None:
        self.html = html
        self.specials = specials
        self.found = Places()
        self.states: list[State] = []
        self.condition = -1

    def find(self) -> Places:
        waiting = 0
        for piece in scan(self.html):
            within = []
            while waiting < len(self.specials) and self.specials[waiting][0] < piece.end:
                within.append(self.specials[waiting])
                waiting += 1
            if piece.inside and piece.kind is Kind.COMMENT:
                self.condition = piece.start
            if within and piece.inside:
                self._mind_comments(within)
            if piece.kind is Kind.OPEN:
                self._tag(piece, within)
            elif within:
                self._other(piece, within)
        if waiting < len(self.specials):
            raise Unusual
        return self.found

    def _other(self, piece: Piece, within: list[tuple[int, int]]) -> None:
        if piece.kind is Kind.COMMENT:
            self._comment(piece, within)
        elif piece.kind is Kind.CLOSE or any(self._is_half_a_tag(piece, start) for start, _ in within):
            raise Unusual
        is_text = piece.kind is Kind.TEXT
        state = ("inside", self.condition, 0) if piece.inside else ("text", 0, 0)
        self.states += [state if is_text else ("piece", piece.start, 0)] * len(within)
        self._fill(within, CONTENT if is_text and not piece.inside else VALUE)

    def _is_half_a_tag(self, piece: Piece, end: int) -> bool:
        return _HALF_A_TAG.search(self.html, max(piece.start - 2, end - _LONGEST_NAME, 0), end) is not None

    def _comment(self, piece: Piece, within: list[tuple[int, int]]) -> None:
        text = self.html[piece.start : piece.end]
        if piece.inside or not text.startswith("<!--") or not text.endswith("-->") or "]" in text:
            raise Unusual
        self._mind_comments(within)

    def _mind_comments(self, within: list[tuple[int, int]]) -> None:
        """Refuse what could end a comment together with a value."""
        if not all(_ENDS_A_COMMENT.match(self.html, end) for _, end in within):
            raise Unusual
        if any(_SPECIAL.match(self.html, end) for _, end in within):
            raise Unusual

    def _tag(self, piece: Piece, within: list[tuple[int, int]]) -> None:
        every = list(attributes(self.html, piece))
        place = next((each for each in every if each.name == HREF), None)
        is_link = piece.name in {"a", "area"} or piece.name.startswith("v:")
        values = [each for each in every if each.quote and any(each.start <= start < each.end for start, _ in within)]
        outside = [one for one in within if not any(each.start <= one[0] < each.end for each in values)]
        for start, _ in within:
            value = next((each.start for each in values if each.start <= start < each.end), -1)
            self.states.append(("tag", piece.start, value))
        self._between_attributes(outside, [each for each in every if not each.quote])
        if outside and is_link and sum(each.name == HREF for each in every) > 1:
            raise Unusual
        if is_link and place in values:
            self._href(place, within)
        elif is_link and place:
            self._fixed_link(piece)
        self._fill(within, VALUE)

    def _between_attributes(self, outside: list[tuple[int, int]], bare: list[Attribute]) -> None:
        """Allow statements that stand where an attribute may begin, whichever way they turn."""
        for start, end in outside:
            in_a_value = any(start < each.end and each.start < min(end, each.end) for each in bare)
            named = self.html[end:].lstrip("\t\n\f\r ").startswith("=")
            if self.html[start:end] == SLOT or in_a_value or named:
                raise Unusual
        before = all(_SEPARATED.match(self.html, start - 1) for start, _ in outside)
        if not before and not all(_SEPARATES.match(self.html, end) for _, end in outside):
            raise Unusual

    def _href(self, place: Attribute, within: list[tuple[int, int]]) -> None:
        if any(place.start <= start < place.end and self.html[start:end] == TURN for start, end in within):
            raise Unusual
        self.found.spans.append(Span(place.start, place.end, HREF, (place.quote,)))

    def _fixed_link(self, piece: Piece) -> None:
        target = target_of(self.html, piece)
        if target:
            place, address = target
            raw = self.html[place.start : place.end]
            self.found.spans.append(Span(place.start, place.end, HREF, number=len(self.found.links)))
            self.found.links.append(Link(address, raw, place.quote))

    def _fill(self, within: list[tuple[int, int]], kind: str) -> None:
        self.found.kinds += [kind for start, end in within if self.html[start:end] == SLOT]
