"""Peppers: which generations of secrets this database knows people by, and the one key of each person among them.

A person's key never changes once it is known, so a rotation re-keys nobody and a block stays found for ever; only who
is new gets the newest generation. The database keeps one canary a generation and never a secret.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import String, select, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from contacts.domain.addresses import Address, AddressKeys, Pepper, PepperRing
from contacts.storage.blocks import Block
from contacts.storage.cases import Case, LegalHold, Proposal
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.former_keys import FormerKey
from contacts.storage.ledger import Event
from contacts.storage.signups import Signup
from core.database import Base
from core.errors import Misconfigured, Unavailable
from core.language import noted

log = logging.getLogger("heedful.peppers")

_BOTH = (Contact, Event, Block, Signup, Case, Proposal)
OWN = (
    *(each.address_key for each in _BOTH),
    Consent.address_key,
    LegalHold.address_key,
    FormerKey.former_key,
)
"""Where a person's own key is kept by which something may be recorded of them later, or must be found again."""
ALSO = (("invitation", "address_key"),)
"""Columns of tables above this floor, by name, that keep the key of somebody who need be nothing else here.

Not registered by who owns them: a process that had not loaded the owner would key the same person anew, and their
opt-out would be found under one key and not under the other.
"""
FAMILY = (*(each.family_key for each in _BOTH), FormerKey.former_family)
_MOST_VALUES = 30_000
"""Values that both databases take in one statement (SQLite 32,766, PostgreSQL 65,535)."""


class Canary(Base):
    """One generation of the pepper: a value that only its secret makes."""

    __tablename__ = "canary"

    generation: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(64), unique=True)


def remember_pepper(session: Session, ring: PepperRing) -> None:
    """Make the ring's newest secret the first generation of a database that knows none yet."""
    if session.scalar(select(Canary.generation).limit(1)) is None:
        session.add(Canary(generation=1, value=ring.peppers[0].canary))
        session.flush()


def generations(session: Session, ring: PepperRing) -> list[Pepper]:
    """The secrets that this database knows people by, oldest first; what else is in the ring keys nobody yet.

    Raises:
        Misconfigured: one of them is not in the ring; without it the opt-outs made under it would not be found.
    """
    known = session.execute(select(Canary.generation, Canary.value).order_by(Canary.generation)).all()
    held = {pepper.canary: pepper for pepper in ring.peppers}
    lacking = [str(generation) for generation, value in known if value not in held]
    if lacking or not known:
        raise Misconfigured(
            f"HEEDFUL_PEPPER lacks generation {', '.join(lacking) or '1'} of the pepper, which this database was begun "
            "or went on with; nothing is sent or imported.",
            remedy="Restore it from your copy: without it no opt-out made under it would be found.",
        )
    return [held[value] for _, value in known]


def begin_generation(session: Session, ring: PepperRing) -> int | None:
    """Key who is new with the ring's newest secret from now on; None if that is so already.

    Whoever looked up a key in a transaction that is still open is waited for, and whoever comes waits: else the
    same new person could be written down under two generations at once (PostgreSQL; SQLite has one writer).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE canary IN ACCESS EXCLUSIVE MODE"))
    known = generations(session, ring)
    if ring.peppers[0] in known:
        return None
    session.add(Canary(generation=(newest := len(known) + 1), value=ring.peppers[0].canary))
    session.flush()
    return newest


def keys_of(session: Session, ring: PepperRing, address: Address) -> AddressKeys:
    """The keys by which this house knows an address, or will."""
    return resolve(session, ring, [address])[0]


def resolve(session: Session, ring: PepperRing, addresses: Sequence[Address]) -> list[AddressKeys]:
    """The keys by which this house knows each address, or will: under the oldest generation that knows it.

    Call it in the transaction that records something under these keys: see `begin_generation`. While there is one
    generation nothing is looked up but that.

    Raises:
        Unavailable: another process began a generation that this one has not the secret of.
    """
    try:
        peppers = generations(session, ring)
    except Misconfigured as error:
        log.error("the pepper of this process is not the database's: restart it with the new one")  # noqa: TRY400 - no trace
        said = noted("We could not look up this address.")
        raise Unavailable(said, remedy=noted("Please try again in a minute.")) from error
    if len(peppers) == 1:
        return [peppers[0].keys(address) for address in addresses]
    found: list[AddressKeys] = []
    most = max(1, _MOST_VALUES // len(peppers))
    for start in range(0, len(addresses), most):
        candidates = [[pepper.keys(address) for pepper in peppers] for address in addresses[start : start + most]]
        own = _known(session, (*_places(OWN), *ALSO), (keys.own for each in candidates for keys in each))
        family = _known(session, _places(FAMILY), (keys.family for each in candidates for keys in each))
        found += [_chosen(each, own, family) for each in candidates]
    return found


def _chosen(candidates: Sequence[AddressKeys], own: set[bytes], family: set[bytes]) -> AddressKeys:
    """The oldest known of the candidates, else the newest; own and family each for itself."""
    newest = candidates[-1]
    return AddressKeys(
        next((each.own for each in candidates if each.own in own), newest.own),
        next((each.family for each in candidates if each.family in family), newest.family),
    )


def _places(columns: Iterable[InstrumentedAttribute[bytes]]) -> list[tuple[str, str]]:
    """Columns by the names of their table and their own."""
    return [(each.class_.__tablename__, each.key) for each in columns]


def _known(session: Session, columns: Iterable[tuple[str, str]], keys: Iterator[bytes]) -> set[bytes]:
    """Which of these keys stand in any of these columns; each is looked up in each column's index.

    Handed to the driver as it is: to SQLAlchemy's own IN, a thousand keys in eight columns cost 160 µs each.
    """
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return set()
    session.flush()
    mark = "(?)" if session.get_bind().dialect.name == "sqlite" else "(%s::bytea)"
    found = " UNION ".join(
        f"SELECT wanted.value FROM wanted CROSS JOIN {table} AS kept WHERE kept.{column} = wanted.value"  # noqa: S608 - our own names
        for table, column in columns
    )
    statement = f"WITH wanted (value) AS (VALUES {', '.join([mark] * len(wanted))}) {found}"
    return {bytes(key) for (key,) in session.connection().exec_driver_sql(statement, tuple(wanted))}
