"""The tracked links of an edition whose places are known: destination or click-through, each encoded beforehand."""

from collections.abc import Sequence

from campaigns.domain.stamps import Stamps
from campaigns.mail.html_places import Link
from campaigns.mail.imprints import Imprint
from campaigns.mail.quoted import SOFT, piece
from campaigns.mail.rewriting import escaped
from core.tokens import pack

_LONGEST_TOKEN = 39
_WIDTH = 75

Lists = Sequence[Sequence[str]]
"""For each part, what is written at each of its places."""


class Marks:
    """What is written at the places of an edition's parts."""

    def __init__(self, parts: Sequence[Sequence[Link]], imprint: Imprint) -> None:
        numbers = imprint.links
        order = {
            address: index for index, address in enumerate({link.address: None for part in parts for link in part})
        }
        self._ends = [pack(numbers[address]) for address in order]
        start = f"{imprint.head.base_url}/c/"
        self._places = [[(*_around(start, link.quote), order[link.address]) for link in part] for part in parts]
        self.untracked: Lists = [[piece(link.raw) for link in part] for part in parts]

    def tracked(self, stamps: Stamps, message_id: int) -> Lists:
        """The click-throughs of one message, each signed once."""
        tokens = stamps.clicks(message_id, self._ends)
        return [[f"{start}{tokens[index]}{end}" for start, end, index in places] for places in self._places]


def _around(start: str, quote: str | None) -> tuple[str, str]:
    """What stands before and after a token, encoded; on lines of their own where they are long."""
    before, after = (start, "") if quote is None else escaped(f"{start}\0", quote).split("\0")
    if len(before) + _LONGEST_TOKEN + len(after) <= _WIDTH and piece(before) == before + SOFT:
        return before, after + SOFT
    return piece(before), SOFT + piece(after)
