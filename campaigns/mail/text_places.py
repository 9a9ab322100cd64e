"""Where the addresses and the holes of a text template are, found once, for mails that are not searched one by one."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from jinja2 import nodes

from campaigns.mail.flows import SLOT, TURN, Span, Token, Unusual
from campaigns.mail.html_places import Link, Places
from campaigns.mail.neighbours import BORDER, Edges, Letters
from campaigns.mail.rewriting import spans_in_text

PLAIN = "plain"
STRETCH = "stretch"
_TURNED = "\ue001" * len(TURN)
_WORD = re.compile(r"[^\s\x00-\x1f\x7f\"<>]+")
_STRETCH = re.compile(r"[^\ue001]+")
_BEGUN = re.compile(r"://|https?:/?\Z", re.IGNORECASE)


def places_in_text(tokens: Sequence[Token], edges: Edges) -> Places:
    """Find the addresses and the words with holes in them, which may become addresses.

    A group has two options: the characters before and after it, each "" where nobody can know.

    Raises:
        Unusual: an address may go on beyond a statement.
    """
    text = "".join(_TURNED if token.statement else token.text for token in tokens)
    slots = sum(token.value is not None for token in tokens)
    turns = sum(token.statement is not None for token in tokens)
    if text.count(SLOT) != slots or text.count("\ue001") != turns * len(TURN):
        raise Unusual
    return _Finder(text, tokens, edges).find()


class _Finder:
    """Walks through the words of the masked template."""

    def __init__(self, text: str, tokens: Sequence[Token], edges: Edges) -> None:
        self.text = text
        self.edges = edges
        self.begins = list(accumulate((len(token.text) for token in tokens), initial=0))
        self.tokens = tokens
        self.found = Places(kinds=[PLAIN] * text.count(SLOT))

    def find(self) -> Places:
        for word in _WORD.finditer(self.text):
            for stretch in _STRETCH.finditer(self.text, *word.span()):
                self._place(*stretch.span())
        return self.found

    def _place(self, start: int, end: int) -> None:
        said = self.text[start:end]
        if SLOT in said:
            self.found.spans.append(Span(start, end, STRETCH, self._around(start, end)))
        elif _BEGUN.search(said):
            before, after = self._around(start, end)
            if not before or not after:
                raise Unusual
            for first, last in spans_in_text(before + said + after):
                place = Span(start + first - 1, start + last - 1, STRETCH, number=len(self.found.links))
                self.found.spans.append(place)
                address = said[first - 1 : last - 1]
                self.found.links.append(Link(address, address, None))

    def _around(self, start: int, end: int) -> tuple[str, str]:
        return self._beside(start, start - 1, self.edges.before, "<"), self._beside(end - 1, end, self.edges.after, ">")

    def _beside(self, within: int, place: int, edge: dict[nodes.Output, Letters], bracket: str) -> str:
        """The character beside a stretch, or BORDER for any but the bracket; "" where it could be several."""
        if not 0 <= place < len(self.text):
            return BORDER
        if self.text[place] != _TURNED[0]:
            return self.text[place]
        output = self.tokens[bisect_right(self.begins, within) - 1].output
        letters = edge[output] if output else Letters(SLOT)
        if any(_WORD.match(letter) for letter in letters) or (bracket in letters and len(letters) > 1):
            return ""
        return bracket if bracket in letters else BORDER
