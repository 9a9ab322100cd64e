"""Likelihoods: whether a message of unknown outcome probably arrived, from what is known about its end (G6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.language import gettext as _


class Ending(StrEnum):
    """What is known about the end of a message whose outcome is not."""

    UNANSWERED = "unanswered"
    SENDER_LIVED_ON = "sender_lived_on"
    SENDER_GONE = "sender_gone"
    NEVER_ASKED = "never_asked"


@dataclass(frozen=True)
class Traces:
    """What a message of unknown outcome left behind.

    `composed`: its sender itself told of the end, and named the Message-ID. `permitted_at`: when it got its permit.
    `lived_on`: the same sender got a permit in a later transaction, so it had read this one's answer.
    """

    composed: bool
    permitted_at: datetime | None
    lived_on: bool


SENTENCES = {
    Ending.UNANSWERED: _("The last byte was written, and no answer came that says what became of it."),
    Ending.SENDER_LIVED_ON: _("Its sender wrote on after it had leave for the last byte, and died before the answer."),
    Ending.SENDER_GONE: _("Its sender died just after it got leave for the last byte, perhaps before writing it."),
    Ending.NEVER_ASKED: _("Its sender died, and no leave for the last byte was ever given."),
}
"""What is known about the end, for operators."""


def ending(traces: Traces) -> Ending:
    """Say what is known.

    A sender that tells of an unknown outcome has written the last byte and got no answer that says more. One that
    asked for another permit later had the answer about this one before, and writes the last byte at once. One that was
    never heard of again may have died between the two. Without a permit nothing was written.
    """
    if traces.composed:
        return Ending.UNANSWERED
    if traces.permitted_at is None:
        return Ending.NEVER_ASKED
    return Ending.SENDER_LIVED_ON if traces.lived_on else Ending.SENDER_GONE


def probably_arrived(end: Ending) -> bool:
    """Whether the server probably has the message."""
    return end in {Ending.UNANSWERED, Ending.SENDER_LIVED_ON}
