"""Consents: for each person and scope the strongest permission that was ever given."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.facts import Kind
from contacts.domain.permission import GRANTING, Grant, Numbered, grant_of, lapses_at, stronger
from contacts.domain.policy import Basis, PolicyTable
from contacts.domain.scopes import is_permittable
from contacts.storage.policies import policy_table
from core.bulk import insert_many
from core.database import Base, Key, Moment


class Consent(Base):
    """What one person permits on one scope, on which basis, under which version of the policy.

    `lapses_at` is worked out from the policy's rule: versions are immutable, so it never changes.
    """

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("basis IN ('consent', 'notice')", name="basis"),)

    address_key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    basis: Mapped[str] = mapped_column(String(10))
    source: Mapped[str | None] = mapped_column(String(20))
    policy_version: Mapped[str | None] = mapped_column(String(40))
    confirmed: Mapped[bool] = mapped_column(Boolean)
    event_sequence: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(Moment)
    given_at: Mapped[datetime] = mapped_column(Moment)
    lapses_at: Mapped[datetime | None] = mapped_column(Moment)


def project_consents(session: Session, events: Sequence[Numbered], *, at: datetime) -> None:
    """Bring the consents up to date with new events; a weaker basis never replaces a stronger one.

    An erasure takes every consent of the person away, those of the same batch that stand before it as well.
    """
    waiting: list[Numbered] = []
    for event in events:
        if event.fact.kind is Kind.ERASURE:
            _project(session, waiting, at)
            waiting = []
            session.execute(delete(Consent).where(Consent.address_key == event.fact.own))
        elif event.fact.kind in GRANTING:
            waiting.append(event)
    _project(session, waiting, at)


def _project(session: Session, events: Sequence[Numbered], at: datetime) -> None:
    granting = [event for event in events if is_permittable(event.fact.scope)]
    if not granting:
        return
    kept = _grants(session, {(event.fact.own, event.fact.scope) for event in granting})
    new: dict[tuple[bytes, str], Grant] = {}
    for event in granting:
        place, grant = (event.fact.own, event.fact.scope), grant_of(event)
        before = new.get(place) or kept.get(place)
        if before is None or stronger(grant, before):
            new[place] = grant
    policy = policy_table(session)
    added = [_row(place, grant, policy, at) for place, grant in new.items() if place not in kept]
    changed = [_row(place, grant, policy, at) for place, grant in new.items() if place in kept]
    if added:
        insert_many(session, Consent, added)
    if changed:
        session.execute(update(Consent), changed)


def _grants(session: Session, places: set[tuple[bytes, str]]) -> dict[tuple[bytes, str], Grant]:
    keys = {key for key, _ in places}
    rows = session.scalars(
        select(Consent).where(Consent.address_key.in_(keys)).execution_options(populate_existing=True)
    )
    return {
        (bytes(row.address_key), row.scope): as_grant(row)
        for row in rows
        if (bytes(row.address_key), row.scope) in places
    }


def as_grant(row: Consent) -> Grant:
    """The grant that a row keeps."""
    return Grant(row.event_sequence, Basis(row.basis), row.source, row.policy_version, row.confirmed, row.given_at)


def _row(place: tuple[bytes, str], grant: Grant, policy: PolicyTable, at: datetime) -> dict[str, Any]:
    return {
        "address_key": place[0],
        "scope": place[1],
        "basis": grant.basis.value,
        "source": grant.source,
        "policy_version": grant.policy_version,
        "confirmed": grant.confirmed,
        "event_sequence": grant.sequence,
        "since": at,
        "given_at": grant.given_at,
        "lapses_at": lapses_at(grant, place[1], policy),
    }


def consents_of(session: Session, own: bytes) -> list[Consent]:
    """A person's consents, by scope."""
    return list(session.scalars(select(Consent).where(Consent.address_key == own).order_by(Consent.scope)))


def consents_among(session: Session, keys: Collection[bytes]) -> dict[bytes, list[str]]:
    """The scopes that each of these people permits, by key."""
    rows = select(Consent.address_key, Consent.scope).where(Consent.address_key.in_(keys)).order_by(Consent.scope)
    found: dict[bytes, list[str]] = {}
    for key, scope in session.execute(rows):
        found.setdefault(bytes(key), []).append(scope)
    return found
