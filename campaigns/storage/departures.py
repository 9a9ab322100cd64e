"""Departures: what the ledger says about people who left through a mailing, or changed their mind since a click."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from contacts.domain.facts import Kind
from contacts.domain.scopes import TRACKING
from contacts.storage.ledger import Event

_LEAVING = (Kind.OPT_OUT.value, Kind.COMPLAINT.value)
_WIDER = (Kind.COMPLAINT.value, Kind.CHILD.value, Kind.ERASURE.value, Kind.HOLD.value, Kind.RELEASE.value)


def count_departures(session: Session, mailing_id: int, *, since: datetime) -> int:
    """How many people opted out or complained through a mail of this mailing; `since`: when it was frozen."""
    query = select(func.count(Event.address_key.distinct())).where(
        Event.recorded_at >= since,
        Event.at >= since,
        Event.kind.in_(_LEAVING),
        Event.details["mailing"].as_integer() == mailing_id,
    )
    return session.scalar(query) or 0


def tracking_changed_since(session: Session, own: bytes, moment: datetime) -> bool:
    """Whether anything about recording this person's clicks was recorded after that moment."""
    changed = exists().where(
        Event.address_key == own,
        Event.recorded_at > moment,
        or_(Event.scope == TRACKING, Event.kind.in_(_WIDER)),
    )
    return bool(session.scalar(select(changed)))
