"""Flagging a child: absolute, from any source, never lifted by anything automatic (G13)."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.storage.ledger import record


def flag_child(session: Session, keys: AddressKeys, door: Door, *, at: datetime, evidence: str = "") -> int:
    """Block everything for a child; the event's number. Nothing else about the child is kept here."""
    fact = Fact(keys.own, keys.family, Kind.CHILD, EVERYTHING, door, at, evidence=evidence)
    return record(session, [fact], at=at)[0]
