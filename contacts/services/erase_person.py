"""Erasing a person: everywhere, at once and for good; what stays is the keyed block, which also stops re-collection."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.case_kinds import CaseKind
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.mentions import without_addresses
from contacts.domain.scopes import EVERYTHING
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from contacts.storage.case_lists import open_cases_among
from contacts.storage.erasures import held, note
from contacts.storage.former_keys import former_keys_of, person_of
from contacts.storage.keepers import all_belongings, erase_rows
from contacts.storage.ledger import record
from contacts.storage.receipts import Act, give_receipt


@dataclass(frozen=True)
class Erased:
    """What was done; say it only after the commit and the wait for open permits (GUARANTEES 4).

    `hold` is the basis of a legal hold: then the person is blocked, and the rows go when it is lifted.
    """

    own: frozenset[bytes]
    counts: Mapping[str, int]
    hold: str = ""


def erase_person(
    session: Session,
    keys: AddressKeys,
    door: Door,
    *,
    at: datetime,
    operator: str,
    evidence: str = "",
    case_id: int | None = None,
) -> Erased:
    """Block a person under every key they ever had, and delete what is kept of them; contact or not, as often as asked.

    Their open cases end with it, and the holds of those: the erasure stops more than they did. Files go with
    `finish_erasures` after the commit, by the clock at the latest: the order to do so is stored here.

    Raises:
        Misconfigured: a package has not said what it keeps; nothing is recorded.
    """
    all_belongings()
    everyone = [keys, *former_keys_of(session, keys.own)]
    said = without_addresses(evidence)
    facts = [Fact(each.own, each.family, Kind.ERASURE, EVERYTHING, door, at, evidence=said) for each in everyone]
    numbers = record(session, facts, at=at)
    people = person_of(session, keys.own, until=at)
    _end_holds(session, people.keys, door, at=at, operator=operator)
    hold = held(session, people.keys)
    if hold is not None:
        return Erased(people.keys, {}, hold.basis)
    counts = erase_rows(session, people)
    note(session, numbers, rows_at=at)
    give_receipt(session, Act.ERASURE, keys.own, counts, operator=operator, at=at, case_id=case_id)
    return Erased(people.keys, counts)


def _end_holds(session: Session, owns: Collection[bytes], door: Door, *, at: datetime, operator: str) -> None:
    """End what open cases hold, for nobody could settle them later; where one may be about a child the hold stays."""
    cases = open_cases_among(session, owns)
    doubtful = {bytes(case.address_key) for case in cases if case.kind == CaseKind.CHILD}
    families: dict[bytes, tuple[bytes, int]] = {}
    for case in cases:
        case.operator = operator or case.operator
        if case.holds and bytes(case.address_key) not in doubtful:
            families[bytes(case.address_key)] = (bytes(case.family_key), case.id)
    session.flush()
    facts = [
        Fact(own, family, Kind.RELEASE, block.scope, door, at, details={"reason": block.reason, "case": number})
        for own, (family, number) in families.items()
        for block in blocks_of(session, own)
        if block.reason == BlockReason.HOLD
    ]
    record(session, facts, at=at)
