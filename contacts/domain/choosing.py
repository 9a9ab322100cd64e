"""Choosing: what follows from a person's ticks on their own page; what is not ticked is stopped."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Standing
from contacts.domain.reopening import reopened
from contacts.domain.scopes import covering
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import BlockReason, Reason

FINAL = (BlockReason.CHILD, BlockReason.ERASURE, BlockReason.COMPLAINT, BlockReason.BOUNCE, BlockReason.HOLD)
"""What a tick does not lift, weightiest first: only double opt-in, or the team that put it there."""
_LIFTED = frozenset({BlockReason.OPT_OUT})
STILL_ON = frozenset({None, Reason.PAUSED})
"""What counts as switched on: a pause ends by itself."""


@dataclass(frozen=True)
class Chooser:
    """Whose page it is, and what holds for every fact that their choice makes; `wording_hash` names what they read."""

    keys: AddressKeys
    policy_version: str
    at: datetime
    wording_hash: str = ""


def in_the_way(stands: Standing) -> BlockReason | None:
    """What keeps this person from switching anything on here; None where nothing does."""
    there = {reason for _, reason in stands.blocks}
    return next((reason for reason in FINAL if reason in there), None)


def stops(stands: Standing, wanted: Collection[str], offered: Iterable[str], who: Chooser) -> list[Fact]:
    """Opt-outs from what was offered and not ticked, unless one covers it already."""
    unticked = [scope for scope in offered if scope not in wanted and not _stopped(stands, scope)]
    return [stop_fact(who.keys, Door.PREFERENCES, at=who.at, scope=scope) for scope in unticked]


def starts(stands: Standing, wanted: Collection[str], known: Collection[str], who: Chooser) -> list[Fact]:
    """Releases of every opt-out that covers a scope that was ticked, then the person's own yes to each.

    Lifting a wide opt-out opens nothing else: `known`, all scopes that there are, stay stopped by name.
    """
    lifted = reopened(stands, who.keys, wanted, known, Door.PREFERENCES, lifts=_LIFTED, at=who.at)
    return lifted + [
        Fact(
            who.keys.own,
            who.keys.family,
            Kind.CONSENT,
            scope,
            Door.PREFERENCES,
            who.at,
            policy_version=who.policy_version,
            confirmed=True,
            evidence="ticked on the person's own preference page",
            details={"wording_hash": who.wording_hash} if who.wording_hash else {},
        )
        for scope in wanted
    ]


def _stopped(stands: Standing, scope: str) -> bool:
    return any((where, BlockReason.OPT_OUT) in stands.blocks for where in covering(scope))
