"""Scopes: what a permission or an opt-out speaks of; an opt-out covers its scope and everything below it."""

import re

from core.errors import BadInput

EVERYTHING = "everything"
MARKETING = "marketing"
PARTNERS = "partners"
RESEARCH = "research"
TRACKING = "tracking"
SHARING = "sharing"

ANNOUNCEMENTS = "announcements"
UPDATES = "updates"
OFFERS = "offers"
OTHER = "other"

PARENTS = {
    EVERYTHING: None,
    MARKETING: EVERYTHING,
    PARTNERS: EVERYTHING,
    RESEARCH: EVERYTHING,
    ANNOUNCEMENTS: MARKETING,
    UPDATES: MARKETING,
    OFFERS: MARKETING,
    OTHER: MARKETING,
    TRACKING: None,
    SHARING: None,
}
GROUPS = frozenset({EVERYTHING, MARKETING, PARTNERS, SHARING})
TOPICS = (ANNOUNCEMENTS, UPDATES, OFFERS, OTHER, RESEARCH)
ADVERTISING = frozenset({ANNOUNCEMENTS, OFFERS, OTHER})

_PARTNER = re.compile(r"(partner|sharing):[a-z0-9][a-z0-9-]{0,39}")


def parent_of(scope: str) -> str | None:
    """The scope right above; None for the three roots.

    Raises:
        BadInput: no such scope.
    """
    if scope in PARENTS:
        return PARENTS[scope]
    if _PARTNER.fullmatch(scope):
        return PARTNERS if scope.startswith("partner:") else SHARING
    raise BadInput(f"There is no scope “{scope}”.", field="scope", remedy="Scopes are: " + ", ".join(PARENTS) + ".")


def covering(scope: str) -> tuple[str, ...]:
    """The scope itself and everything above it: an opt-out from any of these covers it."""
    chain = [scope]
    while (above := parent_of(chain[-1])) is not None:
        chain.append(above)
    return tuple(chain)


def covers(wide: str, narrow: str) -> bool:
    """Whether an opt-out from `wide` stops `narrow`."""
    return wide in covering(narrow)


def is_topic(scope: str) -> bool:
    """Whether a campaign can have this scope as its topic: a leaf that mail is about."""
    return scope in TOPICS or (scope.startswith("partner:") and _PARTNER.fullmatch(scope) is not None)


def is_advertising(topic: str) -> bool:
    """Whether mail on this topic must say that it is advertising (G20): all promotion, ours and partners'."""
    return topic in ADVERTISING or topic.startswith("partner:")


def is_permittable(scope: str) -> bool:
    """Whether a consent may name this scope: leaves only, so that a new topic never inherits a permission."""
    return is_topic(scope) or scope == TRACKING or (scope.startswith("sharing:") and parent_of(scope) == SHARING)
