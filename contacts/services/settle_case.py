"""Settling a case: it is closed with how it ended, and the hold that it put on the address ends with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.case_kinds import CaseOutcome
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import is_held_by_another
from contacts.storage.cases import Case
from contacts.storage.ledger import record
from contacts.storage.locks import lock_families
from core.cards import mask_card_numbers
from core.errors import BadInput, Conflict


@dataclass(frozen=True)
class Settlement:
    """How a case ends, in whose words, by whom and where."""

    outcome: CaseOutcome
    note: str
    operator: str
    door: Door


def settle_case(session: Session, case: Case, settlement: Settlement, *, at: datetime) -> bool:
    """Close a case; whether its hold ended with it.

    The hold stays while another open case holds the same address. Ending a hold lifts no opt-out, no child flag and
    nothing else: who was stopped stays stopped.

    Raises:
        BadInput: nothing is said of why.
        Conflict: it is closed already.
    """
    note = mask_card_numbers(settlement.note.strip())
    if not note:
        raise BadInput("Say how it ended, and why.", field="note")
    lock_families(session, [case.family_key], alone=True)
    session.refresh(case, with_for_update=True)
    if case.closed_at is not None:
        raise Conflict("This request was settled already.")
    case.closed_at, case.outcome, case.notes = at, settlement.outcome.value, note
    case.operator = settlement.operator or case.operator
    session.flush()
    if not case.holds or is_held_by_another(session, case):
        return False
    held = [block.scope for block in blocks_of(session, case.address_key) if block.reason == BlockReason.HOLD]
    record(session, [_release(case, scope, note, settlement.door, at) for scope in held], at=at)
    return bool(held)


def _release(case: Case, scope: str, note: str, door: Door, at: datetime) -> Fact:
    details = {"reason": BlockReason.HOLD.value, "case": case.id}
    own, family = bytes(case.address_key), bytes(case.family_key)
    return Fact(own, family, Kind.RELEASE, scope, door, at, evidence=note, details=details)
