"""Placing a legal hold: somebody's data stays for a reason in law, and permits nothing by that (P13)."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.mentions import without_addresses
from contacts.storage.cases import LegalHold
from contacts.storage.legal_holds import put_hold
from contacts.storage.locks import lock_families
from core.cards import mask_card_numbers
from core.errors import BadInput


def place_hold(session: Session, keys: AddressKeys, basis: str, *, operator: str, at: datetime) -> LegalHold:
    """Keep a person's data from now on, until two operators lift the hold; what was erased before is gone.

    Raises:
        BadInput: no reason in law is named.
    """
    said = without_addresses(mask_card_numbers(basis.strip()))
    if not said:
        raise BadInput("Name the reason in law: a court's file number, a claim, a statute.", field="basis")
    lock_families(session, {keys.family}, alone=True)
    return put_hold(session, keys.own, said, by=operator, at=at)
