"""People whom a partner was ever handed, by keys alone: so that even who was erased stays on the opt-out list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, ForeignKey, Index, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Fact
from contacts.domain.permission import BLOCKING, Numbered, blocked_scopes
from contacts.domain.scopes import covering
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.duties import PartnerDuty
from contacts.storage.former_keys import FormerKey, former_keys_of, later_keys_of
from contacts.storage.partners import Partner
from core.database import Base, Key, insert_new
from core.kept import Kept, Rows, among


class SharedPerson(Base):
    """One person in the hands of one partner; only ever added, no foreign key to anything that can be deleted.

    `partner_hash` is how the partner knows them: worked out when they were handed over, for later we may have
    forgotten the address.
    """

    __tablename__ = "shared_person"
    __table_args__ = (
        Index("ix_shared_person_address_key", "address_key"),
        Index("ix_shared_person_family_key", "family_key"),
    )

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), primary_key=True)
    address_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    family_key: Mapped[bytes] = mapped_column(Key)
    partner_hash: Mapped[bytes] = mapped_column(Key)
    first_sequence: Mapped[int] = mapped_column(BigInteger)


def keep_shared(session: Session, partner_id: int, people: Iterable[tuple[AddressKeys, bytes, int]]) -> None:
    """Remember whom a partner is handed: their keys, how the partner knows them, and the event that records it."""
    rows = [
        {
            "partner_id": partner_id,
            "address_key": keys.own,
            "family_key": keys.family,
            "partner_hash": partner_hash,
            "first_sequence": sequence,
        }
        for keys, partner_hash, sequence in people
    ]
    insert_new(session, SharedPerson, rows)


def count_shared(session: Session, partner_id: int) -> int:
    """How many people a partner was ever handed."""
    shared = select(func.count()).select_from(SharedPerson).where(SharedPerson.partner_id == partner_id)
    return session.scalar(shared) or 0


def blocked_hashes(session: Session, partner: Partner, *, after: int = 0) -> list[bytes]:
    """How the partner knows those of them who are blocked now, in an order that tells nothing.

    `after`: only who is blocked by an event after this one. Blocked is who may get no mail for the partner, or may
    not be shared with them; a close spelling of somebody who opted out as well, as in the gate; and the old address of
    whoever opted out under a newer one.
    """
    stopped = or_(*(_stopped(scope, after) for scope in (partner.topic, partner.sharing)))
    query = select(SharedPerson.partner_hash).where(SharedPerson.partner_id == partner.id, stopped)
    return sorted({*map(bytes, session.scalars(query)), *_moved_and_stopped(session, partner, after)})


def _moved_and_stopped(session: Session, partner: Partner, after: int) -> Iterator[bytes]:
    moved = select(SharedPerson).where(
        SharedPerson.partner_id == partner.id,
        select(FormerKey.address_key).where(FormerKey.former_key == SharedPerson.address_key).exists(),
    )
    scopes = {*covering(partner.topic), *covering(partner.sharing)}
    for person in session.scalars(moved):
        stopped = select(Block.scope).where(
            Block.address_key.in_(later_keys_of(session, person.address_key)),
            Block.scope.in_(scopes),
            Block.event_sequence > after,
        )
        if session.scalar(stopped.limit(1)) is not None:
            yield bytes(person.partner_hash)


def _stopped(scope: str, after: int) -> ColumnElement[bool]:
    word = (
        select(Consent.event_sequence)
        .where(Consent.address_key == SharedPerson.address_key, Consent.scope == scope, Consent.confirmed)
        .correlate(SharedPerson)
        .scalar_subquery()
    )
    own = select(Block.scope).where(
        Block.address_key == SharedPerson.address_key, Block.scope.in_(covering(scope)), Block.event_sequence > after
    )
    relatives = select(Block.scope).where(
        Block.family_key == SharedPerson.family_key,
        Block.address_key != SharedPerson.address_key,
        Block.scope.in_(covering(scope)),
        Block.event_sequence > after,
        Block.event_sequence > func.coalesce(word, 0),
    )
    return or_(own.correlate(SharedPerson).exists(), relatives.correlate(SharedPerson).exists())


@dataclass(frozen=True)
class Asking:
    """Which of these keys belong to somebody who had another one before, few do; and which partners hold whom.

    Each of a person's two keys is asked for by itself: with both in one question a database may go through all of a
    partner's people.
    """

    changed: Kept
    own: Kept
    families: Kept


@lru_cache(maxsize=8)
def whom_partners_hold(dialect: Dialect) -> Asking:
    """The questions, spelt out: have it done before others have to wait."""
    of_changed = among(FormerKey.address_key, "keys", dialect)
    changed = Kept(select(FormerKey.address_key).where(of_changed).distinct(), ["keys"], dialect)
    by_own, by_family = (
        select(column.label("held"), Partner.id, Partner.name)
        .join_from(SharedPerson, Partner, Partner.id == SharedPerson.partner_id)
        .where(among(column, "keys", dialect))
        for column in (SharedPerson.address_key, SharedPerson.family_key)
    )
    return Asking(changed, Kept(by_own, ["keys"], dialect), Kept(by_family, ["keys"], dialect))


@dataclass(frozen=True)
class Looked:
    """What was asked about those who stop something: who of them had another key, and who is held by which partner."""

    changed: Rows
    own: Rows
    families: Rows


def look_who_must_hear(session: Session, facts: Sequence[Fact], asking: Asking) -> Looked | None:
    """Ask what `project_duties` reads; within `at_once` nothing is waited for. None where nothing is stopped."""
    stopping = [fact for fact in facts if fact.kind in BLOCKING]
    if not stopping:
        return None
    own, families = ({"keys": list(keys)} for keys in zip(*{(each.own, each.family) for each in stopping}, strict=True))
    changed, held = asking.changed.ahead(session, own), asking.own.ahead(session, own)
    return Looked(changed, held, asking.families.ahead(session, families))


def project_duties(session: Session, events: Sequence[Numbered], looked: Looked | None, *, at: datetime) -> None:
    """Note for each partner which of these events it must hear of: who stopped something, and is in its hands."""
    if looked is not None:
        insert_new(session, PartnerDuty, list(_duties(session, events, looked, at)))


def _duties(session: Session, events: Sequence[Numbered], looked: Looked, at: datetime) -> Iterable[dict[str, Any]]:
    partners: dict[bytes, set[tuple[int, str]]] = {}
    _add(partners, looked.own(), looked.families())
    former = {key: [each.own for each in former_keys_of(session, key)] for (key,) in looked.changed()}
    if former:
        keys = list({key for keys in former.values() for key in keys})
        _add(partners, whom_partners_hold(session.get_bind().dialect).own.rows(session, {"keys": keys}))
    for event in events:
        if event.fact.kind not in BLOCKING:
            continue
        scopes = set(blocked_scopes(event.fact.kind, event.fact.scope))
        known_by = (event.fact.own, event.fact.family, *former.get(event.fact.own, ()))
        for partner_id, name in sorted({holder for key in known_by for holder in partners.get(key, ())}):
            if scopes & {*covering(f"partner:{name}"), *covering(f"sharing:{name}")}:
                yield {"partner_id": partner_id, "event_sequence": event.sequence, "since": at}


def _add(partners: dict[bytes, set[tuple[int, str]]], *found: Sequence[Any]) -> None:
    for row in chain(*found):
        partners.setdefault(bytes(row.held), set()).add((row.id, row.name))
