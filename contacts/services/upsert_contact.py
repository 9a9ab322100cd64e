"""Taking in one person through the API, by the same rules as a row of an import; it can only restrict (G8)."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import PepperRing
from contacts.domain.columns import Target
from contacts.domain.facts import Door, Fact
from contacts.domain.headings import Field
from contacts.domain.import_modes import ImportMode
from contacts.domain.intake import Intake, take_in
from contacts.domain.rows import ContactRow, Defaults, Rejection, RowReader
from contacts.storage.arrivals import known_with_heirs, store_people
from contacts.storage.peppers import keys_of
from contacts.storage.policies import current_policy, policy_table
from contacts.storage.topics import open_topics
from core.errors import BadInput


@dataclass(frozen=True)
class Said:
    """One thing a call says, as a column of an import and its cell; `name` is what the caller calls it."""

    name: str
    field: Field
    cell: str


@dataclass(frozen=True)
class Terms:
    """What holds for a call: which token it came with, and how far it may change who is known."""

    token_id: int
    mode: ImportMode
    age_limit: int
    defaults: Defaults


@dataclass(frozen=True)
class Upserted:
    """What became of a person; `facts` are to be waited for, and a rejection is told after its restrictions hold."""

    counts: Mapping[str, int]
    facts: tuple[Fact, ...]
    rejection: Rejection | None = None


def spelt(name: str, field: Field, value: Any) -> Said:
    """A value of a call as the cell of a table."""
    if isinstance(value, bool):
        return Said(name, field, "yes" if value else "no")
    if isinstance(value, dict):
        return Said(name, field, json.dumps(value))
    return Said(name, field, value if isinstance(value, str) else "; ".join(value))


def upsert_contact(session: Session, ring: PepperRing, said: Sequence[Said], terms: Terms, *, at: datetime) -> Upserted:
    """Add somebody who is new, or restrict and complete somebody who is known; the same call again changes nothing.

    As in an import, what stops the person counts even where the rest cannot be used.

    Raises:
        BadInput: the address cannot be read; nothing is stored.
    """
    found = _reader(session, said, terms, at).read(0, [each.cell for each in said])
    row = found.kept if isinstance(found, Rejection) else found
    if row is None:
        raise as_error(found)
    counts: Counter[str] = Counter()
    facts = _store(session, ring, row, _intake(session, terms, at), counts)
    return Upserted(counts, tuple(facts), found if isinstance(found, Rejection) else None)


def _reader(session: Session, said: Sequence[Said], terms: Terms, at: datetime) -> RowReader:
    return RowReader(
        [each.name for each in said],
        [Target(each.field) for each in said],
        at=at,
        topics=frozenset(topic.name for topic in open_topics(session)),
        defaults=terms.defaults,
        age_limit=terms.age_limit,
    )


def _intake(session: Session, terms: Terms, at: datetime) -> Intake:
    version, policy = current_policy(session), policy_table(session)
    return Intake({"token": terms.token_id}, Door.API, at, version, policy, notice=False, mode=terms.mode)


def _store(session: Session, ring: PepperRing, row: ContactRow, intake: Intake, counts: Counter[str]) -> list[Fact]:
    keys = keys_of(session, ring, row.address)
    keyed, known = known_with_heirs(session, [(row, keys)])
    addressed = {own for own, each in known.items() if each.heard}
    facts = [fact for row, keys in keyed for fact in take_in(row, keys, known[keys.own], intake, counts)]
    families = {keys.own: keys.family for _, keys in keyed}
    counts["listed"] += store_people(session, known, families, facts, ring, at=intake.at)
    return [fact for fact in facts if fact.own in addressed]


def as_error(found: ContactRow | Rejection) -> BadInput:
    """What is wrong with a call, in the words of the import."""
    assert isinstance(found, Rejection)
    return BadInput(f"{found.field or 'address'} {found.reason}.", field=found.field or None, remedy=found.remedy)
