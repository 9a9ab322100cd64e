"""A person's own choices on their own page: the only place, with double opt-in, where an opt-out is lifted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import Standing, blocked_by, standing
from contacts.domain.scopes import EVERYTHING, TRACKING, covering
from contacts.domain.verdicts import BlockReason
from contacts.storage.ledger import history_of, record
from contacts.storage.policies import current_policy
from contacts.storage.topics import all_topic_names, open_topics
from core.errors import Conflict

FINAL = frozenset({BlockReason.CHILD, BlockReason.ERASURE, BlockReason.HOLD, BlockReason.COMPLAINT})


@dataclass(frozen=True)
class Choice:
    """One line of the preference page."""

    name: str
    title: str
    description: str
    on: bool


def choices(session: Session, permitted: Collection[str]) -> list[Choice]:
    """What a person can choose; `permitted` are the scopes that the gate permits now."""
    return [Choice(each.name, each.title, each.description, each.name in permitted) for each in open_topics(session)]


def prefer(session: Session, keys: AddressKeys, wanted: Collection[str], *, at: datetime) -> str:
    """Make a person's scopes what they ticked: a tick is their own confirmed yes, a missing tick an opt-out.

    Lifting an opt-out from a wider scope leaves every other scope below it stopped. Returns the widest scope that was
    stopped, or "" if nothing was.

    Raises:
        Conflict: a child, a complaint, an erasure or a hold stands in the way; nothing is recorded.
    """
    before = standing(history_of(session, keys.own))
    if wanted and any(reason in FINAL for _, reason in before.blocks):
        raise Conflict("This address cannot be switched on here.", remedy="Please write to us.")
    offered = [topic.name for topic in open_topics(session)] + [TRACKING]
    policy = current_policy(session)
    facts: list[Fact] = []
    stopped = [scope for scope in [*all_topic_names(session), TRACKING] if scope not in wanted]
    facts += [_stop(keys, scope, at) for scope in stopped if not _is_stopped(before, scope)]
    starting = [scope for scope in offered if scope in wanted and not _own_word(before, scope)]
    facts += _lift(before, keys, starting, at)
    facts += [
        Fact(
            keys.own,
            keys.family,
            Kind.CONSENT,
            scope,
            Door.PREFERENCES,
            at,
            policy_version=policy,
            confirmed=True,
            evidence="ticked on the person's own preference page",
        )
        for scope in starting
    ]
    record(session, facts, at=at)
    return EVERYTHING if any(fact.kind is Kind.OPT_OUT for fact in facts) else ""


def _stop(keys: AddressKeys, scope: str, at: datetime) -> Fact:
    return Fact(keys.own, keys.family, Kind.OPT_OUT, scope, Door.PREFERENCES, at)


def _is_stopped(before: Standing, scope: str) -> bool:
    return (scope, BlockReason.OPT_OUT) in before.blocks


def _own_word(before: Standing, scope: str) -> bool:
    """Whether the person's own yes stands already, with nothing in its way."""
    grant = before.grants.get(scope)
    return grant is not None and grant.confirmed and blocked_by(before, scope) is None


def _lift(before: Standing, keys: AddressKeys, starting: Collection[str], at: datetime) -> list[Fact]:
    """Releases of every opt-out that covers a scope that was ticked.

    A wide opt-out that is lifted opens nothing else: the caller has stopped by name whatever was not ticked.
    """
    lifted = {
        (where, reason)
        for scope in starting
        for where, reason in before.blocks
        if where in covering(scope) and reason is BlockReason.OPT_OUT
    }
    return [
        Fact(
            keys.own,
            keys.family,
            Kind.RELEASE,
            where,
            Door.PREFERENCES,
            at,
            confirmed=True,
            details={"reason": reason.value},
        )
        for where, reason in sorted(lifted)
    ]
