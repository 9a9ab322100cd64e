"""The gate: whether a person may be written to on a topic now, as one SQL expression for one or a million people.

It answers what `contacts.domain.permission.verdict` answers; a property test holds the two to one answer.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Select,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLColumnExpression

from contacts.domain.policy import Basis
from contacts.domain.quiet_hours import is_quiet, quiet_zones
from contacts.domain.scopes import CONFIRMATION, TRACKING, covering, is_topic, rule_scope
from contacts.domain.verdicts import RANKS, VERDICT_OF, BlockReason, Reason
from contacts.storage.blocks import Block
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.house_rules import HouseRules, house_rules
from contacts.storage.ledger import LedgerHead
from contacts.storage.limits import cap_reached, confirmed_today, quiet_now, rhythm_reached
from contacts.storage.locks import lock_counts, lock_families
from contacts.storage.moments import Hour, NamedHour
from contacts.storage.pauses import Pause
from contacts.storage.permits import Permit
from contacts.storage.policies import PolicyRule
from contacts.storage.signups import Signup

KeyColumn = SQLColumnExpression[bytes]
Quiet = tuple[tuple[frozenset[str], bool], ...]
"""For each rule with quiet hours: the zones where it is quiet now, and whether it is in the house's own."""


def verdict_expression(
    session: Session, scope: str, own: KeyColumn, family: KeyColumn, *, at: datetime
) -> ColumnElement[Any]:
    """NULL where the scope is permitted, else the reason code; correlated to the two key columns.

    What holds for everybody (closed topic, inactive partner, caps) is read here, in the caller's transaction.
    """
    return _expression(scope, house_rules(session, scope, at=at), own, family, Hour(at))


def _expression(
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
    justified = (
        select(PolicyRule.basis)
        .where(
            PolicyRule.version == Consent.policy_version,
            PolicyRule.source == Consent.source,
            PolicyRule.scope == rule_scope(scope),
            or_(
                PolicyRule.basis == Basis.NOTICE.value,
                and_(PolicyRule.basis == Basis.CONSENT.value, Consent.basis == Basis.CONSENT.value),
            ),
        )
        .correlate_except(PolicyRule)
        .exists()
    )
    found = (
        select(
            case(
                (~or_(Consent.confirmed, justified), Reason.NO_PERMISSION.value),
                (Consent.lapses_at <= hour.now(), Reason.PERMISSION_LAPSED.value),
                else_="",
            )
        )
        .where(Consent.address_key == own, Consent.scope == scope)
        .correlate_except(Consent)
        .scalar_subquery()
    )
    return func.nullif(func.coalesce(found, Reason.NO_PERMISSION.value), "")


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


def verdicts(
    session: Session, scope: str, keys: Collection[bytes], *, at: datetime, quiet_in: str = ""
) -> dict[bytes, Reason | None]:
    """The verdict on each of these contacts; who is no contact is not permitted and is left out.

    A confirmation goes to who asked for it, contact or not.
    """
    return judge(session, scope, keys, at=at, quiet_in=quiet_in).verdicts


@dataclass(frozen=True)
class Judgement:
    """Verdicts, and the number of the ledger's last event in the state of the database that they were read from."""

    verdicts: dict[bytes, Reason | None]
    sequence: int


def judge(session: Session, scope: str, keys: Collection[bytes], *, at: datetime, quiet_in: str = "") -> Judgement:
    """The verdicts on these people, with what is needed to judge them again (G17).

    Quiet hours are heeded where `quiet_in` names the house's own time zone: when something is to be handed over now.
    """
    rules = house_rules(session, scope, at=at)
    hours = rules.quiet if quiet_in else ()
    quiet = tuple((quiet_zones(each, at), is_quiet(each, quiet_in, at)) for each in hours)
    statement, hour = _statement(session.get_bind().dialect.name, scope, rules, quiet)
    rows = session.execute(statement, hour.given(at) | {"keys": list(keys)}).all()
    said = {bytes(key): Reason(reason) if reason else None for key, reason, _ in rows}
    return Judgement(said, rows[0][2] if rows else 0)


@lru_cache(maxsize=256)
def _statement(dialect: str, scope: str, rules: HouseRules, quiet: Quiet) -> tuple[Select[Any], NamedHour]:
    """The statement that judges people by their keys, kept: to build it takes longer than to run it."""
    people: Any = aliased(Signup if scope == CONFIRMATION else Contact)  # parts of the gate look into both themselves
    hour = NamedHour()
    verdict = _expression(scope, rules, people.address_key, people.family_key, hour, quiet)
    head = select(LedgerHead.sequence).scalar_subquery()
    among = people.address_key.in_(bindparam("keys", expanding=True))
    if dialect == "postgresql":  # one value, however many keys: the server then keeps its plan
        among = people.address_key == any_(bindparam("keys", type_=ARRAY(LargeBinary)))
    return select(people.address_key, verdict, head).where(among), hour


def may_track(session: Session, own: bytes, *, at: datetime) -> bool:
    """Whether this person's clicks may be recorded (P21, G16): permitted now, as a contact that is no child."""
    return verdicts(session, TRACKING, [own], at=at).get(own, Reason.NO_PERMISSION) is None


@dataclass(frozen=True)
class Wish:
    """A sender's wish to hand over one message; `at_once` is not bound by quiet hours: somebody waits for it."""

    message_id: int
    own: bytes
    family: bytes
    scope: str
    at_once: bool = False


def ask(
    session: Session, wishes: Sequence[Wish], *, sender_id: int, at: datetime, quiet_in: str = ""
) -> dict[int, int | Reason]:
    """A permit's number, or the reason why there is none, for each message (GUARANTEES 4.2).

    The people's locks are taken first, then the verdicts are read, then the permits are stored; the caller commits at
    once, before the handover. At READ COMMITTED an opt-out that was committed before the lock was got is seen. One
    person gets one permit after another, here and from other senders, so that each counts for the caps of the next.
    """
    lock_families(session, {wish.family for wish in wishes}, alone=False)
    lock_counts(session, {wish.own for wish in wishes})
    answers: dict[int, int | Reason] = {}
    for (scope, at_once, _turn), same in _in_turn(wishes).items():
        zone = "" if at_once else quiet_in
        found = judge(session, scope, {wish.own for wish in same}, at=at, quiet_in=zone)
        for wish in same:
            refused = found.verdicts.get(wish.own, Reason.NO_PERMISSION)
            answers[wish.message_id] = refused or _grant(session, wish, sender_id, at, found.sequence)
    return answers


def _in_turn(wishes: Sequence[Wish]) -> dict[tuple[str, bool, int], list[Wish]]:
    """Wishes that one verdict answers: alike, and at most one of each person."""
    turns: dict[tuple[str, bool, int], list[Wish]] = {}
    met: Counter[tuple[str, bool, bytes]] = Counter()
    for wish in wishes:
        alike = (wish.scope, wish.at_once)
        turns.setdefault((*alike, met[*alike, wish.own]), []).append(wish)
        met[*alike, wish.own] += 1
    return turns


def _grant(session: Session, wish: Wish, sender_id: int, at: datetime, head: int) -> int:
    permit = Permit(
        message_id=wish.message_id,
        address_key=wish.own,
        scope=wish.scope,
        sender_id=sender_id,
        granted_at=at,
        judged_sequence=head,
    )
    session.add(permit)
    session.flush()
    return permit.id
