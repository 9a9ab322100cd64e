"""People whom a partner was ever handed, by keys alone: so that even who was erased stays on the opt-out list."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import AddressKeys
from contacts.domain.permission import BLOCKING, Numbered, blocked_scopes
from contacts.domain.scopes import covering
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.duties import PartnerDuty
from contacts.storage.former_keys import FormerKey, former_keys_of, later_keys_of
from contacts.storage.partners import Partner
from core.database import Base, Key, insert_new

_MOST_KEYS = 5_000


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


def project_duties(session: Session, events: Sequence[Numbered], *, at: datetime) -> None:
    """Note for each partner which of these events it must hear of: who stopped something, and is in its hands."""
    stopping = [event for event in events if event.fact.kind in BLOCKING]
    rows: list[dict[str, Any]] = []
    for start in range(0, len(stopping), _MOST_KEYS):
        rows += _duties(session, stopping[start : start + _MOST_KEYS], at)
    insert_new(session, PartnerDuty, rows)


def _duties(session: Session, stopping: Sequence[Numbered], at: datetime) -> Iterable[dict[str, Any]]:
    former = _former(session, {event.fact.own for event in stopping})
    own = {event.fact.own for event in stopping} | {key for keys in former.values() for key in keys}
    partners = _holders(session, own, {event.fact.family for event in stopping})
    for event in stopping:
        scopes = set(blocked_scopes(event.fact.kind, event.fact.scope))
        keys = (event.fact.own, event.fact.family, *former.get(event.fact.own, ()))
        holders = {holder for key in keys for holder in partners.get(key, ())}
        for partner_id, name in sorted(holders):
            if scopes & {*covering(f"partner:{name}"), *covering(f"sharing:{name}")}:
                yield {"partner_id": partner_id, "event_sequence": event.sequence, "since": at}


def _former(session: Session, own: Collection[bytes]) -> dict[bytes, list[bytes]]:
    """The keys that these people had before; few ever change their address."""
    changed = session.scalars(select(FormerKey.address_key).where(FormerKey.address_key.in_(own)).distinct())
    return {bytes(key): [each.own for each in former_keys_of(session, key)] for key in list(changed)}


def _holders(
    session: Session, own: Collection[bytes], families: Collection[bytes]
) -> dict[bytes, set[tuple[int, str]]]:
    """The partners that hold each of these people, or somebody of their family, by key."""
    found: dict[bytes, set[tuple[int, str]]] = {}
    for column, keys in ((SharedPerson.address_key, own), (SharedPerson.family_key, families)):
        rows = session.execute(
            select(column, Partner.id, Partner.name)
            .join(Partner, Partner.id == SharedPerson.partner_id)
            .where(and_(column.in_(keys)))
        )
        for key, partner_id, name in rows:
            found.setdefault(bytes(key), set()).add((partner_id, name))
    return found
