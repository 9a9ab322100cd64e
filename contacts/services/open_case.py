"""Opening a case: what a person asks of us, by form, reply, letter or telephone; it holds their address at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.case_kinds import TERMS, CaseKind, added_words, due_at
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import open_case_of
from contacts.storage.cases import Case
from contacts.storage.ledger import record
from contacts.storage.locks import lock_families
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
    lock_families(session, [asked.keys.family], alone=True)
    terms = TERMS[asked.kind]
    words = mask_card_numbers(asked.words)
    case = open_case_of(session, asked.keys.own, asked.kind)
    if case is None:
        case = Case(
            kind=asked.kind.value,
            door=asked.door.value,
            address=mask_card_numbers(asked.address, sparing_addresses=False),
            address_key=asked.keys.own,
            family_key=asked.keys.family,
            words="",
            holds=bool(terms.holds),
            opened_at=at,
            due_at=due_at(asked.kind, at),
            operator=asked.operator,
        )
        session.add(case)
    case.words = added_words(case.words, words, at)
    session.flush()
    held = {block.scope for block in blocks_of(session, asked.keys.own) if block.reason == BlockReason.HOLD}
    record(session, [_hold(asked, scope, case.id, at) for scope in terms.holds if scope not in held], at=at)
    return case


def _hold(asked: Asked, scope: str, number: int, at: datetime) -> Fact:
    keys, details = asked.keys, {"case": number}
    return Fact(keys.own, keys.family, Kind.HOLD, scope, asked.door, at, details=details)
