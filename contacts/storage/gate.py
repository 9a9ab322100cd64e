"""The gate: whether a person may be written to on a topic now, as one SQL expression for one or a million people.

It answers what `contacts.domain.permission.verdict` answers; a property test holds the two to one answer.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Dialect,
    case,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from contacts.domain.quiet_hours import is_quiet, quiet_zones
from contacts.domain.scopes import CONFIRMATION, TRACKING
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate_parts import KeyColumn, Quiet, verdict_parts
from contacts.storage.house_rules import HouseRules, house_rules
from contacts.storage.ledger import LedgerHead
from contacts.storage.locks import lock_for_permits
from contacts.storage.moments import Hour, NamedHour
from contacts.storage.permits import Grant, grant
from contacts.storage.signups import Signup
from core.kept import Kept, among, listed

REASONS: dict[str, Reason | None] = {"": None} | {each.value: each for each in Reason}
_NOBODY = "?"
"""Told of a key that is no contact's."""


def verdict_expression(
    session: Session, scope: str, own: KeyColumn, family: KeyColumn, *, at: datetime
) -> ColumnElement[Any]:
    """NULL where the scope is permitted, else the reason code; correlated to the two key columns.

    What holds for everybody (closed topic, inactive partner, caps) is read here, in the caller's transaction.
    """
    return verdict_parts(scope, house_rules(session, scope, at=at), own, family, Hour(at))


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
    if not keys:
        return Judgement({}, 0)
    rules = house_rules(session, scope, at=at)
    hours = rules.quiet if quiet_in else ()
    quiet = tuple((quiet_zones(each, at), is_quiet(each, quiet_in, at)) for each in hours)
    dialect, asked = session.get_bind().dialect, list(keys)
    question, hour = _question(dialect, scope, rules, quiet)
    rows = question.rows(session, hour.given(at) | {"keys": asked})
    if _in_one_text(dialect, scope):
        said = zip(asked, rows[0].told.split(","), strict=True)
        return Judgement({key: REASONS[word] for key, word in said if word != _NOBODY}, rows[0].head)
    return Judgement({bytes(row.key): REASONS[row.told] for row in rows}, rows[0].head if rows else 0)


def _in_one_text(dialect: Dialect, scope: str) -> bool:
    """Whether all verdicts come as one text, in the order of the keys: a row for each costs more than its verdict."""
    return dialect.name == "postgresql" and scope != CONFIRMATION


@lru_cache(maxsize=256)
def _question(dialect: Dialect, scope: str, rules: HouseRules, quiet: Quiet) -> tuple[Kept, NamedHour]:
    """The statement that judges people by their keys, kept: to build it takes longer than to run it."""
    people: Any = aliased(Signup if scope == CONFIRMATION else Contact)  # parts of the gate look into both themselves
    hour = NamedHour()
    verdict = func.coalesce(verdict_parts(scope, rules, people.address_key, people.family_key, hour, quiet), "")
    head = select(LedgerHead.sequence).scalar_subquery().label("head")
    if _in_one_text(dialect, scope):
        asked = listed("keys", people.address_key.type, dialect)
        said = case((people.address_key.is_(None), _NOBODY), else_=verdict)
        told = func.string_agg(said, aggregate_order_by(literal(","), asked.c.turn)).label("told")
        statement = select(told, head).select_from(asked).outerjoin(people, people.address_key == asked.c.member)
    else:
        key = people.address_key
        statement = select(key.label("key"), verdict.label("told"), head).where(among(key, "keys", dialect))
    return Kept(statement, [*hour.names, "keys"], dialect), hour


def may_track(session: Session, own: bytes, *, at: datetime) -> bool:
    """Whether this person's clicks may be recorded (P21, G16): permitted now, as a contact that is no child."""
    return verdicts(session, TRACKING, [own], at=at).get(own, Reason.NO_PERMISSION) is None


class Wish(NamedTuple):
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
    lock_before_asking(session, wishes)
    return ask_under_locks(session, wishes, sender_id=sender_id, at=at, quiet_in=quiet_in)


def lock_before_asking(session: Session, wishes: Sequence[Wish]) -> None:
    """Take the locks of the people that these messages go to; within `at_once`, they are held when the block ends."""
    lock_for_permits(session, {wish.family for wish in wishes}, {wish.own for wish in wishes})


def ask_under_locks(
    session: Session, wishes: Sequence[Wish], *, sender_id: int, at: datetime, quiet_in: str = ""
) -> dict[int, int | Reason]:
    """As `ask`, of people whose locks this transaction holds already."""
    answers: dict[int, int | Reason] = {}
    for (scope, at_once, _turn), same in _in_turn(wishes).items():
        zone = "" if at_once else quiet_in
        found = judge(session, scope, {wish.own for wish in same}, at=at, quiet_in=zone)
        said = {wish.message_id: found.verdicts.get(wish.own, Reason.NO_PERMISSION) for wish in same}
        answers |= {message: reason for message, reason in said.items() if reason is not None}
        free = {wish.message_id: wish.own for wish in same if said[wish.message_id] is None}
        answers |= grant(session, free, Grant(scope, sender_id, at, found.sequence))
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
