"""Verifying the ledger: the chain is recomputed, and all that is drawn from it is derived anew (G9, G18)."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.anchors import Anchor, broken_anchor, house_of
from contacts.domain.chain_faults import Link, what_happened
from contacts.domain.facts import GENESIS
from contacts.domain.lifting import require_right
from contacts.domain.reckoning import first_difference, ordered
from contacts.storage.chains import first_hash, has_foreign_word, links, people, unreadable
from contacts.storage.ledger import LedgerHead
from contacts.storage.policies import policy_table
from core.errors import Conflict, Forbidden

KEY_SHOWN = 4
"""Bytes of a person's key that a fault may show: enough to find the row, too few to guess an address by."""

TELL_EVERY = 2000

Told = Callable[[int], None]
"""Is told now and then how many more events were read; each is read twice."""


@dataclass(frozen=True)
class Verified:
    """How many events were read, and the first thing that is wrong; None if nothing is."""

    events: int
    fault: str | None
    digest: bytes = GENESIS
    people: int = 0


def verify_ledger(session: Session, anchors: Sequence[Anchor] = (), told: Told = lambda _: None) -> Verified:
    """Read every event twice: in order for the chain, and person by person for what is drawn from it.

    Memory does not grow with the ledger. Anchors are looked at on the way; the session must see one state.
    """
    house = house_of(first_hash(session))
    found = _walk(session, anchors, house, told)
    fault = found.fault or _head_fault(session, found) or _end_fault(anchors, house, found.events)
    return replace(found, fault=fault) if fault else _reckon(session, found, told)


def _walk(session: Session, anchors: Sequence[Anchor], house: str, told: Told) -> Verified:
    """The chain from the first event to the last, or to the first that is not as it was recorded."""
    count, digest = 0, GENESIS
    try:
        with closing(links(session)) as chain:
            for link in chain:
                if link.sequence != count + 1 or not link.follows(digest):
                    return Verified(count, _break(session, digest, count + 1, link.sequence))
                if fault := _event_fault(link) or _anchor_fault(anchors, house, link):
                    return Verified(count, fault)
                count, digest = count + 1, link.hash
                if count % TELL_EVERY == 0:
                    told(TELL_EVERY)
    except (TypeError, ValueError):
        return Verified(count, f"Event {unreadable(session, count + 1)} cannot be read: a column holds no such thing.")
    return Verified(count, None, digest)


def _break(session: Session, before: bytes, expected: int, first: int) -> str:
    head = session.scalar(select(LedgerHead.hash).where(LedgerHead.id == 1))
    with closing(links(session, first=first)) as rest:
        return what_happened(before, expected, rest, bytes(head or b""))


def _event_fault(link: Link) -> str | None:
    if has_foreign_word(link.fact):
        return f"Event {link.sequence} is of a kind, or came by a door, that this program does not know."
    try:
        require_right(link.fact)
    except Forbidden as error:
        return f"Event {link.sequence} was not recorded by this program: {error}"
    return None


def _anchor_fault(anchors: Sequence[Anchor], house: str, link: Link) -> str | None:
    anchor = broken_anchor(anchors, link.sequence, link.hash)
    if anchor is None:
        return None
    return _stranger(anchor, house) or (
        f"The ledger was rewritten: event {anchor.events} or one before it is not what it was on {_day(anchor)}."
    )


def _head_fault(session: Session, found: Verified) -> str | None:
    head = session.execute(select(LedgerHead.sequence, LedgerHead.hash)).one_or_none()
    if head is None:
        return "The ledger has no head."
    if head.sequence != found.events:
        return f"The ledger ends at event {found.events}, but its head names {head.sequence}."
    return None if bytes(head.hash) == found.digest else f"The head's hash is not that of event {found.events}."


def _end_fault(anchors: Sequence[Anchor], house: str, events: int) -> str | None:
    beyond = next((anchor for anchor in anchors if anchor.events > events), None)
    if beyond is None:
        return None
    return (_stranger(beyond, house) if events else None) or (
        f"The end of the ledger was cut off: it held {beyond.events} events on {_day(beyond)}, and now holds {events}."
    )


def _stranger(anchor: Anchor, house: str) -> str | None:
    if anchor.house == house:
        return None
    return (
        f"The anchor is of another ledger (house {anchor.house}, this one is {house}), "
        "or this one was rewritten from its first event on."
    )


def _day(anchor: Anchor) -> str:
    return f"{anchor.at:%Y-%m-%d %H:%M} UTC"


def _reckon(session: Session, found: Verified, told: Told) -> Verified:
    """Each person's rows, drawn anew from their events; the same numbers where nothing is wrong."""
    policy, count, read = policy_table(session), 0, 0
    try:
        with closing(people(session)) as everybody:
            for own, story, kept in everybody:
                count, read = count + 1, read + len(story)
                if fault := first_difference(ordered(story, policy), kept):
                    return replace(found, fault=f"Of person {own.hex()[: 2 * KEY_SHOWN]}…, {fault}", people=count)
                if read >= TELL_EVERY:
                    told(read)
                    read = 0
    except (TypeError, ValueError, KeyError):
        fault = "A row that is drawn from the ledger, or the details of an event, cannot be read."
        return replace(found, fault=fault, people=count)
    return replace(found, people=count)


def ledger_anchor(session: Session) -> tuple[str, int, bytes]:
    """The house, number and hash that an anchor names: what the head says now.

    Raises:
        Conflict: there is no head.
    """
    head = session.execute(select(LedgerHead.sequence, LedgerHead.hash)).one_or_none()
    if head is None:
        raise Conflict("The ledger has no head.", remedy="Run `heedful init` if this database is new, else `verify`.")
    return house_of(first_hash(session)), head.sequence, bytes(head.hash)
