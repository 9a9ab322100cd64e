"""Flagging a child: absolute, from any source, never lifted by anything automatic (G13)."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.storage.ledger import record
from contacts.storage.successors import with_successors


def flag_child(session: Session, keys: AddressKeys, door: Door, *, at: datetime, evidence: str = "") -> list[bytes]:
    """Block everything for a child, under every address that they had later; the keys to wait for (G1)."""
    fact = Fact(keys.own, keys.family, Kind.CHILD, EVERYTHING, door, at, evidence=evidence)
    facts = with_successors(session, fact)
    record(session, facts, at=at)
    return [each.own for each in facts]
