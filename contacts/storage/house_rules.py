"""House rules: what holds for everybody on a scope at a moment: closed or open, partners, caps and quiet hours."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Integer, Row, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from contacts.domain.quiet_hours import QuietHours
from contacts.domain.scopes import covering, covers, is_topic, partner_of
from contacts.domain.verdicts import Reason
from contacts.storage.closures import Closure, closed_at
from contacts.storage.frequencies import Frequency, quiet_between
from contacts.storage.moments import NamedHour
from contacts.storage.partners import is_active
from contacts.storage.topics import Topic
from core.database import Moment
from core.kept import Kept

_TOPIC, _FREQUENCY = 0, 1


@dataclass(frozen=True)
class Cap:
    """At most `count` messages on these topics in `days` days."""

    count: int
    days: int
    topics: tuple[str, ...]


@dataclass(frozen=True)
class HouseRules:
    """What stops a scope for everybody, if anything, and what limits it for each."""

    stopped: Reason | None = None
    caps: tuple[Cap, ...] = ()
    quiet: tuple[QuietHours, ...] = ()


def house_rules(session: Session, scope: str, *, at: datetime) -> HouseRules:
    """The rules of a scope, read in the caller's transaction; an unknown topic or partner permits nobody."""
    partner = partner_of(scope)
    if partner is not None and not is_active(session, partner, at=at):
        return HouseRules(Reason.PARTNER_STOPPED)
    if not is_topic(scope):
        return HouseRules()
    rows = _question(session.get_bind().dialect, scope).rows(session, {"now": at})
    topics = [row for row in rows if row.what == _TOPIC]
    if not any(row.name == scope and not row.closed for row in topics):
        return HouseRules(Reason.TOPIC_CLOSED)
    in_force = {row.name: row for row in rows if row.what == _FREQUENCY}.values()
    names = tuple(row.name for row in topics)
    caps = tuple(_cap(row, names) for row in in_force if row.cap_count is not None)
    return HouseRules(None, caps, tuple(filter(None, (quiet_between(row.begin, row.end) for row in in_force))))


def _cap(row: Row[Any], topics: tuple[str, ...]) -> Cap:
    return Cap(row.cap_count, row.cap_days, tuple(name for name in topics if covers(row.name, name)))


@lru_cache(maxsize=256)
def _question(dialect: Dialect, scope: str) -> Kept:
    """All topics by number, each with whether it is closed; then the frequencies of a scope, the newest last."""
    now = NamedHour().now()
    closed = select(Closure.id).where(Closure.scope == Topic.name, closed_at(now)).exists()
    nothing = cast(null(), Integer)
    topics = select(
        literal(_TOPIC).label("what"),
        Topic.name.label("name"),
        cast(closed, Integer).label("closed"),
        *(nothing.label(name) for name in ("cap_count", "cap_days", "begin", "end")),
        cast(null(), Moment).label("since"),
        Topic.id.label("number"),
    )
    frequencies = select(
        literal(_FREQUENCY),
        Frequency.scope,
        literal(0),
        Frequency.cap_count,
        Frequency.cap_days,
        Frequency.quiet_from,
        Frequency.quiet_until,
        Frequency.since,
        Frequency.id,
    ).where(Frequency.scope.in_(covering(scope)), Frequency.since <= now)
    return Kept(union_all(topics, frequencies).order_by("what", "since", "number"), ["now"], dialect)
