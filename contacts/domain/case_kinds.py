"""What people ask of us: each kind of case, when it is due, and what is held until one of us has settled it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contacts.domain.scopes import CONFIRMATION, EVERYTHING, SHARING, TRACKING

LONGEST_WORDS = 4_000
MOST_WORDS = 16_000
"""Characters of one message, and of all that one case keeps."""
_SATURDAY = 5


class CaseKind(StrEnum):
    """What is asked, in the order in which a page offers it."""

    OPT_OUT = "opt_out"
    ERASURE = "erasure"
    ACCESS = "access"
    CORRECTION = "correction"
    CHILD = "child"
    OBJECTION = "objection"
    QUESTION = "question"


@dataclass(frozen=True)
class Terms:
    """In how many days a case is due (`working`: Saturdays and Sundays do not count), and which scopes it holds."""

    days: int
    working: bool = False
    holds: tuple[str, ...] = ()


_ALL = (EVERYTHING, TRACKING, SHARING)
TERMS = {
    CaseKind.OPT_OUT: Terms(2, working=True, holds=_ALL),
    CaseKind.OBJECTION: Terms(2, working=True, holds=_ALL),
    CaseKind.CHILD: Terms(2, working=True, holds=(*_ALL, CONFIRMATION)),
    CaseKind.ERASURE: Terms(30, holds=_ALL),
    CaseKind.ACCESS: Terms(30),
    CaseKind.CORRECTION: Terms(30),
    CaseKind.QUESTION: Terms(5, working=True),
}
"""The one table of terms. Mail stops at once where somebody wants it to; two working days are for reading their words.

Access, correction and erasure: one month by GDPR 12(3), counted as 30 days. A child's address gets not even the mail
that asks whether a sign-up was meant.
"""


class CaseOutcome(StrEnum):
    """How a case ended."""

    OPTED_OUT = "opted_out"
    CHILD = "child"
    ERASED = "erased"
    ANSWERED = "answered"
    RELEASED = "released"


def due_at(kind: CaseKind, at: datetime) -> datetime:
    """When a case that was opened at a moment is due."""
    terms = TERMS[kind]
    if not terms.working:
        return at + timedelta(days=terms.days)
    due, left = at, terms.days
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < _SATURDAY
    return due


def added_words(before: str, new: str, at: datetime) -> str:
    """What a case says after somebody wrote again; the oldest words stay, what is too long is cut."""
    said = new.strip()[:LONGEST_WORDS]
    if not said or said in before:
        return before
    return (f"{before}\n\n[{at:%Y-%m-%d %H:%M} UTC]\n{said}" if before else said)[:MOST_WORDS]
