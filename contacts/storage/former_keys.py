"""Former keys: how a person was known before their address changed, so that nothing of theirs is forgotten."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import Address, AddressKeys
from contacts.storage.belongings import People
from contacts.storage.contacts import Contact, contact_by_key, contacts_by_keys
from core.database import Base, Key, Moment, insert_new


class FormerKey(Base):
    """One change of address: who has `address_key` now had `former_key` before. Neither address is kept."""

    __tablename__ = "former_key"
    __table_args__ = (Index("ix_former_key_former_key", "former_key"),)

    address_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    former_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    former_family: Mapped[bytes] = mapped_column(Key)
    since: Mapped[datetime] = mapped_column(Moment)


def move_contact(session: Session, contact: Contact, address: Address, keys: AddressKeys, *, at: datetime) -> None:
    """Give a contact another address; what it permits or forbids is the ledger's, and is carried by who calls this."""
    if keys.own == contact.address_key:
        contact.address, contact.updated_at = address.delivery, at
        session.flush()
        return
    remember_former(session, keys, contact.keys, at=at)
    contact.address, contact.address_key, contact.family_key = address.delivery, keys.own, keys.family
    contact.updated_at = at
    session.flush()


def remember_former(session: Session, now: AddressKeys, former: AddressKeys, *, at: datetime) -> None:
    """Keep that who is known by one key was known by another before."""
    row = {"address_key": now.own, "former_key": former.own, "former_family": former.family, "since": at}
    insert_new(session, FormerKey, [row])


def former_keys_of(session: Session, own: bytes) -> list[AddressKeys]:
    """The keys that a person had before, the nearest first; never those of who has an old address of theirs today."""
    found: list[AddressKeys] = []
    seen, ahead = {own}, [own]
    while ahead:
        rows = session.execute(
            select(FormerKey.former_key, FormerKey.former_family)
            .where(FormerKey.address_key.in_(ahead))
            .order_by(FormerKey.since.desc(), FormerKey.former_key)
        )
        ahead = []
        for former, family in rows:
            if bytes(former) not in seen:
                seen.add(bytes(former))
                ahead.append(bytes(former))
                found.append(AddressKeys(bytes(former), bytes(family)))
    return found


def later_keys_of(session: Session, own: bytes) -> list[bytes]:
    """The keys by which whoever had this one was known later, the nearest first."""
    found: list[bytes] = []
    ahead = [own]
    while ahead:
        query = select(FormerKey.address_key).where(FormerKey.former_key.in_(ahead)).order_by(FormerKey.since)
        ahead = [each for each in map(bytes, session.scalars(query)) if each not in {own, *found}]
        found += dict.fromkeys(ahead)
    return found


def people_of(session: Session, owns: Collection[bytes], *, until: datetime | None = None) -> People:
    """Everything by which many people are found, in a few queries; see `People` for `until`."""
    keys, ahead = set(owns), set(owns)
    while ahead:
        former = session.scalars(select(FormerKey.former_key).where(FormerKey.address_key.in_(ahead)))
        ahead = set(map(bytes, former)) - keys
        keys |= ahead
    contacts = {contact.id for contact in contacts_by_keys(session, list(owns)).values()}
    return People(frozenset(keys), frozenset(contacts), until)


def person_of(session: Session, own: bytes, *, until: datetime | None = None) -> People:
    """Everything by which one person is found; see `People` for `until`."""
    contact = contact_by_key(session, own)
    keys = frozenset({own, *(each.own for each in former_keys_of(session, own))})
    return People(keys, frozenset({contact.id} if contact else ()), until)
