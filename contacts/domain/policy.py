"""The policy table: which source of an address can justify which topic, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contacts.domain.scopes import (
    ANNOUNCEMENTS,
    MARKETING,
    OFFERS,
    OTHER,
    PARTNERS,
    RESEARCH,
    SHARING,
    TOPICS,
    TRACKING,
    UPDATES,
    rule_scope,
)


class Source(StrEnum):
    """Where an address came from (P6); there are exactly these six."""

    PURCHASE = "purchase"
    DOWNLOAD = "download"
    REGISTRATION = "registration"
    CORRESPONDENCE = "correspondence"
    MAILING_LIST = "mailing_list"
    SURVEY = "survey"


class Basis(StrEnum):
    """What a source is good for on a topic."""

    NONE = "none"
    CONSENT = "consent"
    NOTICE = "notice"


@dataclass(frozen=True)
class Rule:
    """What a source justifies on a topic, and for how many days where that is implied and not said."""

    basis: Basis
    expires_days: int | None = None


NOTHING = Rule(Basis.NONE)
SCOPES = (*TOPICS, TRACKING, MARKETING, PARTNERS, SHARING)
"""The lines of the table; a group's line speaks of the topics and partners that were added below it."""

_CUSTOMERS = (Source.PURCHASE, Source.DOWNLOAD, Source.REGISTRATION)
_CUSTOMER_DAYS = 730
"""Two years: how long a purchase implies that mail is welcome (as in Canada's anti-spam law, section 10)."""

Rules = dict[tuple[Source, str], Rule]
PolicyTable = Mapping[tuple[str, str, str], Rule]
"""(policy version, source, line of the table) → rule."""


def strict_rules() -> Rules:
    """Opt-in, as in the European Union (Directive 2002/58/EC, Article 13(1)): every topic needs the person's own yes.

    An address from correspondence or a survey justifies less: who wrote to us, or answered, did not ask for offers.
    """
    rules = {(source, scope): Rule(Basis.CONSENT) for source in Source for scope in SCOPES}
    for scope in (ANNOUNCEMENTS, OFFERS, OTHER, MARKETING, PARTNERS, SHARING):
        rules[Source.SURVEY, scope] = NOTHING
    for scope in (OFFERS, PARTNERS, SHARING):
        rules[Source.CORRESPONDENCE, scope] = NOTHING
    return rules


def notice_rules() -> Rules:
    """Opt-out, as in US law (CAN-SPAM, 15 U.S.C. 7704(a)): customers and list members are told, and may say stop.

    Everybody else must say yes. Partners and sharing stay off until the person says yes (P3, P9), and so do topics
    that are added later: nobody was told of them.
    """
    rules = strict_rules()
    for source in _CUSTOMERS:
        for scope in (ANNOUNCEMENTS, UPDATES, OFFERS, OTHER, RESEARCH, TRACKING):
            rules[source, scope] = Rule(Basis.NOTICE, _CUSTOMER_DAYS)
    for scope in (ANNOUNCEMENTS, UPDATES, OTHER, TRACKING):
        rules[Source.MAILING_LIST, scope] = Rule(Basis.NOTICE)
    return rules


PRESETS = {"strict": strict_rules, "notice": notice_rules}


def rule_for(policy: PolicyTable, version: str | None, source: str | None, scope: str) -> Rule:
    """What a version of the policy says of a source and a scope; nothing where it is silent."""
    return policy.get((version or "", source or "", rule_scope(scope)), NOTHING)
