"""The policy table: which source of an address can justify which topic, and how."""

from enum import StrEnum

from contacts.domain.scopes import ANNOUNCEMENTS, OFFERS, OTHER, RESEARCH, TOPICS, TRACKING, UPDATES


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


SCOPES = (*TOPICS, TRACKING)
_CUSTOMERS = (Source.PURCHASE, Source.DOWNLOAD, Source.REGISTRATION)

Rules = dict[tuple[Source, str], Basis]


def strict_rules() -> Rules:
    """Opt-in: every topic needs the person's own yes; an address from correspondence or a survey justifies less."""
    rules = {(source, scope): Basis.CONSENT for source in Source for scope in SCOPES}
    for scope in (ANNOUNCEMENTS, OFFERS, OTHER):
        rules[Source.SURVEY, scope] = Basis.NONE
    rules[Source.CORRESPONDENCE, OFFERS] = Basis.NONE
    return rules


def notice_rules() -> Rules:
    """Opt-out, as in US law: customers and list members are told and may say stop; everybody else must say yes."""
    rules = strict_rules()
    for source in _CUSTOMERS:
        for scope in (ANNOUNCEMENTS, UPDATES, OFFERS, OTHER, RESEARCH, TRACKING):
            rules[source, scope] = Basis.NOTICE
    for scope in (ANNOUNCEMENTS, UPDATES, OTHER, TRACKING):
        rules[Source.MAILING_LIST, scope] = Basis.NOTICE
    return rules


PRESETS = {"strict": strict_rules, "notice": notice_rules}
