"""Opting out: the one act behind every door (G19); it can only restrict."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.domain.stopping import stop_fact
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import events_of, record
from contacts.storage.permits import wait_for_handovers
from contacts.storage.signups import family_asked_for
from core.database import Database


@dataclass(frozen=True)
class OptOut:
    """What was recorded; say it only after the commit and `hold_good` (GUARANTEES 4)."""

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

    Through the door of a provider's complaint it is a complaint, through that of a receiving server a bounce.

    Raises:
        BadInput: no such scope.
    """
    details = {"mailing": mailing_id} if mailing_id else {}
    fact = stop_fact(keys, door, at=at, scope=scope, evidence=evidence, details=details)
    return OptOut(keys.own, fact.scope, record(session, [fact], at=at)[0])


def complain(session: Session, keys: AddressKeys, *, at: datetime, evidence: str = "") -> OptOut:
    """Record a spam complaint: it stops everything, tracking and sharing; only double opt-in lifts it."""
    return opt_out(session, keys, EVERYTHING, Door.FEEDBACK_LOOP, at=at, evidence=evidence)


def hold_good(database: Database, stopped: Collection[OptOut], *, seconds: float) -> bool:
    """Wait after the commit until no message that any of these covers is being handed over; False if time ran out."""
    by_scope: dict[str, list[bytes]] = {}
    for each in stopped:
        by_scope.setdefault(each.scope, []).append(each.own)
    return all(wait_for_handovers(database, own, scope, seconds=seconds) for scope, own in by_scope.items())


def keys_behind(session: Session, own: bytes) -> AddressKeys:
    """The keys of whoever a link speaks of: from the contact, else from the ledger, else from who asks to join.

    Where none of them knows the person, their own key stands for the family's: the opt-out is kept all the same (G10).
    """
    contact = contact_by_key(session, own)
    if contact is not None:
        return AddressKeys(bytes(contact.address_key), bytes(contact.family_key))
    events: Sequence[Any] = events_of(session, own)
    return AddressKeys(own, bytes(events[-1].family_key) if events else family_asked_for(session, own) or own)
