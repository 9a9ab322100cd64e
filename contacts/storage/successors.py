"""Successors: who somebody became after their address changed, for an old mail's "stop" is said by the same person."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Fact
from contacts.domain.rows import ContactRow
from contacts.storage.contacts import contact_by_key
from contacts.storage.former_keys import FormerKey, later_keys_of
from contacts.storage.ledger import events_of, hold_still
from contacts.storage.locks import lock_families
from contacts.storage.signups import family_asked_for


def keys_known(session: Session, own: bytes) -> AddressKeys:
    """The keys of a person: from the contact, else from the ledger, else from who asks to join.

    Where none of them knows the person, their own key stands for the family's: what they say is kept all the same
    (G10).
    """
    contact = contact_by_key(session, own)
    if contact is not None:
        return AddressKeys(bytes(contact.address_key), bytes(contact.family_key))
    events: Sequence[Any] = events_of(session, own)
    return AddressKeys(own, bytes(events[-1].family_key) if events else family_asked_for(session, own) or own)


def with_successors(session: Session, fact: Fact) -> list[Fact]:
    """A restriction, and the same for everybody whom its person became: to be recorded in one call.

    A later address's fact names the event that it comes from, and no mailing: one person left it, once. Locks on all
    of them are taken first, then it is read anew: a change of address that was under way is either seen here, or
    carries what is recorded here.
    """
    families = {later.family for later in _later(session, fact.own)}
    lock_families(session, {fact.family, *families}, alone=True)
    later = _later(session, fact.own)
    if not later:
        return [fact]
    details = {each: said for each, said in fact.details.items() if each != "mailing"}
    details |= {"carried": True, "from": hold_still(session) + 1}
    return [fact, *(replace(fact, own=keys.own, family=keys.family, details=dict(details)) for keys in later)]


def with_heirs(
    session: Session, rows: Sequence[tuple[ContactRow, AddressKeys]]
) -> list[tuple[ContactRow, AddressKeys]]:
    """Rows of a list; for each that stops somebody, the same stops for everybody whom its person became.

    Read it once more when the locks on all of them are held: a change of address may have come between.
    """
    stopping = {keys.own for row, keys in rows if row.child or row.opt_outs}
    moved = set(session.scalars(select(FormerKey.former_key).where(FormerKey.former_key.in_(stopping)).distinct()))
    heirs = [
        (replace(row, source=None, consents=()), later)
        for row, keys in rows
        if keys.own in moved and (row.child or row.opt_outs)
        for later in _later(session, keys.own)
    ]
    return [*rows, *heirs]


def _later(session: Session, own: bytes) -> list[AddressKeys]:
    return [keys_known(session, later) for later in later_keys_of(session, own)]
