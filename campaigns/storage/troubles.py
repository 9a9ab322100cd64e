"""Troubles: how many messages of a mailing under way went wrong, by what; counted from indexes, for the tripwires."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from campaigns.domain.fates import NOT_WRITTEN
from campaigns.domain.states import MailingState, MessageState
from campaigns.domain.tripwires import Tripped, Wire
from campaigns.storage.mailings import Mailing, MailingKind
from campaigns.storage.messages import NOT_ARRIVED, Message
from contacts.domain.facts import Kind
from contacts.storage.ledger import Event

WHOLE = "whole"
"""The key beside the wires' own under which a mailing keeps how many messages had ended when it was armed."""

_ENDED = (MessageState.SENT.value, MessageState.FAILED.value, MessageState.UNKNOWN.value)
_WATCHED = (MailingKind.FIRST.value, MailingKind.REMINDER.value)
_SAID = {Kind.BOUNCE.value: Wire.BOUNCES, Kind.COMPLAINT.value: Wire.COMPLAINTS}


def watched_mailings(session: Session) -> list[Mailing]:
    """The mailings under way that tripwires are stretched for: no test, and no mail that somebody asked for."""
    query = select(Mailing).where(Mailing.state == MailingState.SENDING.value, Mailing.kind.in_(_WATCHED))
    return list(session.scalars(query.order_by(Mailing.id)))


def count_troubles(session: Session, mailing: Mailing) -> dict[Wire, int]:
    """What went wrong since the mailing began; cheap where little did, however large it is."""
    failed, unwritten = session.execute(
        select(func.count(), func.count(case((Message.reason == NOT_WRITTEN, 1)))).where(
            Message.mailing_id == mailing.id,
            Message.state == MessageState.FAILED.value,
            Message.reason.is_not(None),  # spelt so that the small index is used
            Message.reason != NOT_ARRIVED,  # an operator's word about the past
        )
    ).one()
    unanswered = session.scalar(
        select(func.count()).where(
            Message.mailing_id == mailing.id,
            Message.state == MessageState.UNKNOWN.value,
            Message.reason.is_(None),  # a sender that died says nothing about the server
        )
    )
    counted = dict.fromkeys(Wire, 0) | {Wire.FAILURES: failed, Wire.NOT_WRITTEN: unwritten}
    counted[Wire.UNANSWERED] = unanswered or 0
    said = session.execute(
        select(Event.kind, func.count(Event.address_key.distinct()))
        .where(
            Event.kind.in_(_SAID),
            Event.recorded_at >= (mailing.frozen_at or mailing.created_at),
            Event.details["mailing"].as_integer() == mailing.id,
        )
        .group_by(Event.kind)
    )
    return counted | {_SAID[kind]: number for kind, number in said}


def count_ended(session: Session, mailing_id: int) -> int:
    """How many messages of a mailing were tried to their end; as dear as the mailing is large."""
    query = select(func.count()).where(Message.mailing_id == mailing_id, Message.state.in_(_ENDED))
    return session.scalar(query) or 0


def keep_alarm(session: Session, mailing_id: int, tripped: Tripped, at: datetime) -> None:
    """Store with a mailing which wire paused it, and what it saw."""
    told = asdict(tripped) | {"at": at.isoformat()}
    session.execute(update(Mailing).where(Mailing.id == mailing_id).values(paused_by=told))


def alarm_of(mailing: Mailing) -> Tripped | None:
    """The wire that paused a mailing, if one did."""
    if mailing.paused_by is None:
        return None
    told = {name: mailing.paused_by[name] for name in ("part", WHOLE, "share")}
    return Tripped(Wire(mailing.paused_by["wire"]), **told)


def arm_again(session: Session, mailings: Sequence[Mailing]) -> None:
    """Let the wires of mailings that one of them paused judge only what happens from now on."""
    for mailing in mailings:
        if mailing.paused_by is not None:
            counts = {wire.value: number for wire, number in count_troubles(session, mailing).items()}
            mailing.armed_from = counts | {WHOLE: count_ended(session, mailing.id)}
            mailing.paused_by = None
    session.flush()
