"""Changes of address: who asked on their own page to be written to elsewhere, until the new address confirms it.

What stops, pauses or limits goes along, and never a consent: the new address says its own yes by double opt-in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import AddressKeys, read_address
from contacts.domain.carrying import carried_restrictions
from contacts.domain.facts import Door
from contacts.domain.permission import Numbered
from contacts.domain.stopping import stop_fact
from contacts.storage.contacts import contact_by_key
from contacts.storage.former_keys import move_contact
from contacts.storage.ledger import history_of, record
from contacts.storage.signups import Signup, is_open
from core.database import Base, Key, Number


class AddressChange(Base):
    """The old keys of whoever asked for one sign-up as a change of address; gone with the request."""

    __tablename__ = "address_change"
    __table_args__ = (Index("ix_address_change_address_key", "address_key"),)

    signup_id: Mapped[int] = mapped_column(
        Number, ForeignKey("signup.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address_key: Mapped[bytes] = mapped_column(Key)
    family_key: Mapped[bytes] = mapped_column(Key)


@dataclass(frozen=True)
class Move:
    """A change under way: the old keys, and what was recorded of them before it."""

    old: AddressKeys
    history: tuple[Numbered, ...]


def keep_change(session: Session, signup_id: int, old: AddressKeys) -> None:
    """Keep whose request a sign-up is; an earlier request of the same person is void, with its link."""
    forget_changes(session, [old.own])
    session.add(AddressChange(signup_id=signup_id, address_key=old.own, family_key=old.family))
    session.flush()


def is_asked(session: Session, old: AddressKeys, new: AddressKeys, *, at: datetime) -> bool:
    """Whether the same change waits to be confirmed already: the link that was mailed for it stays good."""
    same = select(AddressChange.signup_id).join(Signup, Signup.id == AddressChange.signup_id)
    found = same.where(AddressChange.address_key == old.own, Signup.address_key == new.own, *is_open(at))
    return session.scalar(found) is not None


def forget_changes(session: Session, owns: Collection[bytes]) -> int:
    """Forget what these people asked and no new address confirmed yet, with that address; how many."""
    asked = select(AddressChange.signup_id).where(AddressChange.address_key.in_(owns))
    gone = session.execute(delete(Signup).where(Signup.id.in_(asked)).returning(Signup.id)).all()
    return len(gone)


def change_behind(session: Session, signup_id: int) -> AddressKeys | None:
    """The old keys, where a sign-up is a change of address."""
    change = session.get(AddressChange, signup_id)
    return AddressKeys(bytes(change.address_key), bytes(change.family_key)) if change is not None else None


def leave_old_address(session: Session, old: AddressKeys, *, at: datetime) -> Move:
    """Stop the old address; before the new one's consents are recorded, for a later block on a close spelling holds."""
    move = Move(old, tuple(history_of(session, old.own)))
    record(session, [stop_fact(old, Door.ADDRESS_CHANGE, at=at, details={"moved": True})], at=at)
    return move


def arrive_at_new_address(session: Session, move: Move, signup: Signup, *, at: datetime) -> None:
    """Bring every restriction along, after the new address's consents: what was stopped meanwhile stays stopped.

    The contact moves, unless the new address is a contact already: then the old one stays, stopped.
    """
    keys = AddressKeys(bytes(signup.address_key), bytes(signup.family_key))
    there = history_of(session, keys.own)
    record(session, carried_restrictions(move.history, there, keys, Door.ADDRESS_CHANGE, at=at), at=at)
    contact = contact_by_key(session, move.old.own)
    if contact is not None and contact_by_key(session, keys.own) is None:
        move_contact(session, contact, read_address(signup.address), keys, at=at)
    session.execute(delete(AddressChange).where(AddressChange.signup_id == signup.id))
