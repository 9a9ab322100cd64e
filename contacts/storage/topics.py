"""Topics: what mail may be about; each stands below its parent in the lattice of scopes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.scopes import ANNOUNCEMENTS, EVERYTHING, MARKETING, OFFERS, OTHER, RESEARCH, UPDATES, parent_of
from contacts.storage.closures import Closure, now_closed
from contacts.storage.frequencies import add_standard_frequencies
from core.database import Base, Moment
from core.errors import NotFound
from core.language import noted

STANDARD = (
    (ANNOUNCEMENTS, MARKETING, noted("Product announcements"), noted("New products and new versions")),
    (UPDATES, MARKETING, noted("Software updates"), noted("Fixes and changes to products you have")),
    (OFFERS, MARKETING, noted("Special offers"), noted("Discounts and bundles")),
    (OTHER, MARKETING, noted("Other news"), noted("Events, tutorials and news from us")),
    (RESEARCH, EVERYTHING, noted("Surveys"), noted("Invitations to tell us what you think")),
)

LATTICE = (
    "CASE WHEN name IN ('announcements', 'updates', 'offers', 'other') OR substr(name, 1, 10) = 'marketing:' "
    "THEN parent = 'marketing' "
    "WHEN name = 'research' THEN parent = 'everything' "
    "WHEN substr(name, 1, 9) = 'research:' THEN parent = 'research' "
    "WHEN substr(name, 1, 8) = 'partner:' THEN parent = 'partners' "
    "ELSE 1 = 0 END"
)
"""Each topic stands below what its name says: what `parent_of` says in the rules, said to the database."""


class Topic(Base):
    """One topic; archived (a closure), never deleted, so that its number in old links keeps its meaning."""

    __tablename__ = "topic"
    __table_args__ = (CheckConstraint(LATTICE, name="lattice"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    parent: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


def add_standard_topics(session: Session, *, at: datetime) -> None:
    """Add the topics of P2 and P4 that are not there yet, and their caps; creating a topic makes nobody mailable."""
    known = set(session.scalars(select(Topic.name)))
    for name, parent, title, description in STANDARD:
        if name not in known:
            assert parent == parent_of(name), "the lattice is the same in the table and in the rules"
            session.add(Topic(name=name, parent=parent, title=title, description=description, created_at=at))
    session.flush()
    add_standard_frequencies(session, at=at)


def open_topics(session: Session) -> list[Topic]:
    """The topics that campaigns can have, in the order they were made."""
    return list(session.scalars(select(Topic).where(~is_archived()).order_by(Topic.id)))


def all_topics(session: Session) -> list[Topic]:
    """Every topic there ever was, archived ones included, in the order they were made."""
    return list(session.scalars(select(Topic).order_by(Topic.id)))


def is_archived() -> ColumnElement[bool]:
    """The condition of a topic that is archived now."""
    return select(Closure.id).where(Closure.scope == Topic.name, now_closed()).exists()


def all_topic_names(session: Session) -> list[str]:
    """Every topic there ever was, archived ones included."""
    return list(session.scalars(select(Topic.name).order_by(Topic.id)))


def topic_named(session: Session, name: str) -> Topic:
    """A topic, archived or not.

    Raises:
        NotFound: there is none of that name.
    """
    topic = session.scalar(select(Topic).where(Topic.name == name))
    if topic is None:
        raise NotFound(f"There is no topic “{name}”.")
    return topic


def topic_numbered(session: Session, topic_id: int) -> Topic | None:
    """The topic of an old link's number."""
    return session.get(Topic, topic_id)


def topic_number(session: Session, name: str) -> int:
    """A topic's number as links carry it; 0, which means everything, for what is no topic."""
    return session.scalar(select(Topic.id).where(Topic.name == name)) or 0
