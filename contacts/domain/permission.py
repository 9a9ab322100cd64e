"""Permission: a pure function of what was recorded about an address, the policy table, and the time.

The gate in storage answers the same question in SQL; a property test holds the two to one answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contacts.domain.facts import Fact, Kind
from contacts.domain.policy import Basis, PolicyTable, rule_for
from contacts.domain.scopes import CONFIRMATION, EVERYTHING, SHARING, TRACKING, covering, is_permittable
from contacts.domain.verdicts import RANKS, VERDICT_OF, BlockReason, Reason

BLOCKING = {
    Kind.OPT_OUT: BlockReason.OPT_OUT,
    Kind.COMPLAINT: BlockReason.COMPLAINT,
    Kind.BOUNCE: BlockReason.BOUNCE,
    Kind.CHILD: BlockReason.CHILD,
    Kind.ERASURE: BlockReason.ERASURE,
    Kind.HOLD: BlockReason.HOLD,
}
GRANTING = {Kind.CONSENT: Basis.CONSENT, Kind.NOTICE: Basis.NOTICE}
PAUSE = "pause"
"""What a release names that ends a pause early; a pause is no block, for it ends by itself (G9)."""


@dataclass(frozen=True)
class Numbered:
    """A fact with its place in the ledger; order is the sequence, never a clock."""

    sequence: int
    fact: Fact


@dataclass(frozen=True)
class Grant:
    """A permission given for one scope; `given_at` is when the person gave it or was told, not when it was stored."""

    sequence: int
    basis: Basis
    source: str | None
    policy_version: str | None
    confirmed: bool
    given_at: datetime


@dataclass
class Standing:
    """Where a person stands: what is blocked, what was granted, what is paused, and how often they want mail."""

    blocks: dict[tuple[str, BlockReason], int] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    pauses: dict[str, datetime] = field(default_factory=dict)
    rhythm_days: int = 0


@dataclass(frozen=True)
class Circumstances:
    """What else the gate knows at a moment and the ledger does not say; by itself nothing stands in the way."""

    topic_open: bool = True
    partner_active: bool = True
    confirmation_asked: bool = False
    cap_reached: bool = False
    mailed_within_rhythm: bool = False
    quiet: bool = False


def standing(events: Iterable[Numbered]) -> Standing:
    """Fold a person's events, in sequence order, into where they stand now."""
    stands = Standing()
    for event in events:
        apply(stands, event)
    return stands


def apply(stands: Standing, event: Numbered) -> None:
    """Bring where a person stands up to date with their next event."""
    fact = event.fact
    if fact.kind in BLOCKING:
        for scope in blocked_scopes(fact.kind, fact.scope):
            stands.blocks.setdefault((scope, BLOCKING[fact.kind]), event.sequence)
        if fact.kind is Kind.ERASURE:
            stands.grants.clear()  # a yes from before is gone: what lifts the block says yes anew
            stands.pauses.clear()
            stands.rhythm_days = 0
    elif fact.kind is Kind.RELEASE:
        _release(stands, fact)
    elif fact.kind is Kind.PAUSE:
        stands.pauses[fact.scope] = pause_end(fact)
    elif fact.kind is Kind.RHYTHM:
        stands.rhythm_days = rhythm_days(fact)
    elif fact.kind in GRANTING and is_permittable(fact.scope):
        grant = grant_of(event)
        before = stands.grants.get(fact.scope)
        if before is None or stronger(grant, before):
            stands.grants[fact.scope] = grant


def _release(stands: Standing, fact: Fact) -> None:
    if fact.details["reason"] == PAUSE:
        stands.pauses.pop(fact.scope, None)
    else:
        stands.blocks.pop((fact.scope, BlockReason(fact.details["reason"])), None)


def grant_of(event: Numbered) -> Grant:
    """The permission that an event gives."""
    fact = event.fact
    return Grant(event.sequence, GRANTING[fact.kind], fact.source, fact.policy_version, fact.confirmed, fact.at)


def pause_end(fact: Fact) -> datetime:
    """When the pause that a fact records is over."""
    return datetime.fromisoformat(fact.details["until"])


