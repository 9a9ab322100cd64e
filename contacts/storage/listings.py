"""Listings: contacts as the console shows them, page by page, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from contacts.domain.facts import Kind
from contacts.domain.scopes import EVERYTHING
from contacts.storage.blocks import Block
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event
from contacts.storage.segments import meets

PAGE = 50


class StandingFilter(StrEnum):
    """Whom a listing may be narrowed down to."""

    FREE = "free"
    PARTLY = "partly"
    LEFT = "left"
    CHILD = "child"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a whole address by its key, or words; empty parts do not narrow."""

    own: bytes | None = None
    words: str = ""
    by_beginning: bool = True
    source: str = ""
    standing: StandingFilter | None = None


def listed(session: Session, wanted: Wanted, *, before: int | None = None, most: int = PAGE) -> list[Contact]:
    """Up to `most` + 1 contacts with a number below `before`; the one too many tells that there is a next page."""
    query = select(Contact).order_by(Contact.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(Contact.id < before)
    return list(session.scalars(_narrowed(query, wanted)))


def _narrowed(query: Select[Contact], wanted: Wanted) -> Select[Contact]:
    if wanted.own is not None:
        query = query.where(Contact.address_key == wanted.own)
    elif wanted.words:
        query = query.where(_matching(wanted))
    if wanted.source:
        query = query.where(Contact.source == wanted.source)
    if wanted.standing is not None:
        query = query.where(_standing(wanted.standing))
    return query


def _matching(wanted: Wanted) -> ColumnElement[bool]:
    """An address by its beginning, where the role may see addresses; a name by any part."""
    name = (Contact.given_name + " " + Contact.family_name).icontains(wanted.words, autoescape=True)
    if not wanted.by_beginning:
        return name
    return or_(Contact.address.istartswith(wanted.words, autoescape=True), name)


def _standing(standing: StandingFilter) -> ColumnElement[bool]:
    stopped = select(Block.address_key).where(Block.scope == EVERYTHING)
    if standing is StandingFilter.FREE:
        return Contact.address_key.not_in(select(Block.address_key))
    if standing is StandingFilter.CHILD:
        return Contact.address_key.in_(stopped.where(Block.reason == "child"))
    if standing is StandingFilter.BOUNCED:
        return Contact.address_key.in_(stopped.where(Block.reason == "bounce"))
    if standing is StandingFilter.LEFT:
        return Contact.address_key.in_(stopped.where(Block.reason.in_(("opt_out", "complaint", "erasure"))))
    return Contact.address_key.in_(select(Block.address_key)) & Contact.address_key.not_in(stopped)


def blocks_among(session: Session, contacts: Iterable[Contact]) -> dict[bytes, list[Block]]:
    """The blocks of these contacts by key, weightiest first."""
    keys = [contact.address_key for contact in contacts]
    found: dict[bytes, list[Block]] = {}
    for block in session.scalars(select(Block).where(Block.address_key.in_(keys)).order_by(Block.rank)):
        found.setdefault(bytes(block.address_key), []).append(block)
    return found


def count_contacts(session: Session) -> int:
    """How many contacts there are."""
    return session.scalar(select(func.count(Contact.id))) or 0


def attribute_names(session: Session, *, among: int = 500) -> list[str]:
    """The names of attributes that the newest contacts have; a look at all of them would take too long."""
    newest = session.scalars(select(Contact.attributes).order_by(Contact.id.desc()).limit(among))
    return sorted({name for attributes in newest for name in attributes})


def count_left(session: Session, since: datetime) -> int:
    """How many people opted out, of whatever, since then; each counts once."""
    left = select(func.count(Event.address_key.distinct())).where(Event.kind == Kind.OPT_OUT.value, Event.at >= since)
    return session.scalar(left) or 0


def some_meeting(session: Session, condition: Mapping[str, Any], *, at: datetime, most: int = PAGE) -> list[Contact]:
    """The newest few contacts whom a condition means, found without judging everybody.

    Raises:
        BadInput: the condition cannot be asked.
    """
    query = select(Contact).where(meets(condition, at=at)).order_by(Contact.id.desc()).limit(most)
    return list(session.scalars(query))
