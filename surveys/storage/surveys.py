"""Surveys and the versions of what they ask; the mapped classes and the queries asked of them."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Json, Moment
from core.errors import Conflict, NotFound
from core.language import gettext as _
from surveys.domain.anonymity import Access, Anonymity
from surveys.domain.definitions import Survey as Definition
from surveys.domain.naming_checks import require_nobody_named
from surveys.domain.survey_checks import require_publishable
from surveys.domain.survey_files import kept_survey, table_of

MOST_REMINDERS = 2
REMINDER_DAYS = 4


class SurveyState(StrEnum):
    """Where a survey stands: not asked yet, asked, or over."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Survey(Base):
    """A survey; `version` is the number of the newest published version, 0 before the first.

    A confidential survey forgets who gave which answers `unlink_days` after it closed (None: only when told to);
    `unlinked_at` is when it did. Triggers keep `anonymity` from being loosened (G14).
    """

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state"),
        CheckConstraint("state <> 'open' OR version > 0", name="open"),
        CheckConstraint("most_reminders BETWEEN 0 AND 10 AND reminder_days BETWEEN 1 AND 365", name="reminders"),
        Index("ix_survey_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20), default=SurveyState.DRAFT.value)
    version: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None] = mapped_column(Moment)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    most_reminders: Mapped[int] = mapped_column(default=MOST_REMINDERS)
    reminder_days: Mapped[int] = mapped_column(default=REMINDER_DAYS)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    anonymity: Mapped[str] = mapped_column(String(20), default=Anonymity.IDENTIFIED.value, server_default="identified")
    access: Mapped[str] = mapped_column(String(20), default=Access.INVITED.value, server_default="invited")
    unlink_days: Mapped[int | None]
    unlinked_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def mode(self) -> Anonymity:
        """How far answers are kept from people, as a value."""
        return Anonymity(self.anonymity)

    @property
    def stage(self) -> SurveyState:
        """The state as a value."""
        return SurveyState(self.state)


class SurveyVersion(Base):
    """What a survey asks, as a table; once published it never changes, and responses keep theirs."""

    __tablename__ = "survey_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        Index(
            "uq_survey_version_draft",
            "survey_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[datetime | None] = mapped_column(Moment)


def find_survey(session: Session, name: str) -> Survey:
    """The survey of that name.

    Raises:
        NotFound: there is none.
    """
    found = survey_named(session, name)
    if found is None:
        raise NotFound(
            _("There is no survey “{name}”.").format(name=name), remedy=_("`heedful survey list` shows all names.")
        )
    return found


def survey_named(session: Session, name: str) -> Survey | None:
    """The survey of that name, if there is one."""
    return session.scalar(select(Survey).where(Survey.name == name))


def get_survey(session: Session, survey_id: int) -> Survey:
    """The survey of that number."""
    return session.get_one(Survey, survey_id)


