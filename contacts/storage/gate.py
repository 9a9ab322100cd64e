"""The gate: whether a person may be written to on a topic now, as one SQL expression for one or a million people.

It answers what `contacts.domain.permission.verdict` answers; a property test holds the two to one answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, null, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLColumnExpression

from contacts.domain.policy import Basis
from contacts.domain.scopes import TRACKING, covering
from contacts.domain.verdicts import RANKS, VERDICT_OF, Reason
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.locks import lock_families
from contacts.storage.permits import Permit
from contacts.storage.policies import PolicyRule
from contacts.storage.topics import Topic

KeyColumn = SQLColumnExpression[bytes]


def verdict_expression(
    session: Session, scope: str, own: KeyColumn, family: KeyColumn, *, at: datetime
) -> ColumnElement[Any]:
    """NULL where the scope is permitted, else the reason code; correlated to the two key columns.

    The topic's state and cap are read here, in the caller's transaction. An unknown or archived topic permits nobody.
    Each part says what it correlates to: nested two deep, SQLAlchemy would otherwise join the outer table once more.
    """
    parts: list[ColumnElement[Any]] = [_blocked(scope, own), _family_held(scope, own, family), _not_granted(scope, own)]
    if scope != TRACKING:
        topic = session.scalar(select(Topic).where(Topic.name == scope))
        if topic is None or topic.archived_at is not None:
            return literal(Reason.TOPIC_CLOSED.value)
        if topic.cap_count is not None and topic.cap_days is not None:
            parts.append(_cap_reached(scope, own, topic.cap_count, at - timedelta(days=topic.cap_days)))
    return func.coalesce(*parts)


def _blocked(scope: str, own: KeyColumn) -> ColumnElement[Any]:
    rank = (
        select(func.min(Block.rank))
        .where(Block.address_key == own, Block.scope.in_(covering(scope)))
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


def _not_granted(scope: str, own: KeyColumn) -> ColumnElement[Any]:
    justified = (
        select(PolicyRule.basis)
        .where(
            PolicyRule.version == Consent.policy_version,
            PolicyRule.source == Consent.source,
            PolicyRule.scope == Consent.scope,
            or_(
                PolicyRule.basis == Basis.NOTICE.value,
                and_(PolicyRule.basis == Basis.CONSENT.value, Consent.basis == Basis.CONSENT.value),
            ),
        )
        .correlate_except(PolicyRule)
        .exists()
    )
    granted = (
        select(Consent.scope)
        .where(Consent.address_key == own, Consent.scope == scope, or_(Consent.confirmed, justified))
        .correlate_except(Consent)
        .exists()
    )
    return case((~granted, Reason.NO_PERMISSION.value), else_=null())


def _cap_reached(scope: str, own: KeyColumn, cap: int, since: datetime) -> ColumnElement[Any]:
    had = (
        select(func.count())
        .select_from(Permit)
        .where(
            Permit.address_key == own,
            Permit.scope == scope,
            Permit.granted_at > since,
            or_(Permit.outcome.is_(None), Permit.outcome.in_(("sent", "unknown"))),
        )
        .correlate_except(Permit)
        .scalar_subquery()
    )
    return case((had >= cap, Reason.CAP_REACHED.value), else_=null())


def verdicts(session: Session, scope: str, keys: Collection[bytes], *, at: datetime) -> dict[bytes, Reason | None]:
    """The verdict on each of these contacts; who is no contact is not permitted and is left out."""
    expression = verdict_expression(session, scope, Contact.address_key, Contact.family_key, at=at)
    rows = session.execute(select(Contact.address_key, expression).where(Contact.address_key.in_(keys)))
    return {bytes(key): Reason(reason) if reason else None for key, reason in rows}


def may_track(session: Session, own: bytes, *, at: datetime) -> bool:
    """Whether this person's clicks may be recorded (P21, G16): permitted now, as a contact that is no child."""
    return verdicts(session, TRACKING, [own], at=at).get(own, Reason.NO_PERMISSION) is None


@dataclass(frozen=True)
class Wish:
    """A sender's wish to hand over one message."""

    message_id: int
    own: bytes
    family: bytes
    scope: str


def ask(session: Session, wishes: Sequence[Wish], *, sender_id: int, at: datetime) -> dict[int, int | Reason]:
    """A permit's number, or the reason why there is none, for each message (GUARANTEES 4.2).

    The people's locks are taken first, then the verdicts are read, then the permits are stored; the caller commits at
    once, before the handover. At READ COMMITTED an opt-out that was committed before the lock was got is seen.
    """
    lock_families(session, {wish.family for wish in wishes}, alone=False)
    answers: dict[int, int | Reason] = {}
    for scope in {wish.scope for wish in wishes}:
        same = [wish for wish in wishes if wish.scope == scope]
        said = verdicts(session, scope, {wish.own for wish in same}, at=at)
        for wish in same:
            answers[wish.message_id] = said.get(wish.own, Reason.NO_PERMISSION) or _grant(session, wish, sender_id, at)
    return answers


def _grant(session: Session, wish: Wish, sender_id: int, at: datetime) -> int:
    permit = Permit(
        message_id=wish.message_id, address_key=wish.own, scope=wish.scope, sender_id=sender_id, granted_at=at
    )
    session.add(permit)
    session.flush()
    return permit.id
