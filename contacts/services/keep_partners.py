"""Keeping the registry of partners (P11): added, changed, made inactive and active again, never deleted."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.partnerships import Terms, read_partner_name
from contacts.domain.scopes import PARTNERS
from contacts.storage.closures import close_scope, reopen_scope
from contacts.storage.consents import Consent
from contacts.storage.handouts import acknowledge_up_to
from contacts.storage.partners import Partner, keep_terms, partner_named, terms_of
from contacts.storage.topics import Topic, topic_named
from core.errors import BadInput, Conflict

SALT_BYTES = 16


def add_partner(session: Session, name: str, given: Mapping[str, Any], *, at: datetime, operator: str) -> Partner:
    """Add a partner and its topic; nobody is mailable for it, and nobody shared, who does not say yes from now on.

    Raises:
        BadInput: the name or one of the terms cannot be used.
        Conflict: there is, or there was talk of, a partner of that name.
    """
    name, terms = read_partner_name(name), Terms.read(given)
    partner = Partner(name=name, salt=secrets.token_bytes(SALT_BYTES), created_at=at)
    if session.scalar(select(Partner.id).where(Partner.name == name)) is not None:
        raise Conflict(f"There is a partner “{name}” already; a partner is never deleted.")
    scopes = (partner.topic, partner.sharing)
    if session.scalar(select(Consent.scope).where(Consent.scope.in_(scopes)).limit(1)) is not None:
        raise Conflict(
            f"Somebody said yes to “{name}” before there was such a partner, and a new partner makes nobody mailable.",
            remedy="Choose another short name, and ask these people again.",
        )
    keep_terms(session, partner, terms, at=at, operator=operator)
    session.add(
        Topic(name=partner.topic, parent=PARTNERS, title=terms.title, description=_described(terms), created_at=at)
    )
    session.flush()
    return partner


def change_partner(session: Session, name: str, given: Mapping[str, Any], *, at: datetime, operator: str) -> Partner:
    """Write down new terms, or some of them; what is not named stays. What was agreed before stays readable.

    Raises:
        BadInput: one of the terms cannot be used.
        NotFound: there is no such partner.
    """
    partner = partner_named(session, name)
    before = terms_of(partner)
    terms = Terms.read(before.as_json() | {field: value for field, value in given.items() if value is not None})
    if terms != before:
        keep_terms(session, partner, terms, at=at, operator=operator)
        topic = topic_named(session, partner.topic)
        topic.title, topic.description = terms.title, _described(terms)
        session.flush()
    return partner


def deactivate_partner(session: Session, name: str, *, at: datetime, operator: str, why: str = "") -> Partner:
    """Stop all mail for a partner, and all sharing with them, from this commit on; a running campaign as well."""
    partner = partner_named(session, name)
    close_scope(session, partner.topic, at=at, operator=operator, why=why)
    return partner


def activate_partner(session: Session, name: str, *, at: datetime) -> Partner:
    """Take a partner up again: whoever permits it may be mailed as before, nobody else.

    What was due meanwhile stays due: an opt-out list that is late goes on stopping everything.
    """
    partner = partner_named(session, name)
    reopen_scope(session, partner.topic, at=at)
    return partner


def acknowledge_list(session: Session, name: str, number: int, *, at: datetime, operator: str) -> int:
    """Note that a partner says they heed an opt-out list, and with it all before; how many were waiting.

    Raises:
        BadInput: no list is named.
        NotFound: there is no such partner or list.
    """
    if number <= 0:
        raise BadInput("Say which opt-out list was acknowledged.", field="list")
    return acknowledge_up_to(session, partner_named(session, name).id, number, at=at, operator=operator)


def _described(terms: Terms) -> str:
    return f"Now and then something about products of {terms.title}"
