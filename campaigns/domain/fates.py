"""What follows from what the mail server did with a message: its new state, why, and when it is tried again."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.domain.states import MessageState
from contacts.domain.delivery_reports import says_nobody_is_there
from contacts.domain.verdicts import Reason

WINDOW = timedelta(hours=24)
"""How long a message is tried again and again, by its pauses."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
QUIET_PAUSE = timedelta(minutes=15)
"""Until somebody whom quiet hours met at the last moment is asked for again; the claim knows when they end."""

PERMANENT = 5
_STATUS = re.compile(r"#?[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")

NOT_WRITTEN = "not_written"
REFUSED = "refused"
GIVEN_UP = "given_up"


class Fate(StrEnum):
    """What became of one handover."""

    SENT = "sent"  # the server took it
    DEFERRED = "deferred"  # it was not handed over: try again later
    FAILED = "failed"  # the server will never take it
    UNKNOWN = "unknown"  # the line died when the server may have had it already
    WITHHELD = "withheld"  # there was no permit


@dataclass(frozen=True)
class Consequence:
    """The state a message comes to; PLANNED with the moment of the next attempt."""

    state: MessageState
    reason: str | None = None
    next_try_at: datetime | None = None


_ENDS = {
    Fate.SENT: Consequence(MessageState.SENT),
    Fate.UNKNOWN: Consequence(MessageState.UNKNOWN),
    Fate.FAILED: Consequence(MessageState.FAILED, REFUSED),
}


def is_hard_bounce(code: int | None, said: str | None) -> bool:
    """Whether the server says for good that nobody is at the address: only by an enhanced status that means that.

    A refusal of our content, our network or our rate is also 5xx, and says nothing about the person. Where the answer
    begins with a status, as it should (RFC 2034), a second one in its words counts for nothing.
    """
    if code is None or code // 100 != PERMANENT or not said:
        return False
    head = _STATUS.match(said)
    return says_nobody_is_there(head.group() if head else said)


def consequence(
    fate: Fate, refused: Reason | None, attempts: int, at: datetime, chance: float, window: timedelta = WINDOW
) -> Consequence:
    """Say what follows from a fate.

    Args:
        fate: what became of the handover.
        refused: the gate's reason, if it gave no permit; None with WITHHELD means that asking failed (G5).
        attempts: how many handovers were tried before this one.
        at: now.
        chance: 0 to 1, spreads the next attempts of many messages.
        window: how long a message is tried again.
    """
    if fate in _ENDS:
        return _ENDS[fate]
    if refused is Reason.QUIET_HOURS:
        return Consequence(MessageState.PLANNED, refused.value, at + QUIET_PAUSE * (0.75 + chance / 2))
    if refused is not None:
        return Consequence(MessageState.WITHHELD, refused.value)
    again = next_try(attempts + 1, at, chance, window)
    gate_failed = Reason.GATE_FAILED.value if fate is Fate.WITHHELD else None
    if again is not None:
        return Consequence(MessageState.PLANNED, gate_failed, again)
    if gate_failed:
        return Consequence(MessageState.WITHHELD, gate_failed)
    return Consequence(MessageState.FAILED, GIVEN_UP)


def next_try(attempts: int, at: datetime, chance: float, window: timedelta = WINDOW) -> datetime | None:
    """The moment of the next attempt after `attempts` failed ones; None when it is time to give up.

    Each pause is twice the last; `chance` (0 to 1) spreads them by a quarter to both sides, so that a server that was
    away is not met by everybody at once. It is time when all pauses together are longer than the window; hours in which
    nothing was tried, because no server could be reached or people slept, do not count.
    """
    pauses = [_pause(number) for number in range(1, attempts + 1)]
    if sum(pauses, timedelta()) > window:
        return None
    return at + pauses[-1] * (0.75 + chance / 2)


def longest_pause(attempts: int) -> timedelta:
    """No message waits longer for its next try after so many that failed."""
    return _pause(attempts) * 1.25


def _pause(attempt: int) -> timedelta:
    doubled: int = 2 ** min(attempt - 1, 12)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
