"""Undoing: what a person changed last on their own page, and the facts that take exactly that back, and no more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import PAUSE, Numbered, Standing, standing
from contacts.domain.scopes import EVERYTHING, covering
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import BlockReason

UNDO_FOR = timedelta(days=1)
_SILENT = frozenset({Kind.SHARED, Kind.DISCLOSED})
"""What changes nobody's permission, and so neither makes a page stale nor stands in the way of an undo."""


@dataclass(frozen=True)
class Act:
    """One change: what stood before it and the events it made."""

    before: tuple[Numbered, ...]
    events: tuple[Numbered, ...]

    @property
    def number(self) -> int:
        """The last event's number, by which a page names the act."""
        return self.events[-1].sequence


def telling(history: Sequence[Numbered]) -> list[Numbered]:
    """The events that changed something about what this person permits."""
    return [each for each in history if each.fact.kind not in _SILENT]


def last_number(history: Sequence[Numbered]) -> int:
    """The number of the last event that changed something; 0 where there is none."""
    return max((each.sequence for each in telling(history)), default=0)


def last_act(history: Sequence[Numbered], *, at: datetime) -> Act | None:
    """The change that was made last, if it was made on the person's own page within a day; else None.

    The events of one act were recorded together, at one moment.
    """
    events = telling(history)
    if not events or events[-1].fact.door is not Door.PREFERENCES or events[-1].fact.at < at - UNDO_FOR:
        return None
    moment, first = events[-1].fact.at, len(events) - 1
    while first and events[first - 1].fact.door is Door.PREFERENCES and events[first - 1].fact.at == moment:
        first -= 1
    return Act(tuple(events[:first]), tuple(events[first:]))


def undo(act: Act, keys: AddressKeys, *, at: datetime) -> list[Fact]:
    """The facts after which the person stands as before the act.

    What was permitted before is permitted again, by what permitted it then; a yes that the act gave is taken back by an
    opt-out, for the ledger forgets nothing. What was stopped before is stopped again.
    """
    before, now = standing(act.before), standing([*act.before, *act.events])
    again = {where for where, reason in before.blocks.keys() - now.blocks.keys() if reason is BlockReason.OPT_OUT}
    given = {each.fact.scope for each in act.events if each.fact.kind is Kind.CONSENT}
    lifted = {where for where, reason in now.blocks.keys() - before.blocks.keys() if reason is BlockReason.OPT_OUT}
    again |= {scope for scope in given if not again & set(covering(scope))}
    return [
        *(_own(keys, Kind.RELEASE, where, at, reason=BlockReason.OPT_OUT.value) for where in sorted(lifted)),
        *(stop_fact(keys, Door.PREFERENCES, at=at, scope=where) for where in sorted(again)),
        *_pauses(before, now, keys, at),
        *_rhythm(before, now, keys, at),
    ]


def _pauses(before: Standing, now: Standing, keys: AddressKeys, at: datetime) -> Iterator[Fact]:
    for scope in sorted(before.pauses.keys() | now.pauses.keys()):
        old, new = before.pauses.get(scope, at), now.pauses.get(scope, at)
        if old > at and old != new:
            yield _own(keys, Kind.PAUSE, scope, at, until=old.isoformat())
        elif old <= at < new:
            yield _own(keys, Kind.RELEASE, scope, at, reason=PAUSE)


def _rhythm(before: Standing, now: Standing, keys: AddressKeys, at: datetime) -> Iterator[Fact]:
    if before.rhythm_days != now.rhythm_days:
        yield _own(keys, Kind.RHYTHM, EVERYTHING, at, days=before.rhythm_days)


def _own(keys: AddressKeys, kind: Kind, scope: str, at: datetime, **details: Any) -> Fact:
    return Fact(keys.own, keys.family, kind, scope, Door.PREFERENCES, at, confirmed=True, details=details)
