"""How far a survey's answers are kept from the people who gave them, and who may reach its form (G14)."""

from datetime import datetime
from enum import StrEnum

SMALLEST_BATCH = 5
"""Anonymous responses that are let into the results together: among fewer, whoever watches could tell who was who."""
_PURPOSE = b"heedful invitation answered v1\0"


class Anonymity(StrEnum):
    """Identified: with the invitation. Confidential: apart from it, until unlinked. Anonymous: with no way back."""

    IDENTIFIED = "identified"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"

    @property
    def strength(self) -> int:
        """How much it keeps apart; more is stricter."""
        return list(Anonymity).index(self)


class Access(StrEnum):
    """Invited: by a personal link alone. Public: by anybody's link. Code: by anybody's link and a code by e-mail."""

    INVITED = "invited"
    PUBLIC = "public"
    CODE = "code"


def day_of(at: datetime) -> datetime:
    """The beginning of a moment's day: all that an anonymous survey keeps of when."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def may_become(now: Anonymity, wanted: Anonymity, *, invited: bool, answered: bool) -> bool:
    """Whether a survey may change so: freely before the first invitation, then only stricter, then never."""
    if wanted is now:
        return True
    return not answered and (not invited or wanted.strength > now.strength)


def mark_of(invitation_id: int) -> bytes:
    """What the mark of an answered invitation is the keyed digest of (see `core.tokens.Keyring.digests`)."""
    return _PURPOSE + invitation_id.to_bytes(8, "big")
