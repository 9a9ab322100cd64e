"""Invented people for the tests of permission."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.ledger import record


def add_contact(session: Session, pepper: Pepper, written: str, *, at: datetime, **known: object) -> AddressKeys:
    """A contact from the mailing list, with nothing recorded about permission."""
    address = read_address(written)
    keys = pepper.keys(address)
    values: dict[str, object] = {
        "address": address.delivery, "address_key": keys.own, "family_key": keys.family, "source": "mailing_list",
        "source_at": at, "evidence": "a form", "created_at": at, "updated_at": at,
    }  # fmt: skip
    session.add(Contact(**(values | known)))
    session.flush()
    return keys


def kept(session: Session, own: bytes) -> Contact:
    """The contact of a key, who is there."""
    contact = contact_by_key(session, own)
    assert contact is not None
    return contact


def add_permitted(
    session: Session, pepper: Pepper, written: str, *topics: str, at: datetime, **known: object
) -> AddressKeys:
    """A contact who said yes to these topics when signing up."""
    keys = add_contact(session, pepper, written, at=at, **known)
    record(session, [consent(keys, topic, at=at) for topic in topics], at=at)
    return keys


def consent(keys: AddressKeys, topic: str, *, at: datetime, confirmed: bool = False) -> Fact:
    """A yes from the mailing-list form; a confirmed one is the person's own word."""
    door = Door.DOUBLE_OPT_IN if confirmed else Door.IMPORT
    return Fact(
        keys.own, keys.family, Kind.CONSENT, topic, door, at,
        source="mailing_list", evidence="a form", policy_version="2026-01", confirmed=confirmed,
    )  # fmt: skip


def fact(keys: AddressKeys, kind: Kind, scope: str, *, at: datetime, **more: object) -> Fact:
    """Any event, through the operator's door, or the person's own where it is their word."""
    reason = dict(more.get("details") or {}).get("reason")  # type: ignore[call-overload]  # test values
    own_word = more.get("confirmed") or kind in {Kind.PAUSE, Kind.RHYTHM}
    own_word = own_word or (kind is Kind.RELEASE and reason not in {"hold", "child"})
    more["confirmed"] = bool(own_word)
    door = Door.DOUBLE_OPT_IN if own_word else Door.OPERATOR
    return Fact(keys.own, keys.family, kind, scope, door, at, **more)  # type: ignore[arg-type]  # test values
