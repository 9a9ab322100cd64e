"""Permission: a pure function of what was recorded about an address, the policy table, and the time.

The gate in storage answers the same question in SQL; a property test holds the two to one answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contacts.domain.facts import Fact, Kind
from contacts.domain.policy import Basis, Source
from contacts.domain.scopes import EVERYTHING, SHARING, TRACKING, covering, is_permittable
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


@dataclass(frozen=True)
class Numbered:
    """A fact with its place in the ledger; order is the sequence, never a clock."""

    sequence: int
    fact: Fact


@dataclass(frozen=True)
class Grant:
    """A permission given for one scope."""

    sequence: int
    basis: Basis
    source: str | None
    policy_version: str | None
    confirmed: bool


@dataclass
class Standing:
    """Where a person stands: what is blocked, and what was granted."""

    blocks: dict[tuple[str, BlockReason], int] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)


PolicyTable = Mapping[tuple[str, str, str], Basis]
"""(policy version, source, scope) → basis."""


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
    elif fact.kind is Kind.RELEASE:
        stands.blocks.pop((fact.scope, BlockReason(fact.details["reason"])), None)
    elif is_permittable(fact.scope):
        grant = Grant(event.sequence, GRANTING[fact.kind], fact.source, fact.policy_version, fact.confirmed)
        before = stands.grants.get(fact.scope)
        if before is None or stronger(grant, before):
            stands.grants[fact.scope] = grant


def stronger(new: Grant, old: Grant) -> bool:
    """A person's own yes replaces a lesser basis; a lesser one never replaces it."""
    return (new.confirmed, new.basis is Basis.CONSENT) >= (old.confirmed, old.basis is Basis.CONSENT)


def blocked_scopes(kind: Kind, scope: str) -> tuple[str, ...]:
    """The roots that an event blocks: a complaint, a child and an erasure stop tracking and sharing as well."""
    if kind in {Kind.COMPLAINT, Kind.CHILD, Kind.ERASURE}:
        return (EVERYTHING, TRACKING, SHARING)
    return (EVERYTHING,) if kind is Kind.BOUNCE else (scope,)


def verdict(
    stands: Standing, scope: str, policy: PolicyTable, relatives: Iterable[Standing] = (), *, cap_reached: bool = False
) -> Reason | None:
    """Why this scope is not permitted; None if it is.

    `relatives` are the standings of other addresses of the same family; a block on one of them holds this address
    until it has itself confirmed a consent after that block.
    """
    chain = covering(scope)
    blocked = blocked_by(stands, scope)
    if blocked is not None:
        return blocked
    grant = stands.grants.get(scope)
    own_word = grant.sequence if grant and grant.confirmed else 0
    if any(since > own_word for each in relatives for (where, _), since in each.blocks.items() if where in chain):
        return Reason.FAMILY_HELD
    if grant is None or not justified(grant, scope, policy):
        return Reason.NO_PERMISSION
    return Reason.CAP_REACHED if cap_reached else None


def blocked_by(stands: Standing, scope: str) -> Reason | None:
    """The weightiest block that covers this scope."""
    chain = covering(scope)
    reasons = [reason for (where, reason) in stands.blocks if where in chain]
    return VERDICT_OF[min(reasons, key=RANKS.__getitem__)] if reasons else None


def justified(grant: Grant, scope: str, policy: PolicyTable) -> bool:
    """Whether the policy that the grant was given under lets its source justify the scope in that way."""
    if grant.confirmed:
        return True
    if grant.source is None or grant.policy_version is None or grant.source not in set(Source):
        return False
    basis = policy.get((grant.policy_version, grant.source, scope), Basis.NONE)
    return basis is Basis.NOTICE or (basis is Basis.CONSENT and grant.basis is Basis.CONSENT)
