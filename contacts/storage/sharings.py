"""Sharings: who may be handed to a partner now, judged by the gate under their locks (G15)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from contacts.domain.facts import Kind
from contacts.domain.verdicts import VERDICT_OF, Reason
from contacts.storage.contacts import Contact
from contacts.storage.former_keys import FormerKey
from contacts.storage.gate import verdict_expression, verdicts
from contacts.storage.ledger import Event
from contacts.storage.locks import lock_families
from contacts.storage.partners import Partner
from contacts.storage.segments import meets
from contacts.storage.shared_people import SharedPerson
from core.database import Database

_MOST_KEYS = 5_000
_STOPS = frozenset({*VERDICT_OF.values(), Reason.FAMILY_HELD})


def numbers_meeting(
    database: Database, condition: Mapping[str, Any], *, at: datetime, most: int
) -> Iterator[list[int]]:
    """The numbers of the contacts that a condition means, in lists of at most ``most``; no session stays open."""
    last = 0
    while True:
        with database.reading() as session:
            query = select(Contact.id).where(meets(condition, at=at), Contact.id > last)
            numbers = list(session.scalars(query.order_by(Contact.id).limit(most)))
        if not numbers:
            return
        last = numbers[-1]
        yield numbers


def people_locked(session: Session, numbers: Sequence[int]) -> list[Contact]:
    """These contacts as they are once nobody can record anything of them but this transaction."""
    query = select(Contact).where(Contact.id.in_(numbers)).order_by(Contact.id)
    lock_families(session, {each.family_key for each in session.scalars(query)}, alone=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def refusals(session: Session, partner: Partner, keys: Collection[bytes], *, at: datetime) -> dict[bytes, Reason]:
    """Why each of these people may not be handed to a partner; who may is left out.

    It takes a yes to this very sharing, and no stop that covers mail for the partner: who left everything is handed to
    nobody, for whatever purpose.
    """
    wanted, refused = list(keys), dict[bytes, Reason]()
    for start in range(0, len(wanted), _MOST_KEYS):
        some = wanted[start : start + _MOST_KEYS]
        sharing = verdicts(session, partner.sharing, some, at=at)
        mail = verdicts(session, partner.topic, some, at=at)
        for key in some:
            stopped = mail.get(key)
            reason = sharing.get(key, Reason.NO_PERMISSION) or (stopped if stopped in _STOPS else None)
            if reason is not None:
                refused[key] = reason
    return refused


def count_shareable(session: Session, partner: Partner, *, at: datetime) -> int:
    """How many people could be handed to a partner now: whom `refusals` leaves out."""
    own, family = Contact.address_key, Contact.family_key
    both = (
        verdict_expression(session, partner.sharing, own, family, at=at).label("sharing"),
        verdict_expression(session, partner.topic, own, family, at=at).label("mail"),
    )
    judged = select(*both).select_from(Contact).subquery()
    free = or_(judged.c.mail.is_(None), judged.c.mail.not_in([reason.value for reason in _STOPS]))
    return session.scalar(select(func.count()).select_from(judged).where(judged.c.sharing.is_(None), free)) or 0


def shared_and_changed(session: Session, partner: Partner, since: int) -> list[bytes]:
    """Who is in a partner's hands and of whom, or of whose family, something was recorded after an event.

    With them whoever has another address by now.
    """
    theirs = select(SharedPerson.address_key).where(SharedPerson.partner_id == partner.id)
    told = theirs.join(Event, Event.family_key == SharedPerson.family_key).where(
        Event.sequence > since, Event.kind != Kind.SHARED.value
    )
    moved = theirs.join(FormerKey, FormerKey.former_key == SharedPerson.address_key)
    return [bytes(key) for key in session.scalars(union(told, moved))]
