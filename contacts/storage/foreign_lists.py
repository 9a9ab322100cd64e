"""Foreign lists: suppression lists that came as hashes, kept keyed, so that who arrives later is stopped as well."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.addresses import Address, AddressKeys, PepperRing
from contacts.domain.facts import Door, Fact
from contacts.domain.foreign_hashes import METHODS, ForeignHash, hashes_of, kept_as
from contacts.domain.stopping import stop_fact
from contacts.storage.partner_keys import partner_key
from contacts.storage.partners import partner_named
from contacts.storage.peppers import generations
from core.database import Base, Key, Moment, Number, insert_new

_MOST_VALUES = 30_000
"""Values that both databases take in one statement (SQLite 32,766, PostgreSQL 65,535)."""


class ForeignList(Base):
    """One list of hashes by one method, as it was imported; never deleted, for its blocks have no end (G9)."""

    __tablename__ = "foreign_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(String(60))
    import_run: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(Moment)


class ForeignEntry(Base):
    """One address that is not to be written to, known only by a keyed hash of a hash."""

    __tablename__ = "foreign_entry"
    __table_args__ = (Index("ix_foreign_entry_list_id", "list_id"),)

    kept: Mapped[bytes] = mapped_column(Key, primary_key=True)
    list_id: Mapped[int] = mapped_column(Number, ForeignKey("foreign_list.id"))


def keep_entries(
    session: Session, ring: PepperRing, hashes: Collection[ForeignHash], *, import_run: int, at: datetime
) -> int:
    """Keep hashes of one import, each once, with the list it came with last; the number that is new.

    Whoever looked up arrivals in a transaction that is still open is waited for, and whoever comes waits: a person
    arrives before this, and is found by the look over all contacts, or after it, and is found on arrival.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE foreign_list IN ACCESS EXCLUSIVE MODE"))
    pepper = generations(session, ring)[-1]
    lists = {
        method: _list_of(session, method, import_run=import_run, at=at)
        for method in sorted({each.method for each in hashes})
    }
    rows: list[dict[str, Any]] = [
        {"kept": kept_as(pepper, each), "list_id": lists[each.method]} for each in dict.fromkeys(hashes)
    ]
    kept = [row["kept"] for row in rows]
    known = session.scalar(select(func.count()).where(ForeignEntry.kept.in_(kept))) or 0
    for list_id in lists.values():
        mine = [row["kept"] for row in rows if row["list_id"] == list_id]
        session.execute(update(ForeignEntry).where(ForeignEntry.kept.in_(mine)).values(list_id=list_id))
    insert_new(session, ForeignEntry, rows)
    return len(rows) - known


def _list_of(session: Session, method: str, *, import_run: int, at: datetime) -> int:
    found = session.scalar(
        select(ForeignList.id).where(ForeignList.method == method, ForeignList.import_run == import_run)
    )
    if found is None:
        begun = ForeignList(method=method, import_run=import_run, made_at=at)
        session.add(begun)
        session.flush()
        found = begun.id
    return found


def methods_in_use(session: Session, ring: PepperRing) -> dict[str, bytes]:
    """The methods of all lists there are, each with its key; an unkeyed one has none."""
    methods = session.scalars(select(ForeignList.method).distinct()).all()
    return {method: b"" if method in METHODS else _key_of(session, ring, method) for method in methods}


def _key_of(session: Session, ring: PepperRing, method: str) -> bytes:
    return partner_key(session, ring, partner_named(session, method.partition(":")[2]))


def listed_among(
    session: Session, ring: PepperRing, addresses: Sequence[Address], *, import_run: int | None = None
) -> dict[int, int]:
    """Which of these addresses stand on a foreign list, or on those of one import: places with lists' numbers."""
    keys = methods_in_use(session, ring)
    if not keys:
        return {}
    peppers = generations(session, ring)
    places = {
        kept_as(pepper, each): place
        for place, address in enumerate(addresses)
        for each in hashes_of(address, keys)
        for pepper in peppers
    }
    found: dict[int, int] = {}
    wanted = list(places)
    for start in range(0, len(wanted), _MOST_VALUES):
        part = wanted[start : start + _MOST_VALUES]
        entries = select(ForeignEntry.kept, ForeignEntry.list_id).where(ForeignEntry.kept.in_(part))
        if import_run is not None:
            mine = select(ForeignList.id).where(ForeignList.import_run == import_run)
            entries = entries.where(ForeignEntry.list_id.in_(mine))
        found |= {places[bytes(kept)]: list_id for kept, list_id in session.execute(entries)}
    return found


def stop_listed(
    session: Session,
    ring: PepperRing,
    people: Sequence[tuple[Address, AddressKeys]],
    *,
    at: datetime,
    import_run: int | None = None,
) -> list[Fact]:
    """The opt-outs to record about those of these people who stand on a foreign list, or on those of one import."""
    found = listed_among(session, ring, [address for address, _ in people], import_run=import_run)
    return [
        stop_fact(people[place][1], Door.SUPPRESSION_LIST, at=at, details={"foreign_list": list_id})
        for place, list_id in sorted(found.items())
    ]
