"""The text part that is retold from the HTML of each message: the HTML is read once, only its holes are told anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.mail.coding import TOLD
from campaigns.mail.flows import SLOT, TURN, Plan, Span, Unusual, flow, plan
from campaigns.mail.html_places import places_in_html
from campaigns.mail.markup import Kind, Piece, scan
from campaigns.mail.moulds import Mould
from campaigns.mail.plaintext import Act, Teller, acts_of, read_act, words_act
from campaigns.mail.pouring import Pourer

_TAG, _NOTHING = "tag", "nothing"


class Retelling(Mould):
    """An HTML template that tells itself."""

    html = True
    acts: Sequence[Sequence[Act]] = ()

    def plan(self, pourer: Pourer) -> Plan:  # noqa: ARG002 - links are found in what was told
        """Read what is fixed; tags with holes are read when they are filled.

        Raises:
            Unusual: a hole or a statement stands where it could change what is a tag.
        """
        tokens = list(flow(self.tree.body))
        places_in_html(tokens)
        reader = _Reader("".join(token.text for token in tokens))
        self.acts = reader.acts
        return plan(tokens, reader.spans, [TOLD] * sum(token.value is not None for token in tokens))

    def text(self, values: Mapping[str, Any]) -> str:
        """Retell one message, with its links as they were written."""
        teller, words = Teller(), ""
        for each in self.written(values, self.acts, None):
            if isinstance(each, str):
                words += each
                continue
            if words:
                _say(teller, words)
                words = ""
            for act in each:
                teller.tell(act)
        if words:
            _say(teller, words)
        return teller.page.finished()


class _Reader:
    """Walks through the masked template: runs of fixed pieces become acts, the rest is told when it is filled."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.spans: list[Span] = []
        self.acts: list[list[Act]] = []
        self._run: tuple[int, int] | None = None
        for each in scan(html):
            self._read(each)
        self._end_run()

    def _read(self, each: Piece) -> None:
        text = self.html[each.start : each.end]
        if SLOT not in text and TURN not in text:
            if self._run is None:
                self.acts.append([])
            self._run = (self._run[0] if self._run else each.start, each.end)
            self.acts[-1].append(Act(Kind.COMMENT) if each.inside else read_act(self.html, each))
            return
        self._end_run()
        if each.kind is Kind.TEXT and not each.inside:
            if "<" in text:
                raise Unusual
            return
        if TURN in text:
            raise Unusual
        told = each.kind is Kind.OPEN and not each.inside
        self.spans.append(Span(each.start, each.end, _TAG if told else _NOTHING))

    def _end_run(self) -> None:
        if self._run:
            self.spans.append(Span(*self._run, _TAG, number=len(self.acts) - 1))
        self._run = None


def _say(teller: Teller, words: str) -> None:
    if "<" not in words:
        teller.tell(words_act(words))
        return
    for act in acts_of(words):
        teller.tell(act)
