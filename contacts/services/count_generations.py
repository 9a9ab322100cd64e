"""Counting under which generation of the pepper people are known, for whoever wants to know what a rotation reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contacts.domain.addresses import Pepper, PepperRing, read_address
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event
from contacts.storage.peppers import generations
from core.errors import BadInput

_AT_ONCE = 1_000


@dataclass(frozen=True)
class Generations:
    """How many people are known under each generation, as far as it can be told."""

    contacts: Mapping[int, int]
    by_key_alone: int
    """People of the ledger who are no contacts: their key does not tell its generation."""
    under_none: int
    """Contacts whose address makes their key under no generation."""


def count_generations(session: Session, ring: PepperRing) -> Generations:
    """Key every contact's address under each generation and see which is theirs; some seconds for a million."""
    peppers = list(enumerate(generations(session, ring), 1))
    counts = dict.fromkeys((number for number, _ in peppers), 0)
    under_none = 0
    contacts = select(Contact.address, Contact.address_key).execution_options(yield_per=_AT_ONCE)
    for written, own in session.execute(contacts):
        number = _generation_of(written, bytes(own), peppers)
        if number is None:
            under_none += 1
        else:
            counts[number] += 1
    alone = select(func.count(Event.address_key.distinct())).where(
        Event.address_key.not_in(select(Contact.address_key))
    )
    return Generations(counts, session.scalar(alone) or 0, under_none)


def _generation_of(written: str, own: bytes, peppers: Sequence[tuple[int, Pepper]]) -> int | None:
    try:
        address = read_address(written)
    except BadInput:
        return None
    return next((number for number, pepper in peppers if pepper.keys(address).own == own), None)
