"""Verifying the ledger: the chain is recomputed, and blocks and consents are derived anew from it (G18)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.facts import GENESIS, chained_hash
from contacts.domain.permission import Numbered, Standing, apply
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent, as_grant
from contacts.storage.ledger import all_events, ledger_head


@dataclass(frozen=True)
class Verified:
    """How many events were read, and the first thing that is wrong; None if nothing is."""

    events: int
    fault: str | None


def verify_ledger(session: Session) -> Verified:
    """Read every event in order; memory grows with the number of people, not of events."""
    expected, digest = 1, GENESIS
    stands: dict[bytes, Standing] = {}
    for event in all_events(session):
        if event.sequence != expected:
            return Verified(expected - 1, f"Event {expected} is missing.")
        digest = chained_hash(digest, event.sequence, event.recorded_at, event.as_fact())
        if digest != bytes(event.hash):
            return Verified(expected - 1, f"Event {event.sequence} was changed, or what stood before it was.")
        apply(stands.setdefault(bytes(event.address_key), Standing()), Numbered(event.sequence, event.as_fact()))
        expected += 1
    last, kept = ledger_head(session)
    if (last, kept) != (expected - 1, digest):
        return Verified(expected - 1, f"The ledger ends at event {expected - 1}, but its head names {last}.")
    return Verified(expected - 1, _blocks_fault(session, stands) or _consents_fault(session, stands))


def _blocks_fault(session: Session, stands: dict[bytes, Standing]) -> str | None:
    derived = {(own, scope, reason.value) for own, each in stands.items() for scope, reason in each.blocks}
    rows = session.execute(select(Block.address_key, Block.scope, Block.reason))
    stored = {(bytes(own), scope, reason) for own, scope, reason in rows}
    if missing := derived - stored:
        return f"{len(missing)} blocks that the ledger orders are missing."
    return f"{len(stored - derived)} blocks stand that the ledger does not know." if stored - derived else None


def _consents_fault(session: Session, stands: dict[bytes, Standing]) -> str | None:
    derived = {(own, scope): grant for own, each in stands.items() for scope, grant in each.grants.items()}
    with session.scalars(select(Consent).execution_options(yield_per=1000)) as rows:
        for row in rows:
            if derived.pop((bytes(row.address_key), row.scope), None) != as_grant(row):
                return f"A consent for {row.scope} stands that event {row.event_sequence} does not give."
    return f"{len(derived)} consents that the ledger gives are missing." if derived else None
