"""The click-throughs of an edition: their tokens signed together for each message, what is around them encoded once."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.stamps import Stamps
from campaigns.mail.html_places import Link
from campaigns.mail.imprints import Imprint
from campaigns.mail.quoted import SOFT, piece
from campaigns.mail.rewriting import escaped
from core.tokens import pack

_LONGEST_TOKEN = 39
_WIDTH = 75
_MOST_USUAL = 100

Lists = Sequence[list[str]]
"""For each part, what is written at each of its places."""


class Marks:
    """What is written at the places of an edition's parts, and at links found while a message is written."""

    def __init__(self, parts: Sequence[Sequence[Link]], imprint: Imprint, stamps: Stamps) -> None:
        self.url = f"{imprint.head.base_url}/c/"
        self.around = {quote: _around(self.url, quote) for quote in ('"', "'", "", None)}
        self._stamps = stamps
        numbers = {imprint.links[link.address] for part in parts for link in part}
        self._usual = {number: pack(number) for number in sorted(numbers)}
        self._places = [[(*self.around[link.quote], imprint.links[link.address]) for link in part] for part in parts]
        self.untracked: Lists = [[piece(link.raw) for link in part] for part in parts]

    def clicks(self, message_id: int) -> "Clicks":
        """Sign the click-throughs of one message, those that messages usually have at once."""
        usual = self._usual
        return Clicks(self, message_id, dict(zip(usual, self._stamps.clicks(message_id, usual.values()), strict=True)))

    def tracked(self, clicks: "Clicks") -> Lists:
        """The click-throughs of one message at the known places."""
        tokens = clicks.tokens
        return [[f"{start}{tokens[number]}{end}" for start, end, number in places] for places in self._places]

    def sign(self, message_id: int, link_id: int) -> str:
        """The token of a link that was found in one message; the next ones sign it with the others."""
        packed = pack(link_id)
        if len(self._usual) < _MOST_USUAL:
            self._usual = {**self._usual, link_id: packed}
        return self._stamps.clicks(message_id, (packed,))[0]


@dataclass(slots=True)
class Clicks:
    """The click-throughs of one message."""

    marks: Marks
    message_id: int
    tokens: dict[int, str]

    def token(self, link_id: int) -> str:
        """The token of a link."""
        found = self.tokens.get(link_id)
        if found is None:
            found = self.tokens[link_id] = self.marks.sign(self.message_id, link_id)
        return found

    def encoded(self, link_id: int, quote: str | None) -> str:
        """The URL of a click-through as the value of an attribute in such quotes, None in a text; encoded."""
        before, after = self.marks.around[quote]
        return f"{before}{self.token(link_id)}{after}"

    def url(self, link_id: int) -> str:
        """The URL of a click-through."""
        return self.marks.url + self.token(link_id)


def _around(start: str, quote: str | None) -> tuple[str, str]:
    """What stands before and after a token, encoded; on lines of their own where they are long."""
    before, after = (start, "") if quote is None else escaped(f"{start}\0", quote).split("\0")
    if len(before) + _LONGEST_TOKEN + len(after) <= _WIDTH and piece(before) == before + SOFT:
        return before, after + SOFT
    return piece(before), SOFT + piece(after)
