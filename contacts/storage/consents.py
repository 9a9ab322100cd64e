"""Consents: for each person and scope the strongest permission that was ever given."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.permission import GRANTING, Grant, Numbered, stronger
from contacts.domain.policy import Basis
from contacts.domain.scopes import is_permittable
from core.bulk import insert_many
from core.database import Base, Key, Moment


class Consent(Base):
    """What one person permits on one scope, on which basis, under which version of the policy."""

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


def project_consents(session: Session, events: Sequence[Numbered], *, at: datetime) -> None:
    """Bring the consents up to date with new events; a weaker basis never replaces a stronger one."""
    granting = [e for e in events if e.fact.kind in GRANTING and is_permittable(e.fact.scope)]
    if not granting:
        return
    kept = _grants(session, {(event.fact.own, event.fact.scope) for event in granting})
    new: dict[tuple[bytes, str], Grant] = {}
    for event in granting:
        fact, place = event.fact, (event.fact.own, event.fact.scope)
        grant = Grant(event.sequence, GRANTING[fact.kind], fact.source, fact.policy_version, fact.confirmed)
        before = new.get(place) or kept.get(place)
        if before is None or stronger(grant, before):
            new[place] = grant
    added = [_row(place, grant, at) for place, grant in new.items() if place not in kept]
    changed = [_row(place, grant, at) for place, grant in new.items() if place in kept]
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
    return Grant(row.event_sequence, Basis(row.basis), row.source, row.policy_version, row.confirmed)


def _row(place: tuple[bytes, str], grant: Grant, at: datetime) -> dict[str, Any]:
    return {
        "address_key": place[0],
        "scope": place[1],
        "basis": grant.basis.value,
        "source": grant.source,
        "policy_version": grant.policy_version,
        "confirmed": grant.confirmed,
        "event_sequence": grant.sequence,
        "since": at,
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