def rhythm_days(fact: Fact) -> int:
    """In how many days a person wants one mail at most, all topics together; 0 for as they come."""
    return int(fact.details["days"])


def stronger(new: Grant, old: Grant) -> bool:
    """A person's own yes replaces a lesser basis; a lesser one never replaces it."""
    return (new.confirmed, new.basis is Basis.CONSENT) >= (old.confirmed, old.basis is Basis.CONSENT)


def blocked_scopes(kind: Kind, scope: str) -> tuple[str, ...]:
    """The roots that an event blocks: a complaint, a child and an erasure stop tracking and sharing as well."""
    if kind in {Kind.COMPLAINT, Kind.CHILD, Kind.ERASURE}:
        return (EVERYTHING, TRACKING, SHARING)
    return (EVERYTHING,) if kind is Kind.BOUNCE else (scope,)


def verdict(
    stands: Standing,
    scope: str,
    policy: PolicyTable,
    relatives: Iterable[Standing] = (),
    *,
    at: datetime,
    given: Circumstances = Circumstances(),
) -> Reason | None:
    """Why this scope is not permitted; None if it is.

    `relatives` are the standings of other addresses of the same family; a block on one of them holds this address
    until it has itself confirmed a consent after that block.
    """
    closed = Reason.PARTNER_STOPPED if given.topic_open else Reason.TOPIC_CLOSED
    if not (given.topic_open and given.partner_active):
        return closed
    blocked = blocked_by(stands, scope)
    if blocked is not None:
        return blocked
    if scope == CONFIRMATION:
        refused = None if given.confirmation_asked else Reason.NO_PERMISSION
        return refused or (Reason.CAP_REACHED if given.cap_reached else None)
    if _held_by(relatives, stands, scope):
        return Reason.FAMILY_HELD
    return _granted(stands, scope, policy, at) or _now(stands, scope, at, given)


def blocked_by(stands: Standing, scope: str) -> Reason | None:
    """The weightiest block that covers this scope; a child's covers every scope there is (G13)."""
    chain = covering(scope)
    reasons = [reason for (where, reason) in stands.blocks if where in chain or reason is BlockReason.CHILD]
    return VERDICT_OF[min(reasons, key=RANKS.__getitem__)] if reasons else None


def _held_by(relatives: Iterable[Standing], stands: Standing, scope: str) -> bool:
    chain, grant = covering(scope), stands.grants.get(scope)
    own_word = grant.sequence if grant and grant.confirmed else 0
    return any(since > own_word for each in relatives for (where, _), since in each.blocks.items() if where in chain)


def _granted(stands: Standing, scope: str, policy: PolicyTable, at: datetime) -> Reason | None:
    grant = stands.grants.get(scope)
    if grant is None or not justified(grant, scope, policy):
        return Reason.NO_PERMISSION
    ends = lapses_at(grant, scope, policy)
    return Reason.PERMISSION_LAPSED if ends is not None and ends <= at else None


def _now(stands: Standing, scope: str, at: datetime, given: Circumstances) -> Reason | None:
    if any(stands.pauses.get(each, at) > at for each in covering(scope)):
        return Reason.PAUSED
    if given.cap_reached:
        return Reason.CAP_REACHED
    if stands.rhythm_days and given.mailed_within_rhythm:
        return Reason.RHYTHM_REACHED
    return Reason.QUIET_HOURS if given.quiet else None


def justified(grant: Grant, scope: str, policy: PolicyTable) -> bool:
    """Whether the policy that the grant was given under lets its source justify the scope in that way."""
    if grant.confirmed:
        return True
    basis = rule_for(policy, grant.policy_version, grant.source, scope).basis
    return basis is Basis.NOTICE or (basis is Basis.CONSENT and grant.basis is Basis.CONSENT)


def lapses_at(grant: Grant, scope: str, policy: PolicyTable) -> datetime | None:
    """When a permission ends that was implied and never said (notice); None for what was said, or has no end."""
    if grant.confirmed or grant.basis is Basis.CONSENT:
        return None
    days = rule_for(policy, grant.policy_version, grant.source, scope).expires_days
    return grant.given_at + timedelta(days=days) if days else None
