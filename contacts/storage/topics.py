"""Topics: what mail may be about, with the caps on how often."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.scopes import ANNOUNCEMENTS, MARKETING, OFFERS, OTHER, RESEARCH, UPDATES
from core.database import Base, Moment
from core.errors import NotFound

STANDARD = (
    (ANNOUNCEMENTS, MARKETING, "Product announcements", "New products and new versions", None, None),
    (UPDATES, MARKETING, "Software updates", "Fixes and changes to products you have", None, None),
    (OFFERS, MARKETING, "Special offers", "Discounts and bundles", None, None),
    (OTHER, MARKETING, "Other news", "Events, tutorials and news from us", None, None),
    (RESEARCH, "everything", "Surveys", "Invitations to tell us what you think", 4, 90),
)


class Topic(Base):
    """One topic; archived, never deleted, so that its number in old links keeps its meaning."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("(cap_count IS NULL) = (cap_days IS NULL)", name="cap"),
        CheckConstraint("cap_count IS NULL OR (cap_count > 0 AND cap_days > 0)", name="cap_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    parent: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(500), default="")
    cap_count: Mapped[int | None]
    cap_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)


def add_standard_topics(session: Session, *, at: datetime) -> None:
    """Add the topics of P2 and P4 that are not there yet; creating a topic makes nobody mailable."""
    known = set(session.scalars(select(Topic.name)))
    for name, parent, title, description, cap_count, cap_days in STANDARD:
        if name not in known:
            session.add(
                Topic(
                    name=name,
                    parent=parent,
                    title=title,
                    description=description,
                    cap_count=cap_count,
                    cap_days=cap_days,
                    created_at=at,
                )
            )
    session.flush()


def open_topics(session: Session) -> list[Topic]:
    """The topics that campaigns can have, in the order they were made."""
    return list(session.scalars(select(Topic).where(Topic.archived_at.is_(None)).order_by(Topic.id)))


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
