"""House rules: what holds for everybody on a scope at a moment: closed or open, partners, caps and quiet hours."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.quiet_hours import QuietHours
from contacts.domain.scopes import covers, is_topic, partner_of
from contacts.domain.verdicts import Reason
from contacts.storage.closures import Closure, closed_at
from contacts.storage.frequencies import frequencies_for
from contacts.storage.partners import is_active
from contacts.storage.topics import Topic


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
    closed = select(Closure.id).where(Closure.scope == Topic.name, closed_at(at)).exists()
    topics = {name: shut for name, shut in session.execute(select(Topic.name, closed).order_by(Topic.id))}  # noqa: C416 - rows are no pairs to the type checker
    if topics.get(scope, True):
        return HouseRules(Reason.TOPIC_CLOSED)
    in_force = frequencies_for(session, scope, at=at)
    caps = [
        Cap(rule.cap_count, rule.cap_days, tuple(name for name in topics if covers(rule.scope, name)))
        for rule in in_force
        if rule.cap_count is not None and rule.cap_days is not None
    ]
    return HouseRules(None, tuple(caps), tuple(rule.quiet_hours for rule in in_force if rule.quiet_hours))
