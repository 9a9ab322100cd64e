"""Opting out: the one act behind every door (G19); it can only restrict."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.domain.stopping import stop_fact
from contacts.storage.ledger import record
from contacts.storage.permits import wait_for_handovers
from contacts.storage.successors import keys_known, with_successors
from core.database import Database


@dataclass(frozen=True)
class OptOut:
    """What was recorded; say it only after the commit and `hold_good` (GUARANTEES 4)."""

    own: bytes
    scope: str
    sequence: int
    later: tuple[bytes, ...] = ()
    """The keys of whom the person became, which are stopped as well."""


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

    Through the door of a provider's complaint it is a complaint, through that of a receiving server a bounce. It also
    stops every address that the person had later; a bounce does not, for it speaks of a mailbox and not of a person.

    Raises:
        BadInput: no such scope.
    """
    details = {"mailing": mailing_id} if mailing_id else {}
    fact = stop_fact(keys, door, at=at, scope=scope, evidence=evidence, details=details)
    facts = [fact] if fact.kind is Kind.BOUNCE else with_successors(session, fact)
    later = tuple(each.own for each in facts[1:])
    return OptOut(keys.own, fact.scope, record(session, facts, at=at)[0], later)


def complain(session: Session, keys: AddressKeys, *, at: datetime, evidence: str = "") -> OptOut:
    """Record a spam complaint: it stops everything, tracking and sharing; only double opt-in lifts it."""
    return opt_out(session, keys, EVERYTHING, Door.FEEDBACK_LOOP, at=at, evidence=evidence)


def hold_good(database: Database, stopped: Collection[OptOut], *, seconds: float) -> bool:
    """Wait after the commit until no message that any of these covers is being handed over; False if time ran out."""
    by_scope: dict[str, list[bytes]] = {}
    for each in stopped:
        by_scope.setdefault(each.scope, []).extend((each.own, *each.later))
    return all(wait_for_handovers(database, own, scope, seconds=seconds) for scope, own in by_scope.items())


def keys_behind(session: Session, own: bytes) -> AddressKeys:
    """The keys of whoever a link speaks of, known or not (G10)."""
    return keys_known(session, own)
