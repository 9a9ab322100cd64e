"""Carrying: what one address may bring along to another of the same person: restrictions, never a permission (G8)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import BLOCKING, Numbered, Standing, blocked_scopes, standing
from contacts.domain.scopes import EVERYTHING
from contacts.domain.verdicts import BlockReason

_KIND_OF = {reason: kind for kind, reason in BLOCKING.items()}
_ABSOLUTE = frozenset({BlockReason.CHILD})
_WHOLE = frozenset({BlockReason.COMPLAINT, BlockReason.ERASURE})


def carried_restrictions(
    source: Sequence[Numbered], target: Sequence[Numbered], keys: AddressKeys, door: Door, *, at: datetime
) -> list[Fact]:
    """The facts to record about `keys` so that it is stopped, paused and limited at least as far as the source is.

    `source` and `target` are the histories of the old address and of `keys`; what holds there already is not said
    again, and what is stricter there stays. A bounce speaks of a mailbox and not of a person: it stays behind. None
    of the facts permits anything; record them in their order, for an erasure ends the pauses before it.
    """
    before, there = standing(source), standing(target)
    return [
        *_blocks(before, there, keys, door, at),
        *_pauses(source, before, there, keys, door, at),
        *_rhythm(source, before, there, keys, door, at),
    ]


def _blocks(before: Standing, there: Standing, keys: AddressKeys, door: Door, at: datetime) -> Iterator[Fact]:
    told: set[tuple[Kind, str]] = set()
    for (where, reason), sequence in sorted(before.blocks.items(), key=lambda each: (each[1], each[0])):
        if reason is BlockReason.BOUNCE or (where, reason) in there.blocks:
            continue
        kind, scope = _said(before, where, reason)
        if (kind, scope) not in told and not _holds(there, kind, scope):
            told.add((kind, scope))
            yield _fact(keys, kind, scope, door, at, {"from": sequence})


def _said(before: Standing, where: str, reason: BlockReason) -> tuple[Kind, str]:
    """The event that puts a block there again.

    A complaint or an erasure of which the person has taken back the widest part leaves the others: those go along as
    opt-outs, for the event itself would stop everything anew. A child is a child everywhere.
    """
    if reason in _ABSOLUTE or (reason in _WHOLE and (EVERYTHING, reason) in before.blocks):
        return _KIND_OF[reason], EVERYTHING
    return (Kind.OPT_OUT if reason in _WHOLE else _KIND_OF[reason]), where


def _holds(there: Standing, kind: Kind, scope: str) -> bool:
    return all((each, BLOCKING[kind]) in there.blocks for each in blocked_scopes(kind, scope))


def _pauses(
    source: Sequence[Numbered], before: Standing, there: Standing, keys: AddressKeys, door: Door, at: datetime
) -> Iterator[Fact]:
    for scope, until in sorted(before.pauses.items()):
        if until > max(at, there.pauses.get(scope, at)):
            details = {"from": _last(source, Kind.PAUSE, scope), "until": until.isoformat()}
            yield _fact(keys, Kind.PAUSE, scope, door, at, details)


def _rhythm(
    source: Sequence[Numbered], before: Standing, there: Standing, keys: AddressKeys, door: Door, at: datetime
) -> Iterator[Fact]:
    if before.rhythm_days > there.rhythm_days:
        details = {"from": _last(source, Kind.RHYTHM, None), "days": before.rhythm_days}
        yield _fact(keys, Kind.RHYTHM, EVERYTHING, door, at, details)


def _last(source: Sequence[Numbered], kind: Kind, scope: str | None) -> int:
    """The number of the last event of this kind; it is there, for the standing was folded from it."""
    return max(each.sequence for each in source if each.fact.kind is kind and scope in {None, each.fact.scope})


def _fact(keys: AddressKeys, kind: Kind, scope: str, door: Door, at: datetime, details: dict[str, Any]) -> Fact:
    return Fact(keys.own, keys.family, kind, scope, door, at, details={"carried": True, **details})
