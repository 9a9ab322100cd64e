"""Headways: how fast mailings under way go now, what waits and why; at a cost that stays small."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from campaigns.domain.forecasts import Pulse
from campaigns.domain.states import MessageState
from campaigns.storage.messages import PLANNED, Message
from contacts.domain.mentions import without_addresses
from contacts.storage.contacts import Contact
from contacts.storage.permits import Permit

LATELY = timedelta(seconds=10)
FAR_AWAY = timedelta(days=366)
"""What is planned for later than that waits for somebody's decision, not for an hour."""
TAIL = 4000
"""How many permits, the newest, the rate is read from: at 4,000 a second those of the last second."""
MOST_DEFERRED = 2000
"""How many deferred messages, the newest, are looked at for the domains that put mail off."""
MOST_DOMAINS = 8


@dataclass(frozen=True)
class Slow:
    """A domain that puts mail off: how many messages, what it says most often, and when the next is tried."""

    domain: str
    number: int
    said: str
    next_try_at: datetime | None


@dataclass(frozen=True)
class Flow:
    """How mailings go: the rate now, how many messages are due, wait for their hour, or were put off by servers."""

    pulse: Pulse = field(default_factory=Pulse)
    due: int = 0
    later: int = 0
    next_at: datetime | None = None
    deferred: int = 0
    slow: tuple[Slow, ...] = ()


def flow_of(session: Session, mailings: Collection[int], *, at: datetime, since: datetime) -> Flow:
    """How these mailings go; `since`: when the first of them began."""
    due, later, next_at = session.execute(
        select(
            func.count(case((Message.next_try_at <= at, 1))),
            func.count(case((Message.next_try_at > at, 1))),
            func.min(case((Message.next_try_at > at, Message.next_try_at))),
        ).where(Message.mailing_id.in_(mailings), Message.state == PLANNED)
    ).one()
    deferred = session.scalar(select(func.count()).where(*_deferred(mailings), Message.next_try_at > at)) or 0
    slow = _slow(session, mailings) if deferred else ()
    next_at = next_at if next_at and next_at < at + FAR_AWAY else None
    return Flow(_pulse(session, mailings, at, since), due, later, next_at, deferred, slow)


def _pulse(session: Session, mailings: Collection[int], at: datetime, since: datetime) -> Pulse:
    tail = (
        select(Permit.message_id, Permit.granted_at, Permit.outcome).order_by(Permit.id.desc()).limit(TAIL).subquery()
    )
    begin = max(at - LATELY, since)
    known, oldest = session.execute(select(func.count(), func.min(tail.c.granted_at))).one()
    if known == TAIL:  # it may begin later than the seconds that are asked for
        begin = max(begin, oldest)
    sent = session.scalar(
        select(func.count())
        .select_from(tail)
        .join(Message, Message.id == tail.c.message_id)
        .where(
            tail.c.granted_at >= begin,
            tail.c.outcome == MessageState.SENT.value,
            Message.mailing_id.in_(mailings),
        )
    )
    seconds = (at - begin).total_seconds()
    return Pulse(sent or 0, seconds) if seconds > 0 else Pulse()


def _slow(session: Session, mailings: Collection[int]) -> tuple[Slow, ...]:
    rows = session.execute(
        select(Contact.address, Message.code, Message.reply, Message.next_try_at)
        .join(Contact, Contact.address_key == Message.address_key)
        .where(*_deferred(mailings))
        .order_by(Message.id.desc())
        .limit(MOST_DEFERRED)
    )
    told: dict[str, list[tuple[str, datetime | None]]] = {}
    for address, code, reply, next_try_at in rows:
        domain = address.rpartition("@")[2].casefold()
        told.setdefault(domain, []).append((_said(code, reply), next_try_at))
    commonest = sorted(told.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_DOMAINS]
    return tuple(_as_slow(domain, found) for domain, found in commonest)


def _deferred(mailings: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return Message.mailing_id.in_(mailings), Message.state == PLANNED, Message.code.is_not(None)


def _as_slow(domain: str, found: Sequence[tuple[str, datetime | None]]) -> Slow:
    said, _number = Counter(words for words, _next in found).most_common(1)[0]
    return Slow(domain, len(found), said, min((moment for _words, moment in found if moment), default=None))


def _said(code: int | None, reply: str | None) -> str:
    """A server's words without the addresses in them (P1), and without the code twice."""
    words = without_addresses(" ".join((reply or "").split()))
    return words if words.startswith(str(code)) or not code else f"{code} {words}".strip()
