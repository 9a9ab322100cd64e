"""What a handover answers: what became of the message, and the server's words without the addresses in them."""

import re
from typing import NamedTuple

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import LOST, Meaning, Meant, Phase, enhanced_status, meaning
from campaigns.mail.reply_reading import Said
from campaigns.mail.secrecy import Hide, as_it_is

_NO_LINE = (Phase.CONNECT, Phase.LOGIN)
_LONGEST_TEXT = 500
_READ_TEXT = 2 * _LONGEST_TEXT
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


class Reply(NamedTuple):
    """The answer to one handover.

    `meant`: whom the answer is about; where it is no message alone, the domain or the relay is left in peace a while.
    `enhanced`: the status of RFC 3463 ("4.7.1"), "" where the server gave none.
    """

    fate: Fate
    code: int | None = None
    text: str = ""
    phase: Phase = Phase.DOT
    enhanced: str = ""
    meant: Meant = Meant.MESSAGE

    @property
    def reached(self) -> bool:
        """False where there was no line to the server at all: nothing was said of this message."""
        return self.phase not in _NO_LINE


def answered(phase: Phase, said: Said, hide: Hide = as_it_is) -> Reply:
    """What the server's words mean; `hide` takes out of them what is ours alone."""
    status = enhanced_status(said.code, said.text)
    fate, meant = meaning(phase, said.code, status, said.text)
    return Reply(fate, said.code, masked(hide(said.text)), phase, status, meant)


def lost(phase: Phase, why: str, hide: Hide = as_it_is) -> Reply:
    """What it means that the line broke there."""
    fate, meant = meaning(phase, LOST, "", "")
    return Reply(fate, None, masked(hide(why)), phase, "", meant)


def withheld() -> Reply:
    """There was no permit."""
    return Reply(Fate.WITHHELD, None, "", Phase.BODY)


def what(reply: Reply) -> Meaning:
    """The reply in the words of the table."""
    return Meaning(reply.fate, reply.meant)


def masked(text: str) -> str:
    """What a server says, without the addresses in it: it is kept, shown and logged (P1)."""
    if "@" in text:
        if len(text) > _READ_TEXT:
            text = text[:_READ_TEXT].rpartition(" ")[0]  # no half of an address, which nothing would mask
        text = _ANY_ADDRESS.sub("•••@•••", text)
    text = text[:_LONGEST_TEXT]
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)
