"""Proposing what needs a second pair of eyes: correcting a child flag, disclosing somebody's data, lifting a hold."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.mentions import without_addresses
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.cases import Proposal
from contacts.storage.legal_holds import hold_numbered
from contacts.storage.proposals import Gravest, proposals_about, put_proposal
from core.cards import mask_card_numbers
from core.errors import BadInput, Conflict
from core.operators import Operator, Role, active_operator


def propose(
    session: Session,
    act: Gravest,
    keys: AddressKeys,
    evidence: str,
    *,
    operator: int,
    at: datetime,
    hold: int = 0,
) -> Proposal:
    """Write down what one operator of the team proposes; nothing is done by it.

    Raises:
        BadInput: no evidence, or no basis in law.
        Conflict: there is nothing to decide, or it waits to be decided already.
        Forbidden: the operator is disabled, or their role does not reach that far.
    """
    proposer: Operator = active_operator(session, operator, Role.EDITOR if act is _CHILD else Role.ADMIN)
    said = without_addresses(mask_card_numbers(evidence.strip()))
    if not said:
        raise BadInput("Say on what evidence, or on what basis in law.", field="evidence")
    _require_cause(session, act, keys, hold)
    details = {"hold": hold} if hold else {}
    for each in proposals_about(session, [keys.own]):
        if each.decided_at is None and each.act == act.value and each.details == details:
            raise Conflict("This is proposed already, and waits for somebody else to decide.")
    return put_proposal(session, act, keys, said, by=proposer.id, at=at, details=details)


_CHILD = Gravest.CHILD_CORRECTION


def _require_cause(session: Session, act: Gravest, keys: AddressKeys, hold: int) -> None:
    if act is _CHILD and all(block.reason != BlockReason.CHILD for block in blocks_of(session, keys.own)):
        raise Conflict("This address is not flagged as a child.")
    if act is Gravest.LIFT_LEGAL_HOLD:
        found = hold_numbered(session, hold)
        if found.lifted_at is not None or bytes(found.address_key) != keys.own:
            raise Conflict("This legal hold is not on this address, or was lifted before.")
