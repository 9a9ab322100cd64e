"""Reopening: what a person's own yes lifts, so that exactly what they chose is opened and nothing beside it."""

from collections.abc import Collection, Iterator
from datetime import datetime

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Standing
from contacts.domain.scopes import PARENTS, covering, covers, is_topic, parent_of
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import BlockReason

DOUBLE_OPT_IN_LIFTS = frozenset(
    {BlockReason.OPT_OUT, BlockReason.COMPLAINT, BlockReason.BOUNCE, BlockReason.ERASURE},
)
"""What a confirmed sign-up ends; a child flag and a hold are never the person's to lift."""

Place = tuple[str, BlockReason]


def reopened(
    before: Standing,
    keys: AddressKeys,
    chosen: Collection[str],
    known: Collection[str],
    door: Door,
    *,
    lifts: Collection[BlockReason],
    at: datetime,
) -> list[Fact]:
    """The stops and releases to record before the consents, for somebody who stands like that and chose these scopes.

    Every block that covers a chosen scope is lifted, if its reason is one of `lifts`. Where a wide one is lifted,
    whatever else stood below it is stopped by name first, as wide as can be: a group in which nothing was chosen stays
    stopped as a whole, with what is added to it later. `known` are all topics and sharings that there are.

    A topic that has others below it (research) is not opened by one of those: its own block stays until it is chosen.
    """
    lifted = sorted(_liftable(before, frozenset(chosen), lifts))
    stops = dict.fromkeys(
        scope
        for where, _ in lifted
        for scope in _others(where, chosen, known)
        if (scope, BlockReason.OPT_OUT) not in before.blocks
    )
    said = [stop_fact(keys, door, at=at, scope=scope, details={"kept": "stopped"}) for scope in stops]
    return said + [_release(keys, place, door, at) for place in lifted]


def _liftable(before: Standing, chosen: frozenset[str], lifts: Collection[BlockReason]) -> set[Place]:
    return {
        (where, reason)
        for where, reason in before.blocks
        if reason in lifts
        and any(where in covering(scope) for scope in chosen)
        and (where in chosen or not is_topic(where))
    }


def _others(wide: str, chosen: Collection[str], known: Collection[str]) -> Iterator[str]:
    """The widest scopes below this one that must stay stopped when it is lifted."""
    for scope in sorted({*PARENTS, *known}):
        if parent_of(scope) != wide:
            continue
        if scope in chosen or (any(covers(scope, each) for each in chosen) and not is_topic(scope)):
            yield from _others(scope, chosen, known)
        else:
            yield scope


def _release(keys: AddressKeys, place: Place, door: Door, at: datetime) -> Fact:
    where, reason = place
    details = {"reason": reason.value}
    return Fact(keys.own, keys.family, Kind.RELEASE, where, door, at, confirmed=True, details=details)
