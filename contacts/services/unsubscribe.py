"""Opting out: the one act behind every door (G19); it can only restrict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import parent_of
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import events_of, record


@dataclass(frozen=True)
class OptOut:
    """What was recorded; say it only after the commit and the wait for open permits (GUARANTEES 4)."""

    own: bytes
    scope: str
    sequence: int


def opt_out(
    session: Session,
    keys: AddressKeys,
    scope: str,
    door: Door,
    *,
    at: datetime,
    evidence: str = "",
    mailing_id: int = 0,
) -> OptOut:
    """Record that a person wants no more mail of this scope; any number of times, contact or not.

    Raises:
        BadInput: no such scope.
    """
    parent_of(scope)
    details: dict[str, Any] = {"mailing": mailing_id} if mailing_id else {}
    fact = Fact(keys.own, keys.family, Kind.OPT_OUT, scope, door, at, evidence=evidence, details=details)
    return OptOut(keys.own, scope, record(session, [fact], at=at)[0])


def complain(session: Session, keys: AddressKeys, *, at: datetime, door: Door = Door.FEEDBACK_LOOP) -> OptOut:
    """Record a spam complaint: it stops everything, tracking and sharing; only double opt-in lifts it."""
    fact = Fact(keys.own, keys.family, Kind.COMPLAINT, "everything", door, at)
    return OptOut(keys.own, "everything", record(session, [fact], at=at)[0])


def keys_behind(session: Session, own: bytes) -> AddressKeys:
    """The keys of whoever a link speaks of: from the contact, else from the ledger.

    Where neither knows the person, their own key stands for the family's: the opt-out is kept all the same (G10).
    """
    contact = contact_by_key(session, own)
    if contact is not None:
        return AddressKeys(bytes(contact.address_key), bytes(contact.family_key))
    events: Sequence[Any] = events_of(session, own)
    return AddressKeys(own, bytes(events[-1].family_key) if events else own)
