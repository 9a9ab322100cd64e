"""Endings: what is recorded of a message once its handover was answered, or never came to be."""

import random
from datetime import datetime, timedelta

from campaigns.domain.fates import NOT_WRITTEN, WINDOW, Fate, consequence
from campaigns.domain.smtp_replies import Phase
from campaigns.domain.states import MessageState
from campaigns.mail.smtp import Reply
from campaigns.sending.tasks import Letter, Task
from campaigns.storage.claims import Outcome
from campaigns.storage.handovers import Begone, Ended, Leave, NotHeld
from contacts.domain.verdicts import Reason
from core.errors import BadInput

_SENT, _SENT_SAID, _IS_SENT = Fate.SENT, Fate.SENT.value, MessageState.SENT


def not_written(task: Task, error: BadInput) -> Ended:
    """Nothing was sent: the mail could not be written, and why."""
    return Ended(Outcome(task.claim.message_id, MessageState.FAILED, NOT_WRITTEN, reply=error.message))


def ending(
    letter: Letter, reply: Reply, leave: Leave | None, *, at: datetime, away: float, window: timedelta = WINDOW
) -> Ended | Begone:
    """What became of a message.

    Args:
        letter: the message.
        reply: what the server said, or what happened to the line.
        leave: the permit's number, or why there was none; None if it was not asked for.
        at: now.
        away: seconds to wait where the server was not there at all: then nothing was tried.
        window: how long a message is tried again.
    """
    if reply.fate is _SENT and isinstance(leave, int):  # as nearly all end
        said = (reply.code, reply.text or None, letter.written.message_id)
        return Ended(Outcome(letter.number, _IS_SENT, None, *said, at), leave, _SENT_SAID)
    if isinstance(leave, NotHeld):
        return Begone(letter.number)
    if not reply.reached and not isinstance(leave, int):
        return Begone(letter.number, away)
    refused = leave if isinstance(leave, Reason) else None
    chance = random.random()  # noqa: S311 - spreads the next tries of many messages
    end = consequence(reply.fate, refused, letter.task.claim.attempts, at, chance, window)
    handed_over_at = at if reply.fate is Fate.SENT or reply.fate is Fate.UNKNOWN else None
    said = (reply.code, reply.text or None, letter.written.message_id)
    outcome = Outcome(letter.number, end.state, end.reason, *said, handed_over_at, end.next_try_at)
    permit_outcome = "deferred" if reply.fate is Fate.WITHHELD else reply.fate.value
    permit_id = leave if isinstance(leave, int) else None
    return Ended(outcome, permit_id, permit_outcome, of_sender=reply.phase is Phase.MAIL)
