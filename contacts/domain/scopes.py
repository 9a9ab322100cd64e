"""Scopes: what a permission or an opt-out speaks of; an opt-out covers its scope and everything below it."""

import re

from core.errors import BadInput

EVERYTHING = "everything"
MARKETING = "marketing"
PARTNERS = "partners"
RESEARCH = "research"
TRACKING = "tracking"
SHARING = "sharing"
CONFIRMATION = "confirmation"
"""The one mail that somebody gets who has just asked for it: no opt-out covers it, a child's block does."""

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
    CONFIRMATION: None,
}
GROUPS = frozenset({EVERYTHING, MARKETING, PARTNERS, SHARING})
TOPICS = (ANNOUNCEMENTS, UPDATES, OFFERS, OTHER, RESEARCH)
ADVERTISING = frozenset({ANNOUNCEMENTS, OFFERS, OTHER})

_BELOW = {"marketing": MARKETING, "research": RESEARCH, "partner": PARTNERS, "sharing": SHARING}
"""What is added later says in its name where it belongs, so that an old block covers it from its first moment."""
_ADDED = re.compile(r"(marketing|research|partner|sharing):[a-z0-9][a-z0-9-]{0,39}")


def parent_of(scope: str) -> str | None:
    """The scope right above; None for the three roots.

    Raises:
        BadInput: no such scope.
    """
    if scope in PARENTS:
        return PARENTS[scope]
    if _ADDED.fullmatch(scope):
        return _BELOW[scope.partition(":")[0]]
    raise BadInput(
        f"There is no scope “{scope}”.",
        field="scope",
        remedy="Scopes are: " + ", ".join(PARENTS) + ", and what you added below one of them, such as partner:acme.",
    )


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
    """Whether a campaign can have this scope as its topic: something that mail is about."""
    return scope in TOPICS or (_ADDED.fullmatch(scope) is not None and not scope.startswith("sharing:"))


def is_advertising(topic: str) -> bool:
    """Whether mail on this topic must say that it is advertising (G20): all promotion, ours and partners'."""
    return topic in ADVERTISING or topic.startswith(("partner:", "marketing:"))


def is_research(topic: str) -> bool:
    """Whether mail on this topic asks and never sells (P4, G14): surveys, and topics added below research."""
    return topic == RESEARCH or topic.startswith("research:")


def is_permittable(scope: str) -> bool:
    """Whether a consent may name this scope: never a group, so that a new topic never inherits a permission."""
    return is_topic(scope) or scope == TRACKING or _ADDED.fullmatch(scope) is not None


def rule_scope(scope: str) -> str:
    """The line of the policy table that speaks of a scope: partners, sharing and added topics share their group's."""
    return scope if scope in PARENTS else _BELOW[scope.partition(":")[0]]


def partner_of(scope: str) -> str | None:
    """The name of the partner that a scope speaks of; None for our own."""
    kind, colon, name = scope.partition(":")
    return name if colon and kind in {"partner", "sharing"} else None
