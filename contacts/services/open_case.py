"""Opening a case: what a person asks of us, by form, reply, letter or telephone; it holds their address at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.case_kinds import CaseKind
from contacts.domain.facts import Door
from contacts.storage.case_lists import put_case
from contacts.storage.cases import Case
from core.cards import mask_card_numbers


@dataclass(frozen=True)
class Asked:
    """Who asks for what, in which words; `operator` is whoever took it down, "" where the person typed it."""

    kind: CaseKind
    door: Door
    address: str
    keys: AddressKeys
    words: str = ""
    operator: str = ""


def open_case(session: Session, asked: Asked, *, at: datetime) -> Case:
    """Keep what was asked, without card numbers (P8); who asks the same again adds to the case that is open.

    Where the kind says so the address is held from now on; say so only after the commit and the wait (G1, G2).
    """
    keys = asked.keys
    case = Case(
        kind=asked.kind.value,
        door=asked.door.value,
        address=mask_card_numbers(asked.address, sparing_addresses=False),
        address_key=keys.own,
        family_key=keys.family,
        operator=asked.operator,
    )
    return put_case(session, case, mask_card_numbers(asked.words), at=at)
