"""How far a survey's answers are kept from the people who gave them, and who may reach its form (G14)."""

from datetime import datetime
from enum import StrEnum

SMALLEST_BATCH = 5
"""Anonymous responses that are let into the results together: among fewer, whoever watches could tell who was who."""
_FOLD = 1 << 62
"""Added to what a link carries instead of a negative number: links carry none."""
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
    return _PURPOSE + invitation_id.to_bytes(8, "big", signed=True)


def number_in_link(invitation_id: int) -> int:
    """What a link carries for this invitation: the numbers of pseudonyms are negative, those in links are not."""
    return invitation_id if invitation_id >= 0 else _FOLD - invitation_id


def number_from_link(carried: int) -> int:
    """The invitation for which a link carries this number."""
    return carried if carried < _FOLD else _FOLD - carried
