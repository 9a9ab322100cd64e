"""Glances: what the page behind one link shows, read in one statement for thousands who only look (G11).

The rows come as objects that belong to no session, so that nothing done to them could ever be stored.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contacts.storage.blocks import Block
from core.database import Base
from core.kept import Kept
from surveys.domain.anonymity import Anonymity
from surveys.storage.answer_sheets import NEVER_ASKED, Link, Sheet, Standing, answers_among, judged
from surveys.storage.invitations import Invitation
from surveys.storage.pseudonyms import kept_under
from surveys.storage.responses import Response, response_to
from surveys.storage.surveys import Survey

UNSEEN = frozenset({"shown", "pace"})
"""Columns of a response that no page shows."""


def glance(session: Session, link: Link, today: date) -> Sheet | None:
    """What this link leads to, None where the invitation is gone."""
    rows = _asked(session.get_bind().dialect).rows(session, {"invitation": link.invitation})
    if not rows:
        return None
    values: list[Any] = list(rows[0])
    closed = bool(values.pop(0))
    invitation, survey, response = (_made(kind, values) for kind in (Invitation, Survey, Response))
    if link.veil.pseudonym and survey.mode is not Anonymity.ANONYMOUS:
        return None
    kept = kept_under(session, survey, invitation, link.veil)
    if kept != invitation.id:
        response = response_to(session, kept) if kept else None
    answers = answers_among(session, [response.id]) if response and not response.done else {}
    own = answers.get(response.id, {}) if response else {}
    bare = Sheet(Standing.OPEN, invitation, survey, link, response=response, answers=own, today=today)
    return judged(session, bare, closed=closed)


def _made(kind: type[Base], values: list[Any]) -> Any:
    """An object of the columns that come next, None where an outer join found none; takes them from the list."""
    names = _names(kind)
    own, values[: len(names)] = values[: len(names)], []
    given = {name: _in_utc(value) for name, value in zip(names, own, strict=True)}
    if given["id"] is None:
        return None
    made = kind.__mapper__.class_manager.new_instance()
    vars(made).update(given)
    return made


def _in_utc(value: Any) -> Any:
    """What is asked as text comes back in the time zone of the connection."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@lru_cache(maxsize=8)
def _names(kind: type[Base]) -> Sequence[str]:
    return [column.key for column in kind.__table__.columns if column.key not in UNSEEN]


def _columns(kind: type[Base]) -> list[InstrumentedAttribute[Any]]:
    return [getattr(kind, name) for name in _names(kind)]


@lru_cache(maxsize=8)
def _asked(dialect: Dialect) -> Kept:
    never = or_(*(Block.reason == each for each in NEVER_ASKED))  # a list would be expanded anew each time
    blocked = exists().where(Block.address_key == Invitation.address_key, never)
    statement = (
        select(blocked.label("closed"), *_columns(Invitation), *_columns(Survey), *_columns(Response))
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Response, Response.invitation_id == Invitation.id, isouter=True)
        .where(Invitation.id == bindparam("invitation"))
    )
    return Kept(statement, ["invitation"], dialect)
