"""Audiences: whom a condition meets, and the gate's verdict on each: counted live, or frozen into messages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    column,
    func,
    insert,
    literal,
    select,
    values,
)
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.storage.campaigns import condition_of
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdict_expression
from contacts.storage.ledger import LedgerHead
from contacts.storage.segments import meets
from core.database import Moment


@dataclass(frozen=True)
class AudienceCount:
    """Whom a condition meets now: those who may be written to, and why the others may not."""

    permitted: int
    excluded: dict[Reason, int] = field(default_factory=dict)

    @property
    def met(self) -> int:
        """Everybody whom the condition meets."""
        return self.permitted + sum(self.excluded.values())


def count_audience(
    session: Session,
    audience: Mapping[str, Any],
    topic: str,
    *,
    at: datetime,
    narrow: ColumnElement[bool] | None = None,
) -> AudienceCount:
    """Count, in one statement, whom the condition meets, by the gate's verdict on the topic."""
    judged = _judged(session, audience, topic, at, narrow).subquery()
    rows = session.execute(select(judged.c.verdict, func.count()).group_by(judged.c.verdict))
    counted: dict[str | None, int] = dict(rows.all())
    permitted = counted.pop(None, 0)
    ranked = sorted(counted.items(), key=lambda item: list(Reason).index(Reason(str(item[0]))))
    return AudienceCount(permitted, {Reason(str(verdict)): number for verdict, number in ranked})


def reaches_anybody(session: Session, audience: Mapping[str, Any], topic: str, *, at: datetime) -> bool:
    """Say whether somebody whom the condition meets may be written to, without judging everybody."""
    judged = _judged(session, audience, topic, at, None).subquery()
    return session.scalar(select(judged.c.id).where(judged.c.verdict.is_(None)).limit(1)) is not None


def sample_contacts(
    session: Session, audience: Mapping[str, Any], topic: str, *, at: datetime, most: int
) -> list[Contact]:
    """A few contacts whom the condition meets, those who may be written to first, spread over the table.

    The same few each time; where many may be written to, only a few are judged.
    """
    judged = _judged(session, audience, topic, at, None).subquery()
    highest = session.scalar(select(func.max(Contact.id))) or 0
    found: list[int] = []
    for those in (judged.c.verdict.is_(None), judged.c.verdict.is_not(None)):
        query = select(judged.c.id).where(those).order_by(judged.c.id)
        beyond = 0
        for start in range(1, highest + 1, max(highest // most, 1)):
            if beyond < start and len(found) < most:
                met = session.scalar(query.where(judged.c.id >= start).limit(1))
                beyond = met or highest
                found += [met] if met else []
        if len(found) < most:
            found += session.scalars(query.where(judged.c.id.not_in(found)).limit(most - len(found)))
    return list(session.scalars(select(Contact).where(Contact.id.in_(found)).order_by(Contact.id)))


def freeze_audience(
    session: Session,
    mailing: Mailing,
    *,
    at: datetime,
    narrow: ColumnElement[bool] | None = None,
    tries: Mapping[str, datetime] | None = None,
) -> int:
    """Write one message for each contact whom the mailing's condition meets, in one statement; the number written.

    Who may be written to is planned; everybody else is excluded, with the gate's reason. `tries`: when mail may first
    go to people of each time zone, and under "" to those whose zone is not among them; at once where it is left out.
    """
    met = meets(condition_of(session, mailing.audience), at=at)
    return _freeze(session, mailing, met if narrow is None else and_(met, narrow), at, tries or {"": at})


def freeze_named(session: Session, mailing: Mailing, contact_ids: Collection[int], *, at: datetime) -> int:
    """Write the messages of a mailing to named contacts, such as a test."""
    met = meets(condition_of(session, {}), at=at)
    return _freeze(session, mailing, and_(met, Contact.id.in_(contact_ids)), at, {"": at})


def _freeze(
    session: Session, mailing: Mailing, met: ColumnElement[bool], at: datetime, tries: Mapping[str, datetime]
) -> int:
    # in the order of their keys, in which the gate's tables and the messages' own index are walked page by page
    people = select(Contact.id, Contact.address_key, Contact.family_key, Contact.time_zone).where(met)
    those = people.order_by(Contact.address_key).subquery("people")
    verdict = verdict_expression(session, mailing.topic, those.c.address_key, those.c.family_key, at=at)
    chosen = select(those.c.id, those.c.address_key, those.c.time_zone, verdict.label("verdict"))
    # kept, so that each verdict is worked out once: pulled up into the outer query it would be at each mention
    judged = chosen.cte("judged").prefix_with("MATERIALIZED")
    planned = judged.c.verdict.is_(None)
    met_at, source = _by_zone(session, judged, tries)
    rows = select(
        literal(mailing.id),
        judged.c.id,
        judged.c.address_key,
        case((planned, MessageState.PLANNED.value), else_=MessageState.EXCLUDED.value),
        judged.c.verdict,
        literal(0),
        case((planned, met_at), else_=None),
        literal(at, Moment),
        select(LedgerHead.sequence).scalar_subquery(),  # of the same snapshot as the verdicts (G17)
    )
    rows = rows.select_from(source)
    columns = ["mailing_id", "contact_id", "address_key", "state", "reason", "attempts", "next_try_at"]
    columns += ["judged_at", "judged_sequence"]
    session.execute(insert(Message).from_select(columns, rows))
    return session.scalar(select(func.count()).where(Message.mailing_id == mailing.id)) or 0


def _by_zone(session: Session, judged: CTE, tries: Mapping[str, datetime]) -> tuple[ColumnElement[Any], FromClause]:
    """When mail may first go to each of the judged, and the judged with what tells it."""
    elsewhere = literal(tries[""], Moment)
    if len(tries) == 1:
        return elsewhere, judged
    lived_in = session.scalars(select(Contact.time_zone).distinct())  # few; SQLite looks through all for each person
    zones = [(zone, tries[zone]) for zone in lived_in if zone in tries and tries[zone] != tries[""]]
    if not zones:
        return elsewhere, judged
    table = values(column("zone", String), column("moment", Moment), name="zones").data(zones).cte("zones")
    return func.coalesce(table.c.moment, elsewhere), judged.outerjoin(table, table.c.zone == judged.c.time_zone)


def _judged(
    session: Session,
    audience: Mapping[str, Any],
    topic: str,
    at: datetime,
    narrow: ColumnElement[bool] | None,
) -> Select[Any]:
    verdict = verdict_expression(session, topic, Contact.address_key, Contact.family_key, at=at)
    query = select(Contact.id, Contact.address_key, verdict.label("verdict")).where(
        meets(condition_of(session, audience), at=at)
    )
    return query if narrow is None else query.where(narrow)
