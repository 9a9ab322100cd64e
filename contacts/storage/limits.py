"""Limits: the parts of the gate that count and look at the hour: caps, a person's own rhythm, and quiet hours."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select
from sqlalchemy.sql.elements import SQLColumnExpression

from contacts.domain.quiet_hours import known_zones
from contacts.domain.scopes import CONFIRMATION
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.house_rules import Cap
from contacts.storage.moments import Hour
from contacts.storage.pauses import RHYTHMS, Rhythm
from contacts.storage.permits import Permit

KeyColumn = SQLColumnExpression[bytes]
CONFIRMATION_DAYS = 1


def _handed_over(own: KeyColumn, hour: Hour, days: int) -> ColumnElement[bool]:
    """Permits that were used or may have been; those of a sender whose clock is ahead of ours count as well."""
    return and_(
        Permit.address_key == own,
        Permit.granted_at > hour.before(days),
        or_(Permit.outcome.is_(None), Permit.outcome.in_(("sent", "unknown"))),
    )


def cap_reached(cap: Cap, own: KeyColumn, hour: Hour) -> ColumnElement[Any]:
    """Whether somebody had as much as a cap allows."""
    had = (
        select(func.count())
        .select_from(Permit)
        .where(_handed_over(own, hour, cap.days), Permit.scope.in_(cap.topics))
        .correlate_except(Permit)
        .scalar_subquery()
    )
    return case((had >= cap.count, Reason.CAP_REACHED.value), else_=null())


def confirmed_today(own: KeyColumn, hour: Hour) -> ColumnElement[Any]:
    """At most one confirmation mail a day goes to an address, whoever asks for it."""
    had = (
        select(Permit.id)
        .where(_handed_over(own, hour, CONFIRMATION_DAYS), Permit.scope == CONFIRMATION)
        .correlate_except(Permit)
        .exists()
    )
    return case((had, Reason.CAP_REACHED.value), else_=null())


def rhythm_reached(own: KeyColumn, hour: Hour) -> ColumnElement[Any]:
    """A person's own wish: one mail in so many days, all topics together."""
    had = [
        and_(
            Rhythm.days == days,
            select(Permit.id)
            .where(_handed_over(own, hour, days), Permit.scope != CONFIRMATION)
            .correlate_except(Permit)
            .exists(),
        )
        for days in RHYTHMS
    ]
    wished = select(Rhythm.days).where(Rhythm.address_key == own, or_(*had)).correlate_except(Rhythm).exists()
    return case((wished, Reason.RHYTHM_REACHED.value), else_=null())


def quiet_now(own: KeyColumn, zones: Collection[str], *, in_house: bool) -> ColumnElement[Any]:
    """Whether it is quiet where somebody lives: in one of these zones, or, with no known zone, in the house's own."""
    there = (
        Contact.time_zone.not_in(sorted(known_zones().difference(zones)))
        if in_house
        else Contact.time_zone.in_(sorted(zones))
    )
    lives = select(Contact.id).where(Contact.address_key == own, there).correlate_except(Contact).exists()
    return case((lives, Reason.QUIET_HOURS.value), else_=null())
