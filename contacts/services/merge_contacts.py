"""Merging two contacts of one person: every restriction of both holds for both, and no permission moves (G8)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.carrying import carried_restrictions
from contacts.domain.facts import Door, Fact
from contacts.domain.intake import PROFILE, merged_attributes
from contacts.storage.contacts import Contact, contact_numbered, keys_numbered
from contacts.storage.former_keys import remember_former
from contacts.storage.ledger import history_of, record
from contacts.storage.legal_holds import holds_of
from contacts.storage.locks import lock_families
from core.errors import Conflict


@dataclass(frozen=True)
class Merged:
    """What a merge did: fields that were filled, and the restrictions recorded, which are to be waited for (G1)."""

    kept: int
    filled: tuple[str, ...]
    facts: tuple[Fact, ...]


def merge_contacts(session: Session, keep_id: int, drop_id: int, *, at: datetime, by: str = "") -> Merged:
    """Keep one contact and drop the other; what was sent, clicked and answered stays with the address it happened to.

    The strictest of both holds for the address that is kept, and for the other one should it ever come back: blocks
    (a bounce excepted, which speaks of a mailbox), pauses, rhythm and holds. Consents stay with the address they were
    given for. Names, language, time zone and attributes are filled where the kept contact has none.

    Raises:
        NotFound: one of them is not there any more.
        Conflict: both are the same contact, or the law keeps the data of the one to drop.
    """
    if keep_id == drop_id:
        raise Conflict("This is one contact, not two.")
    families = {keys_numbered(session, number).family for number in (keep_id, drop_id)}
    lock_families(session, families, alone=True)
    session.expire_all()
    keep, drop = contact_numbered(session, keep_id), contact_numbered(session, drop_id)
    if any(hold.lifted_at is None for hold in holds_of(session, [drop.address_key])):
        raise Conflict("A legal hold keeps the data of the contact to drop.", remedy="Keep that one instead.")
    facts = united_restrictions(session, keep, drop, at=at, by=by)
    filled = _fill(keep, drop, at)
    remember_former(session, keep.keys, drop.keys, at=at)
    session.delete(drop)
    session.flush()
    record(session, facts, at=at)
    return Merged(keep.id, filled, tuple(facts))


def united_restrictions(session: Session, keep: Contact, drop: Contact, *, at: datetime, by: str) -> list[Fact]:
    """The facts after which each of the two is stopped, paused and limited as far as the other is."""
    kept, dropped = history_of(session, keep.address_key), history_of(session, drop.address_key)
    facts = [
        *carried_restrictions(dropped, kept, keep.keys, Door.MERGE, at=at),
        *carried_restrictions(kept, dropped, drop.keys, Door.MERGE, at=at),
    ]
    return [_signed(fact, by) for fact in facts]


def _signed(fact: Fact, by: str) -> Fact:
    return Fact(fact.own, fact.family, fact.kind, fact.scope, fact.door, fact.at, evidence=by, details=fact.details)


def _fill(keep: Contact, drop: Contact, at: datetime) -> tuple[str, ...]:
    filled = [name for name in PROFILE if getattr(drop, name) and not getattr(keep, name)]
    for name in filled:
        setattr(keep, name, getattr(drop, name))
    attributes = merged_attributes(keep.attributes, drop.attributes, overwrites=False)
    if attributes != keep.attributes:
        filled += sorted(attributes.keys() - keep.attributes.keys())
        keep.attributes = attributes
    if filled:
        keep.updated_at = at
    return tuple(filled)
