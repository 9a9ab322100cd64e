"""Contacts: who may perhaps be written to; whether they may is the gate's to say, never this table's."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    Index,
    String,
    Text,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import AddressKeys
from core.database import Base, Json, Key, Moment
from core.errors import NotFound
from core.kept import Kept, among


class Contact(Base):
    """A person's address, names and attributes; there is no field for payment data (P5)."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(
            "source IN ('purchase', 'download', 'registration', 'correspondence', 'mailing_list', 'survey')",
            name="source",
        ),
        Index("ix_contact_family_key", "family_key"),
        Index("ix_contact_family_name", "family_name", "given_name"),
        Index("ix_contact_address", "address"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[bytes] = mapped_column(Key, unique=True)
    family_key: Mapped[bytes] = mapped_column(Key)
    given_name: Mapped[str] = mapped_column(String(200), default="")
    family_name: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(35), default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="")
    source: Mapped[str] = mapped_column(String(20))
    source_at: Mapped[datetime] = mapped_column(Moment)
    evidence: Mapped[str] = mapped_column(Text, default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def keys(self) -> AddressKeys:
        """The person's own key and the family's."""
        return AddressKeys(self.address_key, self.family_key)

    @property
    def name(self) -> str:
        """Given and family name, as far as they are known."""
        return f"{self.given_name} {self.family_name}".strip()


class Addressee(NamedTuple):
    """A contact as it was when a message to it was claimed: what writing the message needs, apart from any session."""

    id: int
    address: str
    address_key: bytes
    family_key: bytes
    given_name: str
    family_name: str
    locale: str
    time_zone: str
    source: str
    attributes: dict[str, Any]

    @property
    def keys(self) -> AddressKeys:
        """The person's own key and the family's."""
        return AddressKeys(self.address_key, self.family_key)

    @property
    def name(self) -> str:
        """Given and family name, as far as they are known."""
        return f"{self.given_name} {self.family_name}".strip()


Person = Contact | Addressee
"""To whom a mail can be written."""


def contact_by_key(session: Session, own: bytes) -> Contact | None:
    """The contact with this key."""
    return session.scalar(select(Contact).where(Contact.address_key == own))


def contacts_by_keys(session: Session, keys: Collection[bytes]) -> dict[bytes, Contact]:
    """The contacts among these keys."""
    found = session.scalars(select(Contact).where(Contact.address_key.in_(keys)))
    return {contact.address_key: contact for contact in found}


def addressees(session: Session, keys: Collection[bytes]) -> dict[bytes, Addressee]:
    """The contacts among these keys, to write to."""
    rows = _addressees(session.get_bind().dialect).rows(session, {"keys": list(keys)}) if keys else []
    return {row.address_key: Addressee._make(row) for row in rows}


@lru_cache(maxsize=8)
def _addressees(dialect: Dialect) -> Kept:
    columns = (getattr(Contact, name) for name in Addressee._fields)
    return Kept(select(*columns).where(among(Contact.address_key, "keys", dialect)), ["keys"], dialect)


def contact_numbered(session: Session, contact_id: int) -> Contact:
    """A contact by its number.

    Raises:
        NotFound: there is none.
    """
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact; perhaps it was deleted.")
    return contact


def contacts_after(session: Session, last: int, *, most: int) -> list[Contact]:
    """The next contacts by number, for a look over all of them."""
    return list(session.scalars(select(Contact).where(Contact.id > last).order_by(Contact.id).limit(most)))


def keys_numbered(session: Session, contact_id: int) -> AddressKeys:
    """The keys of a contact by its number, to take its lock before anything else of it is read.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(select(Contact.address_key, Contact.family_key).where(Contact.id == contact_id)).first()
    if row is None:
        raise NotFound("There is no such contact; perhaps it was deleted.")
    return AddressKeys(bytes(row.address_key), bytes(row.family_key))
