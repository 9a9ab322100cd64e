"""Legal holds: reasons in law to keep somebody's data for now, and what they hinder."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contacts.storage.cases import LegalHold
from core.errors import NotFound


def put_hold(session: Session, own: bytes, basis: str, *, by: str, at: datetime) -> LegalHold:
    """Keep a person's data until somebody lifts the hold with a second pair of eyes."""
    hold = LegalHold(address_key=own, basis=basis, placed_at=at, placed_by=by[:200])
    session.add(hold)
    session.flush()
    return hold


def holds_of(session: Session, keys: Collection[bytes]) -> list[LegalHold]:
    """Every legal hold there was on a person, oldest first."""
    return list(session.scalars(select(LegalHold).where(LegalHold.address_key.in_(keys)).order_by(LegalHold.id)))


def hold_numbered(session: Session, number: int) -> LegalHold:
    """The hold of that number.

    Raises:
        NotFound: there is none.
    """
    found = session.get(LegalHold, number)
    if found is None:
        raise NotFound("There is no such legal hold.")
    return found


def take_hold_away(session: Session, number: int, *, by: str, at: datetime) -> bool:
    """Lift a hold; False if it was lifted before."""
    lifted = session.execute(
        update(LegalHold)
        .where(LegalHold.id == number, LegalHold.lifted_at.is_(None))
        .values(lifted_at=at, lifted_by=by[:200])
        .returning(LegalHold.id)
        .execution_options(synchronize_session="fetch")
    ).first()
    return lifted is not None
