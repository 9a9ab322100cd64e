"""Circumstances: what the gate knew at a moment beyond the ledger, read again for the pure rule (G17).

Everything here is kept as it was: closures and frequencies as spans, handouts and permits with their times. So an old
verdict can be judged again from the events up to it and the circumstances at its moment.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contacts.domain.permission import Circumstances
from contacts.domain.scopes import CONFIRMATION, covers, is_topic, partner_of
from contacts.storage.closures import is_closed
from contacts.storage.frequencies import Frequency, frequencies_for
from contacts.storage.partners import is_active
from contacts.storage.permits import Permit
from contacts.storage.signups import Signup
from contacts.storage.topics import Topic, all_topic_names


def circumstances(
    session: Session, own: bytes, scope: str, *, at: datetime, rhythm_days: int = 0, but: int = 0
) -> Circumstances:
    """What held for a person and a scope at a moment, but for quiet hours, which only put off.

    Args:
        session: the database.
        own: the person's key.
        scope: what is asked for.
        at: the moment.
        rhythm_days: how often the person wanted mail then; 0 for as it comes.
        but: a permit that is left out of the count: the one whose verdict is judged again.
    """
    partner = partner_of(scope)
    known = session.scalar(select(Topic.id).where(Topic.name == scope)) is not None
    return Circumstances(
        topic_open=not is_topic(scope) or (known and not is_closed(session, scope, at=at)) or partner is not None,
        partner_active=partner is None or (is_active(session, partner, at=at) and (known or not is_topic(scope))),
        confirmation_asked=scope == CONFIRMATION and _asked(session, own, at),
        cap_reached=is_topic(scope) and reached_cap(session, own, scope, at=at, but=but) is not None,
        mailed_within_rhythm=bool(rhythm_days)
        and handed_over(session, own, _mail(session), days=rhythm_days, at=at, but=but) > 0,
    )


def reached_cap(session: Session, own: bytes, scope: str, *, at: datetime, but: int = 0) -> Frequency | None:
    """The first cap that a person had reached on a scope at a moment."""
    names = all_topic_names(session)
    for rule in frequencies_for(session, scope, at=at):
        if rule.cap_count is None or rule.cap_days is None:
            continue
        below = [name for name in names if covers(rule.scope, name)]
        if handed_over(session, own, below, days=rule.cap_days, at=at, but=but) >= rule.cap_count:
            return rule
    return None


def handed_over(session: Session, own: bytes, scopes: Iterable[str], *, days: int, at: datetime, but: int = 0) -> int:
    """How many messages on these scopes were handed over, or may have been, in the days before a moment."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Permit)
            .where(
                Permit.address_key == own,
                Permit.scope.in_(list(scopes)),
                Permit.granted_at > at - timedelta(days=days),
                Permit.granted_at <= at,
                Permit.id != but,
                or_(Permit.outcome.is_(None), Permit.outcome.in_(("sent", "unknown")), Permit.settled_at > at),
            )
        )
        or 0
    )


def _mail(session: Session) -> list[str]:
    return all_topic_names(session)


def _asked(session: Session, own: bytes, at: datetime) -> bool:
    asked = select(Signup.id).where(
        Signup.address_key == own,
        Signup.requested_at <= at,
        Signup.expires_at > at,
        or_(Signup.confirmed_at.is_(None), Signup.confirmed_at > at),
    )
    return session.scalar(asked.limit(1)) is not None
