"""Chains: the ledger and what is drawn from it, streamed for `heedful verify` however long they are."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from typing import Any, TypeVar, cast

from sqlalchemy import Row, Select, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session

from contacts.domain.chain_faults import Link
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Numbered
from contacts.domain.reckoning import ALL_MAIL, BLOCK, CONSENT, PAUSE, RHYTHM, Recorded, Rows, block_place
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.ledger import Event
from contacts.storage.pauses import Pause, Rhythm

AT_ONCE = 2000
_EVENT = tuple(Event.__table__.columns)
_KINDS = {each.value: each for each in Kind}
_DOORS = {each.value: each for each in Door}
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True)
class ForeignWord:
    """A word in the ledger that this program does not know."""

    value: str


def links(session: Session, *, first: int | None = None) -> Generator[Link]:
    """Every event in order, from number `first` on, or from whatever stands first."""
    query = select(*_EVENT).order_by(Event.sequence)
    if first is not None:
        query = query.where(Event.sequence >= first)
    yield from map(_link, _streamed(session, query))


def _streamed(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    try:
        with session.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:  # closed with this generator
            yield from rows
    except OperationalError as error:
        if "decode" not in str(error.orig):
            raise
        raise ValueError("a column holds text that is none") from None  # SQLite alone; its sentence shows the bytes


def _link(row: Row[Any]) -> Link:
    return Link(row.sequence, row.recorded_at, _fact(row), bytes(row.hash))


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        own=bytes(row.address_key),
        family=bytes(row.family_key),
        kind=_word(_KINDS, row.kind),
        scope=row.scope,
        door=_word(_DOORS, row.door),
        at=row.at,
        source=row.source,
        evidence=row.evidence,
        policy_version=row.policy_version,
        confirmed=row.confirmed,
        details=row.details,
    )


def _word(words: Mapping[str, _Word], word: str) -> _Word:
    return words.get(word) or cast(_Word, ForeignWord(word))


def has_foreign_word(fact: Fact) -> bool:
    """Whether an event is of a kind, or came by a door, that this program does not know."""
    words: tuple[object, ...] = (fact.kind, fact.door)
    return any(isinstance(word, ForeignWord) for word in words)


def unreadable(session: Session, first: int) -> int:
    """The first event from number `first` on that cannot be read; rows are fetched many at once, so it may be later."""
    last = max(last_number(session), first)
    for number in range(first, last):
        try:
            list(map(_link, _streamed(session, select(*_EVENT).where(Event.sequence == number))))
        except (TypeError, ValueError):
            return number
    return last


def last_number(session: Session) -> int:
    """The number of the last event; 0 where there is none."""
    return session.scalar(select(func.max(Event.sequence))) or 0


def first_hash(session: Session) -> bytes | None:
    """The hash of event 1, by which a ledger is told from another; None where there is none."""
    kept = session.scalar(select(Event.hash).where(Event.sequence == 1))
    return None if kept is None else bytes(kept)


def people(session: Session) -> Generator[tuple[bytes, list[Recorded], dict[str, Rows]]]:
    """Each person in the order of the keys: their events, and their rows in each table that is drawn from events.

    Five streams are read side by side, so that the memory needed is that of one person.
    """
    streams = [_tagged("event", _stories(session)), *(_tagged(what, _rows(session, what)) for what in _TABLES)]
    for own, found in groupby(merge(*streams, key=lambda each: each[0]), key=lambda each: each[0]):
        story: list[Recorded] = []
        kept: dict[str, dict[str, Any]] = {}
        for _, what, each in found:
            if what == "event":
                story.append(each)
            else:
                rows = kept.setdefault(what, {})
                rows[f"{each[0]}, twice" if each[0] in rows else each[0]] = each[1]
        yield own, story, cast("dict[str, Rows]", kept)


def _tagged(what: str, stream: Iterator[tuple[bytes, Any]]) -> Iterator[tuple[bytes, str, Any]]:
    return ((own, what, each) for own, each in stream)


def _stories(session: Session) -> Iterator[tuple[bytes, Recorded]]:
    query = select(*_EVENT).order_by(Event.address_key, Event.sequence)
    for row in _streamed(session, query):
        fact = _fact(row)
        yield fact.own, Recorded(Numbered(row.sequence, fact), row.recorded_at)


_TABLES: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    BLOCK: (Block, ("event_sequence", "rank", "family_key", "since")),
    CONSENT: (
        Consent,
        ("event_sequence", "basis", "source", "policy_version", "confirmed", "given_at", "since", "lapses_at"),
    ),
    PAUSE: (Pause, ("until",)),
    RHYTHM: (Rhythm, ("days",)),
}


def _rows(session: Session, what: str) -> Iterator[tuple[bytes, tuple[str, dict[str, Any]]]]:
    table, names = _TABLES[what]
    key = cast(InstrumentedAttribute[bytes], table.address_key)
    query = select(*table.__table__.columns).order_by(key)
    for row in _streamed(session, query):
        yield bytes(row.address_key), (_place(what, row), {name: getattr(row, name) for name in names})


def _place(what: str, row: Row[Any]) -> str:
    if what == BLOCK:
        return block_place(row.scope, row.reason)
    return ALL_MAIL if what == RHYTHM else str(row.scope)
