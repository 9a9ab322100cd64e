"""Arrivals: many people of a list at once, what is known of them, and what is stored of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contacts.domain.addresses import Address, AddressKeys, PepperRing, read_address
from contacts.domain.facts import Fact
from contacts.domain.intake import PROFILE, Known
from contacts.domain.rows import ContactRow
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.foreign_lists import stop_listed
from contacts.storage.ledger import known_keys, record
from contacts.storage.locks import lock_families
from contacts.storage.successors import with_heirs
from core.bulk import insert_many, make_room

_FILLED = (*PROFILE, "attributes", "updated_at")


def known_people(session: Session, keys: Collection[AddressKeys]) -> dict[bytes, Known]:
    """What is known of each of these addresses, by its own key.

    Their locks are taken first, so that an opt-out is either seen here or comes after.
    """
    make_room(session)
    lock_families(session, {each.family for each in keys}, alone=True)
    known = {each.own: Known() for each in keys}
    columns = (Contact.id, Contact.created_at, Contact.attributes, *(getattr(Contact, name) for name in PROFILE))
    for own, *values in session.execute(select(Contact.address_key, *columns).where(Contact.address_key.in_(known))):
        names = ("id", "created_at", "attributes", *PROFILE)
        known[bytes(own)].profile = dict(zip(names, values, strict=True))
    for own in (heard := known_keys(session, known)):
        known[own].heard = True
    blocks = select(Block.address_key, Block.scope, Block.reason).where(Block.address_key.in_(heard))
    for own, scope, reason in session.execute(blocks):
        known[bytes(own)].blocks.add((scope, reason))
    for own, scope in session.execute(select(Consent.address_key, Consent.scope).where(Consent.address_key.in_(heard))):
        known[bytes(own)].consents.add(scope)
    return known


def known_with_heirs(
    session: Session, rows: Sequence[tuple[ContactRow, AddressKeys]]
) -> tuple[list[tuple[ContactRow, AddressKeys]], dict[bytes, Known]]:
    """Rows with the stops of whom their people became, and what is known of all of them, their locks held."""
    while True:
        keyed = with_heirs(session, rows)
        known = known_people(session, [keys for _, keys in keyed])
        if with_heirs(session, rows) == keyed:
            return keyed, known


def store_people(
    session: Session,
    known: Mapping[bytes, Known],
    families: Mapping[bytes, bytes],
    facts: Sequence[Fact],
    ring: PepperRing,
    *,
    at: datetime,
) -> int:
    """Add the contacts that are new, change those that were changed, and record the facts, all in bulk.

    Who arrives and stands on a hashed suppression list is opted out in the same breath; the number of those.
    """
    added: list[dict[str, Any]] = []
    filled: list[dict[str, Any]] = []
    for own, each in known.items():
        if each.profile is not None and each.fresh:
            added.append({**each.profile, "address_key": own, "family_key": families[own]})
        elif each.profile is not None and each.changed:
            filled.append({"id": each.profile["id"], **{name: each.profile[name] for name in _FILLED}})
    insert_many(session, Contact, added)
    if filled:
        session.execute(update(Contact), filled)
    listed = stop_listed(session, ring, [_person(row) for row in added], at=at)
    record(session, [*facts, *listed], at=at)
    return len(listed)


def _person(row: Mapping[str, Any]) -> tuple[Address, AddressKeys]:
    return read_address(row["address"]), AddressKeys(row["address_key"], row["family_key"])
