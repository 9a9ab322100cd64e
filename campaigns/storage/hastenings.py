"""Hastenings: waits that were reckoned by a clock which was ahead, brought nearer: sending goes on by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select, update
from sqlalchemy.orm import Session

from campaigns.domain.rations import Held
from campaigns.domain.states import MailingState
from campaigns.domain.waits import latest_by_limit, latest_by_tries
from campaigns.domain.windows import RECIPIENT
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import PLANNED, Message
from campaigns.storage.variants import OPEN
from contacts.domain.verdicts import Reason
from core.database import Moment

_OPEN = (MailingState.SENDING.value, MailingState.PAUSED.value)
_SOON = (Held.RATE, Held.PROVIDER, Held.RELAY)


def hasten(session: Session, *, at: datetime, zone: str, set_back: bool = False) -> int:
    """Bring nearer what waits longer than its rule can have told it to; the number of messages.

    Nothing is sent sooner than it may: who is due asks all limits again, and the gate. Messages whose moment is that of
    a person's own place, or the end of quiet hours, stay.

    Args:
        session: a writing session.
        at: now.
        zone: the house's, in which the days of a warm-up are told.
        set_back: the clock was, just now: all that waits for a rate, a server or a provider asks again.
    """
    latest = _latest(at, zone, set_back=set_back)
    far = _far(at, latest).order_by(Message.id).with_for_update(skip_locked=True).cte("far")
    hastened = session.scalars(
        update(Message)
        .where(Message.id.in_(select(far.c.id)))
        .values(next_try_at=latest)
        .returning(literal(1))
        .execution_options(synchronize_session=False)
    )
    return len(hastened.all())


def any_waits_too_long(session: Session, *, at: datetime, zone: str) -> bool:
    """Whether there is anything to hasten: asked first, for it keeps no writer waiting where millions wait rightly."""
    return session.scalar(_far(at, _latest(at, zone, set_back=False)).limit(1)) is not None


def _far(at: datetime, latest: ColumnElement[datetime]) -> Select[int]:
    return select(Message.id).where(
        Message.mailing_id.in_(select(Mailing.id).where(Mailing.state.in_(_OPEN))),
        Message.state == PLANNED,
        Message.next_try_at > at,
        Message.next_try_at < OPEN,
        Message.next_try_at > latest,
    )


def _latest(at: datetime, zone: str, *, set_back: bool) -> ColumnElement[datetime]:
    """The latest moment that a message may wait for; where any may be, its own."""
    limits = latest_by_limit(at, zone) | (dict.fromkeys(_SOON, at) if set_back else {})
    tries = latest_by_tries(at)
    put_off = or_(Message.reason.is_(None), Message.reason == Reason.GATE_FAILED.value)
    whens: list[tuple[Any, Any]] = [
        *((Message.reason == held.value, literal(moment, Moment)) for held, moment in limits.items()),
        *((and_(put_off, Message.attempts == n), literal(moment, Moment)) for n, moment in tries.items()),
        (and_(put_off, Message.attempts > max(tries)), literal(max(tries.values()), Moment)),
        (and_(put_off, Message.mailing_id.in_(_at_once())), literal(at, Moment)),
    ]
    return case(*whens, else_=Message.next_try_at)


def _at_once() -> Any:
    """Mailings whose messages wait for nobody's own hour before they are tried for the first time."""
    own_hours = (Mailing.sending_zone == RECIPIENT) & (Mailing.sending_hours != "")
    return select(Mailing.id).where(Mailing.local_moment.is_(None), ~own_hours)
