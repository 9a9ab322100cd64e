"""Deciding a proposal: a second operator approves or refuses it; only an approval does what was proposed."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.cases import Proposal
from contacts.storage.ledger import record
from contacts.storage.legal_holds import take_hold_away
from contacts.storage.proposals import APPROVED, REFUSED, Gravest, proposal_numbered, settle_proposal
from core.errors import Conflict, Forbidden
from core.operators import Role, active_operator, in_whose_hands


def decide(session: Session, number: int, *, approved: bool, operator: int, at: datetime) -> Proposal:
    """Settle a proposal, once, and do at an approval what it proposes.

    Raises:
        Conflict: it was decided before.
        Forbidden: the same person proposed it, or may have: somebody knows the passwords of both accounts; or one
            of the two is disabled or of a lesser role.
    """
    proposal = proposal_numbered(session, number)
    if proposal.proposed_by == operator:
        raise Forbidden("Somebody else has to decide what you proposed.")
    active_operator(session, operator, Role.ADMIN)
    _require_two_people(session, proposal.proposed_by, operator)
    if approved:
        active_operator(session, proposal.proposed_by, Role.EDITOR)
    if not settle_proposal(session, number, APPROVED if approved else REFUSED, by=operator, at=at):
        raise Conflict("This was decided before.")
    if approved:
        _DOERS[Gravest(proposal.act)](session, proposal, {"operators": [proposal.proposed_by, operator]}, at)
    return proposal


def _require_two_people(session: Session, proposer: int, decider: int) -> None:
    if in_whose_hands(session, proposer) & in_whose_hands(session, decider):
        raise Forbidden(
            "One person made, or set the password of, more than one of the two accounts that propose and decide this. "
            "Whoever was given a password sets one of their own first, on their own page."
        )


def _correct_child(session: Session, proposal: Proposal, two: dict[str, Any], at: datetime) -> None:
    """Lift the child's blocks and nothing else: what was opted out of stays so, what was deleted stays deleted."""
    reason = BlockReason.CHILD.value
    scopes = [block.scope for block in blocks_of(session, proposal.address_key) if block.reason == reason]
    details = {"reason": reason, "proposal": proposal.id} | two
    record(session, [_fact(proposal, Kind.RELEASE, scope, details, at) for scope in scopes], at=at)


def _disclose(session: Session, proposal: Proposal, two: dict[str, Any], at: datetime) -> None:
    """Record that the data may be handed over as the law requires; it changes no permission (P13)."""
    record(session, [_fact(proposal, Kind.DISCLOSED, EVERYTHING, {"proposal": proposal.id} | two, at)], at=at)


def _lift(session: Session, proposal: Proposal, two: dict[str, Any], at: datetime) -> None:
    by = ", ".join(f"operator {each}" for each in two["operators"])
    take_hold_away(session, int(proposal.details["hold"]), by=by, at=at)


_DOERS = {
    Gravest.CHILD_CORRECTION: _correct_child,
    Gravest.DISCLOSURE: _disclose,
    Gravest.LIFT_LEGAL_HOLD: _lift,
}


def _fact(proposal: Proposal, kind: Kind, scope: str, details: dict[str, Any], at: datetime) -> Fact:
    own, family = bytes(proposal.address_key), bytes(proposal.family_key)
    return Fact(own, family, kind, scope, Door.OPERATOR, at, evidence=proposal.evidence, details=details)
