"""A partner, and people who permit being handed to them, for the tests of partners."""

import csv
import hmac
import io
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys, Pepper, PepperRing
from contacts.domain.partnerships import Purpose
from contacts.services.feed_partner import key_for
from contacts.services.keep_partners import add_partner
from contacts.services.share_with_partner import Request, Shared, share_with_partner
from contacts.storage.partners import Partner
from core.database import Database
from tests.conftest import NOON
from tests.contacts.people import add_permitted

TERMS = {
    "title": "Acme Sounds",
    "contract_reference": "contract 7 of 2026",
    "privacy_email": "privacy@acme.test",
    "suppression_email": "lists@acme.test",
    "fields": ["address", "given_name"],
    "acknowledge_days": 7,
}


def acme(session: Session, *, at: datetime = NOON, name: str = "acme", **terms: Any) -> Partner:
    """A partner who may be given address and given name."""
    return add_partner(session, name, TERMS | terms, at=at, operator="kim@example.org")


def sharers(session: Session, pepper: Pepper, *addresses: str, at: datetime = NOON, **known: Any) -> list[AddressKeys]:
    """People who said yes to being handed to acme, and to its mail."""
    return [add_permitted(session, pepper, each, "sharing:acme", "partner:acme", at=at, **known) for each in addresses]


def share(database: Database, ring: PepperRing, *, at: datetime = NOON, **more: Any) -> tuple[Shared, list[dict]]:
    """Hand everybody who may be to acme; what became of it, and the rows that left."""
    file = io.BytesIO()
    request = Request("acme", Purpose.INFORM, "spring letter", "kim@example.org", more.pop("condition", {}))
    shared = share_with_partner(database, request, file, ring=ring, read_clock=lambda: at, **more)
    return shared, list(csv.DictReader(io.StringIO(file.getvalue().decode())))


def as_the_partner_knows(database: Database, ring: PepperRing, *addresses: str) -> set[str]:
    """What the partner works out from the addresses as they were written, with the key that they were given."""
    with database.reading() as session:
        key = key_for(session, ring, "acme")
    return {hmac.new(key, each.strip().lower().encode(), "sha256").hexdigest() for each in addresses}


def entries_of(file: bytes) -> list[str]:
    """The lines of an opt-out list that are people."""
    return [line for line in file.decode("ascii").splitlines() if not line.startswith("#")]
