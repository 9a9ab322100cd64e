"""Proposals: acts that need a second pair of eyes, who proposed them, and what another operator decided."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.storage.cases import Proposal
from core.errors import NotFound


class Gravest(StrEnum):
    """What nobody does alone."""

    CHILD_CORRECTION = "child_correction"
    DISCLOSURE = "disclosure"
    LIFT_LEGAL_HOLD = "lift_legal_hold"


APPROVED, REFUSED = "approved", "refused"


def put_proposal(
    session: Session,
    act: Gravest,
    keys: AddressKeys,
    evidence: str,
    *,
    by: int,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> Proposal:
    """Write down what one operator proposes."""
    proposal = Proposal(
        act=act.value,
        address_key=keys.own,
        family_key=keys.family,
        evidence=evidence,
        details=dict(details or {}),
        proposed_by=by,
        proposed_at=at,
    )
    session.add(proposal)
    session.flush()
    return proposal


def settle_proposal(session: Session, number: int, outcome: str, *, by: int, at: datetime) -> bool:
    """Write down what another operator decided; False if it was decided before. The table refuses the same person."""
    decided = session.execute(
        update(Proposal)
        .where(Proposal.id == number, Proposal.decided_at.is_(None))
        .values(outcome=outcome, decided_by=by, decided_at=at)
        .returning(Proposal.id)
        .execution_options(synchronize_session="fetch")
    ).first()
    return decided is not None


def proposal_numbered(session: Session, number: int) -> Proposal:
    """The proposal of that number.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Proposal, number)
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def proposals_about(session: Session, keys: Collection[bytes]) -> list[Proposal]:
    """Every proposal about a person, newest first."""
    query = select(Proposal).where(Proposal.address_key.in_(keys)).order_by(Proposal.id.desc())
    return list(session.scalars(query))


def open_proposals(session: Session) -> list[Proposal]:
    """What waits for a second pair of eyes, oldest first."""
    return list(session.scalars(select(Proposal).where(Proposal.decided_at.is_(None)).order_by(Proposal.id)))