def survey_numbered(session: Session, survey_id: int, *, locked: bool = False) -> Survey:
    """The survey of that number; `locked`: nobody else changes it before this transaction ends.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Survey, survey_id, with_for_update=True if locked else None)
    if found is None:
        raise NotFound(_("There is no such survey."))
    return found


def list_surveys(session: Session) -> list[Survey]:
    """All surveys, the newest first."""
    return list(session.scalars(select(Survey).order_by(Survey.id.desc())))


def add_survey(session: Session, definition: Definition, at: datetime) -> Survey:
    """A new survey whose first version is still a draft."""
    survey = Survey(name=definition.name, title=definition.title, version=0, created_at=at, updated_at=at)
    session.add(survey)
    session.flush()
    session.add(SurveyVersion(survey_id=survey.id, number=1, definition=table_of(definition)))
    session.flush()
    return survey


def drafted(session: Session, survey: Survey) -> Definition:
    """What the team works on: the draft, or where there is none the newest published version."""
    return _newest(session, survey)[1]


def draft_number(session: Session, survey: Survey) -> int | None:
    """The number of the version that is not published yet, if there is one."""
    return session.scalar(
        select(SurveyVersion.number).where(SurveyVersion.survey_id == survey.id, SurveyVersion.published_at.is_(None))
    )


def published(session: Session, survey: Survey, number: int = 0) -> Definition:
    """What a published version asks; the newest one where no number is given.

    Raises:
        NotFound: no such version was published.
    """
    row = session.get(SurveyVersion, (survey.id, number or survey.version))
    if row is None or row.published_at is None:
        raise NotFound(_("This survey has not been published yet."))
    return _read(row.definition)


def _read(definition: dict[str, Any]) -> Definition:
    return _parsed(json.dumps(definition))


@lru_cache(maxsize=128)
def _parsed(text: str) -> Definition:
    """A definition read once, not at each press: it is a value, and the same text always gives the same."""
    return kept_survey(json.loads(text))


def all_published(session: Session, survey: Survey) -> list[Definition]:
    """Every published version, the newest first."""
    rows = session.scalars(
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey.id, SurveyVersion.published_at.is_not(None))
        .order_by(SurveyVersion.number.desc())
    )
    return [_read(row.definition) for row in rows]


def screening_ends(session: Session, survey: Survey) -> frozenset[str]:
    """The ends at which any published version says that people were not meant to be asked."""
    return frozenset(end.name for version in all_published(session, survey) for end in version.ends if end.screened_out)


def store_draft(session: Session, survey: Survey, definition: Definition, at: datetime) -> int:
    """Keep what the team works on; the number of its version. Published versions are left as they are."""
    number, _current = _newest(session, survey)
    draft = draft_number(session, survey)
    if draft is None:
        draft = number + 1
        session.add(SurveyVersion(survey_id=survey.id, number=draft, definition=table_of(definition)))
    else:
        session.execute(
            update(SurveyVersion)
            .where(
                SurveyVersion.survey_id == survey.id,
                SurveyVersion.number == draft,
                SurveyVersion.published_at.is_(None),
            )
            .values(definition=table_of(definition))
        )
    survey.title, survey.updated_at = definition.title, at
    session.flush()
    return draft


def publish_draft(session: Session, survey: Survey, at: datetime) -> bool:
    """Publish the draft; False where there is none.

    Raises:
        BadDefinition: a page that nobody can come to, a condition that nobody can meet, or a question that would say
            who people are where answers are kept apart from them.
    """
    number = draft_number(session, survey)
    if number is None:
        return False
    require_nobody_named(require_publishable(drafted(session, survey)), survey.mode)
    session.execute(
        update(SurveyVersion)
        .where(SurveyVersion.survey_id == survey.id, SurveyVersion.number == number)
        .values(published_at=at)
    )
    survey.version, survey.updated_at = number, at
    session.flush()
    return True


def _newest(session: Session, survey: Survey) -> tuple[int, Definition]:
    row = session.scalars(
        select(SurveyVersion).where(SurveyVersion.survey_id == survey.id).order_by(SurveyVersion.number.desc()).limit(1)
    ).one()
    return row.number, _read(row.definition)


def open_survey(session: Session, survey: Survey, at: datetime) -> None:
    """Let it be answered; the draft, if there is one, is published.

    Raises:
        Conflict: its closing hour has passed.
    """
    if survey.closes_at is not None and survey.closes_at <= at:
        raise Conflict(_("Its closing hour has passed."), remedy=_("Set a later one, or none, and open it then."))
    publish_draft(session, survey, at)
    survey.state, survey.opens_at, survey.updated_at, survey.closed_at = SurveyState.OPEN.value, at, at, None
    session.flush()


def close_survey(session: Session, survey: Survey, at: datetime) -> None:
    """Let it be answered no more; what was completed stays. A closed survey may be opened again."""
    survey.state, survey.updated_at, survey.closed_at = SurveyState.CLOSED.value, at, at
    survey.opens_at = survey.opens_at if survey.opens_at and survey.opens_at <= at else None
    session.flush()


def due_surveys(session: Session, at: datetime) -> tuple[Sequence[Survey], Sequence[Survey]]:
    """The surveys whose hour to open has come, and those whose hour to close has come."""
    opening = session.scalars(
        select(Survey).where(
            Survey.state == SurveyState.DRAFT.value,
            Survey.opens_at <= at,
            or_(Survey.closes_at.is_(None), Survey.closes_at > at),
        )
    )
    closing = session.scalars(select(Survey).where(Survey.state == SurveyState.OPEN.value, Survey.closes_at <= at))
    return opening.all(), closing.all()
