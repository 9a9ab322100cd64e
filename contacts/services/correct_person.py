"""Correcting what is held of a person, on their word: names, language, time zone, attributes, address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import Address, AddressKeys
from contacts.domain.carrying import carried_restrictions
from contacts.domain.cell_reading import LONGEST_NAME, clean, read_locale, read_time_zone
from contacts.domain.facts import Door, Fact
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.consents import consents_of
from contacts.storage.contacts import Contact, contact_by_key
from contacts.storage.former_keys import move_contact
from contacts.storage.ledger import history_of, record
from contacts.storage.locks import lock_families
from contacts.storage.receipts import Act, give_receipt
from core.errors import BadInput, Conflict, NotFound

_READ: dict[str, Callable[[str], str]] = {
    "given_name": lambda text: clean(text, LONGEST_NAME),
    "family_name": lambda text: clean(text, LONGEST_NAME),
    "locale": read_locale,
    "time_zone": read_time_zone,
}
_NO_MORE = frozenset({BlockReason.CHILD.value, BlockReason.ERASURE.value})


@dataclass(frozen=True)
class Correction:
    """What is to be put right; a field that is not named stays, an empty text takes the old one away."""

    fields: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    address: Address | None = None
    keys: AddressKeys | None = None


@dataclass(frozen=True)
class Corrected:
    """What was changed; say it only after the commit and the wait for what goes to the old address."""

    own: bytes
    changed: tuple[str, ...]


def correct_person(
    session: Session,
    keys: AddressKeys,
    wanted: Correction,
    *,
    at: datetime,
    operator: str,
    case_id: int | None = None,
) -> Corrected:
    """Put right what is held of a contact.

    A new address takes every restriction along and no permission: nothing is sent to it until it says yes itself.

    Raises:
        NotFound: no contact has this address.
        BadInput: a value cannot be kept.
        Conflict: the new address is another contact's, a child's, or somebody's who was erased.
    """
    families = {keys.family} | ({wanted.keys.family} if wanted.keys else set())
    lock_families(session, families, alone=True)
    contact = contact_by_key(session, keys.own)
    if contact is None:
        raise NotFound("Nobody of this address is a contact; there is nothing to put right.")
    values = _fields(wanted) | _attributes(contact, wanted)  # all read before any is put right
    changed = [name for name, value in values.items() if value != getattr(contact, name)]
    for name in changed:
        setattr(contact, name, values[name])
        contact.updated_at = at
    if wanted.address is not None and wanted.keys is not None and contact.address != wanted.address.delivery:
        _readdress(session, contact, keys, wanted.address, wanted.keys, at)
        changed.append("address")
    session.flush()
    counts: dict[str, Any] = dict.fromkeys(changed, 1)
    if changed:
        give_receipt(session, Act.CORRECTION, keys.own, counts, operator=operator, at=at, case_id=case_id)
    return Corrected(keys.own, tuple(changed))


def _fields(wanted: Correction) -> dict[str, Any]:
    unknown = next((name for name in wanted.fields if name not in _READ), None)
    if unknown is not None:
        raise BadInput("There is no such field.", field=unknown, remedy=f"Fields are: {', '.join(_READ)}.")
    return {name: _read(name, written) for name, written in wanted.fields.items()}


def _read(name: str, written: str) -> str:
    try:
        return _READ[name](written.strip())
    except BadInput as error:
        raise BadInput(f"It {error.message}.", field=name, remedy=error.remedy) from None


def _attributes(contact: Contact, wanted: Correction) -> dict[str, Any]:
    """Change or take away attributes that are there; whether one is a number or a word stays as it is."""
    attributes = dict(contact.attributes)
    for name, written in wanted.attributes.items():
        if name not in attributes:
            raise BadInput("This contact has no such attribute.", field=name)
        if not written.strip():
            del attributes[name]
        else:
            attributes[name] = _alike(attributes[name], clean(written), name)
    return {"attributes": attributes}


def _alike(before: Any, written: str, name: str) -> Any:
    try:
        if isinstance(before, bool):
            return {"yes": True, "true": True, "no": False, "false": False}[written.lower()]
        return type(before)(written)
    except (ValueError, KeyError):
        raise BadInput("This is not of the kind that stands there now.", field=name) from None


def _readdress(
    session: Session, contact: Contact, old: AddressKeys, address: Address, new: AddressKeys, at: datetime
) -> None:
    if new.own != old.own:
        there = contact_by_key(session, new.own)
        blocked = {block.reason for block in blocks_of(session, new.own)}
        if (there is not None and there.id != contact.id) or blocked & _NO_MORE:
            raise Conflict("The new address cannot be taken: it is another contact's, or nothing may be kept of it.")
        facts = carried_restrictions(
            history_of(session, old.own), history_of(session, new.own), new, Door.ADDRESS_CHANGE, at=at
        )
        if consents_of(session, new.own):
            facts.append(_until_it_says_yes(new, at))
        record(session, facts, at=at)
    move_contact(session, contact, address, new, at=at)


def _until_it_says_yes(keys: AddressKeys, at: datetime) -> Fact:
    """An opt-out where the new address had agreed to something before: an old yes must not come back to life (G8)."""
    return stop_fact(keys, Door.ADDRESS_CHANGE, at=at, details={"carried": True})
