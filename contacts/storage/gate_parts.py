"""The parts of the gate: each says in SQL for one reason whether it holds, in the order in which reasons outrank."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, null, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLColumnExpression

from contacts.domain.policy import Basis
from contacts.domain.scopes import CONFIRMATION, covering, is_topic, rule_scope
from contacts.domain.verdicts import RANKS, VERDICT_OF, BlockReason, Reason
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.house_rules import HouseRules
from contacts.storage.limits import cap_reached, confirmed_today, quiet_now, rhythm_reached
from contacts.storage.moments import Hour
from contacts.storage.pauses import Pause
from contacts.storage.policies import PolicyRule
from contacts.storage.signups import Signup

KeyColumn = SQLColumnExpression[bytes]
Quiet = tuple[tuple[frozenset[str], bool], ...]
"""For each rule with quiet hours: the zones where it is quiet now, and whether it is in the house's own."""


def verdict_parts(
    scope: str, rules: HouseRules, own: KeyColumn, family: KeyColumn, hour: Hour, quiet: Quiet = ()
) -> ColumnElement[Any]:
    """The parts in the order in which reasons outrank each other.

    Each says what it correlates to: nested two deep, SQLAlchemy would otherwise join the outer table once more.
    """
    if rules.stopped is not None:
        return literal(rules.stopped.value)
    if scope == CONFIRMATION:
        return func.coalesce(_blocked(scope, own), _not_asked(own, hour), confirmed_today(own, hour))
    parts = [_blocked(scope, own), _family_held(scope, own, family), _not_granted(scope, own, hour)]
    parts.append(_paused(scope, own, hour))
    if is_topic(scope):
        parts += [cap_reached(cap, own, hour) for cap in rules.caps]
        parts.append(rhythm_reached(own, hour))
        parts += [quiet_now(own, zones, in_house=in_house) for zones, in_house in quiet]
    return func.coalesce(*parts)


def _blocked(scope: str, own: KeyColumn) -> ColumnElement[Any]:
    """The weightiest block; a child's covers every scope there is (G13)."""
    rank = (
        select(func.min(Block.rank))
        .where(Block.address_key == own, or_(Block.scope.in_(covering(scope)), Block.reason == BlockReason.CHILD.value))
        .correlate_except(Block)
        .scalar_subquery()
    )
    return case({RANKS[reason]: verdict.value for reason, verdict in VERDICT_OF.items()}, value=rank, else_=null())


def _family_held(scope: str, own: KeyColumn, family: KeyColumn) -> ColumnElement[Any]:
    relative = aliased(Block)
    word = (
        select(Consent.event_sequence)
        .where(Consent.address_key == own, Consent.scope == scope, Consent.confirmed)
        .correlate_except(Consent)
        .scalar_subquery()
    )
    held = (
        select(relative.rank)
        .where(
            relative.family_key == family,
            relative.address_key != own,
            relative.scope.in_(covering(scope)),
            relative.event_sequence > func.coalesce(word, 0),
        )
        .correlate_except(relative)
        .exists()
    )
    return case((held, Reason.FAMILY_HELD.value), else_=null())


def _not_granted(scope: str, own: KeyColumn, hour: Hour) -> ColumnElement[Any]:
    """No permission, or one that lapsed: both from one look at the consent; there is none where no row is."""
    lapsed = case((Consent.lapses_at <= hour.now(), Reason.PERMISSION_LAPSED.value), else_="")
    found = (
        select(case((or_(Consent.confirmed, _justified(scope)), lapsed), else_=Reason.NO_PERMISSION.value))
        .where(Consent.address_key == own, Consent.scope == scope)
        .correlate_except(Consent)
        .scalar_subquery()
    )
    return func.nullif(func.coalesce(found, Reason.NO_PERMISSION.value), "")


def _justified(scope: str) -> ColumnElement[bool]:
    """Whether a consent's version of the policy justifies it: the rules are read once, not for each person."""
    rules = select(PolicyRule.version, PolicyRule.source).where(PolicyRule.scope == rule_scope(scope))
    noticed = rules.where(PolicyRule.basis == Basis.NOTICE.value)
    agreed = rules.where(PolicyRule.basis.in_((Basis.NOTICE.value, Basis.CONSENT.value)))
    ground = tuple_(Consent.policy_version, Consent.source)
    return or_(and_(Consent.basis == Basis.CONSENT.value, ground.in_(agreed)), ground.in_(noticed))


def _paused(scope: str, own: KeyColumn, hour: Hour) -> ColumnElement[Any]:
    paused = (
        select(Pause.scope)
        .where(Pause.address_key == own, Pause.scope.in_(covering(scope)), Pause.until > hour.now())
        .correlate_except(Pause)
        .exists()
    )
    return case((paused, Reason.PAUSED.value), else_=null())


def _not_asked(own: KeyColumn, hour: Hour) -> ColumnElement[Any]:
    asked = (
        select(Signup.id)
        .where(Signup.address_key == own, Signup.confirmed_at.is_(None), Signup.expires_at > hour.now())
        .correlate_except(Signup)
        .exists()
    )
    return case((~asked, Reason.NO_PERMISSION.value), else_=null())
