"""What in the way a form is answered looks like a machine's: labels for reports, never a reason to drop an answer.

Mail scanners follow every link within seconds of delivery, run scripts and press buttons, with the names of ordinary
browsers; programs that fill in forms fill in fields that nobody sees. A person can look the same, so it is only said.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from campaigns.domain.machines import SCAN_WINDOW, Hit, machine_sign_of_request
from core.language import gettext as _

QUICKEST_PAGE = 1.0
QUICKEST_QUESTION = 0.35
"""Seconds below which nobody has read a page, and a question on it."""


class Sign(StrEnum):
    """One thing that machines do."""

    AGENT = "agent"
    TRAP = "trap"
    HASTY = "hasty"
    SOON = "soon"

    @property
    def words(self) -> str:
        """What it means, for a report."""
        return _(_WORDS[self])


_WORDS: Mapping[Sign, str] = {
    Sign.AGENT: "the browser says that it is a program",
    Sign.TRAP: "a field was filled in that nobody can see",
    Sign.HASTY: "a page was answered faster than it can be read",
    Sign.SOON: "answered within seconds of the delivery of the mail",
}


def signs_of_request(headers: Mapping[str, str], at: datetime, *, trap: str) -> frozenset[Sign]:
    """What the request alone tells; names of headers in lower case."""
    found = {Sign.AGENT} if machine_sign_of_request(Hit("GET", at, headers)) else set()
    return frozenset(found | ({Sign.TRAP} if trap else set()))


def signs_of_pace(seconds: float | None, questions: int) -> frozenset[Sign]:
    """What the time on a page with so many questions tells; None: not known."""
    hasty = seconds is not None and questions and seconds < max(QUICKEST_PAGE, QUICKEST_QUESTION * questions)
    return frozenset({Sign.HASTY} if hasty else ())


def signs_of_delivery(at: datetime, handed_over_at: datetime | None) -> frozenset[Sign]:
    """What the time since the mail was handed over tells; None: it never was, or nobody knows."""
    soon = handed_over_at is not None and at < handed_over_at + SCAN_WINDOW
    return frozenset({Sign.SOON} if soon else ())


def written(signs: Iterable[str], before: str = "") -> str:
    """The signs as they are kept, with those that were seen before."""
    return " ".join(sorted({*before.split(), *(str(sign) for sign in signs)}))


def read_signs(kept: str) -> tuple[Sign, ...]:
    """The signs that were kept."""
    return tuple(Sign(word) for word in kept.split() if word in list(Sign))
