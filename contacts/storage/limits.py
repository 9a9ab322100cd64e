"""Limits: the parts of the gate that count and look at the hour: caps, a person's own rhythm, and quiet hours."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from contacts.domain.quiet_hours import is_quiet, known_zones, quiet_zones
from contacts.domain.scopes import CONFIRMATION, covers
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.frequencies import frequencies_for
from contacts.storage.pauses import RHYTHMS, Rhythm
from contacts.storage.permits import Permit
from contacts.storage.topics import all_topic_names

KeyColumn = SQLColumnExpression[bytes]
CONFIRMATION_EVERY = timedelta(days=1)


def _handed_over(own: KeyColumn, since: datetime) -> ColumnElement[bool]:
    """Permits that were used or may have been; those of a sender whose clock is ahead of ours count as well."""
    return and_(
        Permit.address_key == own,
        Permit.granted_at > since,
        or_(Permit.outcome.is_(None), Permit.outcome.in_(("sent", "unknown"))),
    )


def cap_reached(session: Session, scope: str, own: KeyColumn, at: datetime) -> list[ColumnElement[Any]]:
    """One part for each cap that holds for the scope: its own, and those of the groups above it."""
    topics = all_topic_names(session)
    parts: list[ColumnElement[Any]] = []
    for rule in frequencies_for(session, scope, at=at):
        if rule.cap_count is None or rule.cap_days is None:
            continue
        had = (
            select(func.count())
            .select_from(Permit)
            .where(
                _handed_over(own, at - timedelta(days=rule.cap_days)),
                Permit.scope.in_([topic for topic in topics if covers(rule.scope, topic)]),
            )
            .correlate_except(Permit)
            .scalar_subquery()
        )
        parts.append(case((had >= rule.cap_count, Reason.CAP_REACHED.value), else_=null()))
    return parts


def confirmed_today(own: KeyColumn, at: datetime) -> ColumnElement[Any]:
    """At most one confirmation mail a day goes to an address, whoever asks for it."""
    had = (
        select(Permit.id)
        .where(_handed_over(own, at - CONFIRMATION_EVERY), Permit.scope == CONFIRMATION)
        .correlate_except(Permit)
        .exists()
    )
    return case((had, Reason.CAP_REACHED.value), else_=null())


def rhythm_reached(own: KeyColumn, at: datetime) -> ColumnElement[Any]:
    """A person's own wish: one mail in so many days, all topics together."""
    had = [
        and_(
            Rhythm.days == days,
            select(Permit.id)
            .where(_handed_over(own, at - timedelta(days=days)), Permit.scope != CONFIRMATION)
            .correlate_except(Permit)
            .exists(),
        )
        for days in RHYTHMS
    ]
    wished = select(Rhythm.days).where(Rhythm.address_key == own, or_(*had)).correlate_except(Rhythm).exists()
    return case((wished, Reason.RHYTHM_REACHED.value), else_=null())


def quiet_now(session: Session, scope: str, own: KeyColumn, at: datetime, house_zone: str) -> list[ColumnElement[Any]]:
    """One part for each rule with quiet hours, judged in the person's own time zone, else in the house's."""
    parts: list[ColumnElement[Any]] = []
    for rule in frequencies_for(session, scope, at=at):
        hours = rule.quiet_hours
        if hours is None:
            continue
        quiet = quiet_zones(hours, at)
        there = Contact.time_zone.in_(sorted(quiet))
        if is_quiet(hours, house_zone, at):
            there = Contact.time_zone.not_in(sorted(known_zones() - quiet))
        lives = select(Contact.id).where(Contact.address_key == own, there).correlate_except(Contact).exists()
        parts.append(case((lives, Reason.QUIET_HOURS.value), else_=null()))
    return parts
