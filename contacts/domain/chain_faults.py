"""Chains: where the ledger's chain of hashes breaks first, and what was done to it there, for `heedful verify`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any

from contacts.domain.facts import Door, Fact, Kind, chained_hash
from contacts.domain.policy import Source
from contacts.domain.scopes import PARENTS

MOST_REMOVED = 10_000
"""How many removed events are looked for at one place, where those after them were numbered anew."""
NEIGHBOURS = 500

_COLUMNS = {"own": "address_key", "family": "family_key"}
_KEYS = frozenset({"own", "family"})


@dataclass(frozen=True)
class Link:
    """One event as it is stored; `fact` holds its words as they stand, even where they are no words of ours."""

    sequence: int
    recorded_at: datetime
    fact: Fact
    hash: bytes

    def follows(self, before: bytes, sequence: int | None = None) -> bool:
        """Whether it was recorded on top of that hash, with this number (its own, unless another is given)."""
        return self.digest(before, sequence) == self.hash

    def digest(self, before: bytes, sequence: int | None = None) -> bytes:
        """The hash that it should have there."""
        return chained_hash(before, self.sequence if sequence is None else sequence, self.recorded_at, self.fact)


def what_happened(before: bytes, expected: int, rest: Iterable[Link], head: bytes) -> str:
    """What was done at the first number where the chain breaks.

    `before` is the hash of the event before `expected`, `rest` what stands from there on (at least one), and `head` the
    hash that the ledger's head names.
    """
    links = iter(rest)
    near = list(islice(links, NEIGHBOURS))
    first = near[0]
    if first.sequence < expected:
        said = "was put in: numbers begin at 1" if first.sequence < 1 else "stands more than once"
        return f"Event {first.sequence} {said}."
    original = _find(before, expected, _chained(near, links))
    if original is not None and original.sequence != expected:
        return _moved(first, expected, original, near)
    if first.sequence > expected:
        last = first.sequence - 1
        return f"Event {expected} is missing." if last == expected else f"Events {expected} to {last} are missing."
    return _removed(first, near) or _changed(before, first, near, head)


def _chained(near: Sequence[Link], links: Iterator[Link]) -> Iterator[Link]:
    yield from near
    yield from links


def _find(before: bytes, expected: int, links: Iterable[Link]) -> Link | None:
    return next((link for link in links if link.follows(before, expected)), None)


def _moved(first: Link, expected: int, original: Link, near: Sequence[Link]) -> str:
    put_in = original.sequence - expected
    said = f"What was recorded as event {expected} stands as event {original.sequence}: "
    if first.sequence != expected:
        return said + "it was numbered anew."
    after = next((link for link in near if link.sequence == original.sequence + 1), None)
    if after is not None and after.follows(original.hash, expected + 1):
        return said + (f"event {expected} was put in." if put_in == 1 else f"{put_in} events were put in before it.")
    return said + "the order was changed."


def _removed(first: Link, near: Sequence[Link]) -> str | None:
    """Events taken out here, those after them numbered anew: their hashes still tell the numbers they had."""
    if len(near) == 1:
        return None
    second = near[1]
    for count in range(1, MOST_REMOVED):
        if second.follows(first.hash, second.sequence + count):
            what = f"Event {first.sequence} is" if count == 1 else f"{count} events from {first.sequence} on are"
            return f"{what} missing, and those after were numbered anew."
    return None


def _changed(before: bytes, first: Link, near: Sequence[Link], head: bytes) -> str:
    said = f"Event {first.sequence} was changed"
    computed = first.digest(before)
    rests_on_stored = near[1].follows(first.hash) if len(near) > 1 else head == first.hash
    rests_on_computed = near[1].follows(computed) if len(near) > 1 else head == computed
    if rests_on_computed:
        return f"{said}: its hash, and nothing else."
    if not rests_on_stored:
        return f"{said}, and its hash or the event after it as well."
    return f"{said}: {_column(before, first, near)}."


def _column(before: bytes, first: Link, near: Sequence[Link]) -> str:
    """Which column was changed, where putting back what may have stood there makes the hash right again."""
    for name, value in _candidates(first, near):
        was = replace(first, **{name: value}) if name == "recorded_at" else None
        was = was or replace(first, fact=replace(first.fact, **{name: value}))
        if was.follows(before):
            column = _COLUMNS.get(name, name)
            return f"its {column}" if name in _KEYS else f"its {column}, which was {_said(value)}"
    if first.sequence > 1:
        return "evidence, details or several columns; or the event before it was rewritten with its hash"
    return "evidence, details or several columns"


def _said(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _candidates(first: Link, near: Sequence[Link]) -> Iterator[tuple[str, Any]]:
    yield "confirmed", not first.fact.confirmed
    yield from (("kind", kind) for kind in Kind)
    yield from (("door", door) for door in Door)
    yield from (("scope", scope) for scope in PARENTS)
    yield from (("source", source) for source in (None, *(each.value for each in Source)))
    yield from (("policy_version", None), ("evidence", ""), ("details", {}))
    yield from (("details", {"reason": kind.value}) for kind in Kind)
    names = [field.name for field in fields(Fact) if field.name not in {"kind", "door", "confirmed"}]
    for link in near:
        yield from (("recorded_at", moment) for moment in (link.recorded_at, link.fact.at))
        yield from (("at", moment) for moment in (link.recorded_at, link.fact.at))
        yield from ((name, getattr(link.fact, name)) for name in names)
