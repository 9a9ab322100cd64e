"""Clicks: what a reader followed, kept only where tracking was permitted (P21, G16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.states import MessageState
from campaigns.storage.links import Link
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message
from core.database import Base, Moment, Number, insert_new


class Click(Base):
    """One click of one reader: an interest in the topic of the mail."""

    __tablename__ = "click"
    __table_args__ = (
        UniqueConstraint("message_id", "link_id", "at"),
        Index("ix_click_link_id", "link_id", "message_id"),
        Index("ix_click_contact_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    contact_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    topic: Mapped[str] = mapped_column(String(60))


@dataclass(frozen=True)
class Followed:
    """A message whose link was followed, and what judging the click needs to know of it."""

    message_id: int
    contact_id: int
    address_key: bytes
    topic: str
    tracking: bool
    handed_over_at: datetime | None


@dataclass(frozen=True)
class LinkClicks:
    """How often a link was followed: by how many people, and in all."""

    link_id: int
    url: str
    unique: int
    total: int


def followed(session: Session, message_id: int, link_id: int) -> Followed | None:
    """The message of a click; None if it or the link is unknown, or the link is of another campaign."""
    row = session.execute(
        select(
            Message.id,
            Message.contact_id,
            Message.address_key,
            Mailing.topic,
            Mailing.tracking,
            Message.handed_over_at,
        )
        .join(Mailing, Mailing.id == Message.mailing_id)
        .join(Link, Link.campaign_id == Mailing.campaign_id)
        .where(Message.id == message_id, Link.id == link_id)
    ).first()
    return Followed(*row) if row else None


def other_links(session: Session, message_id: int, link_id: int, since: datetime, until: datetime) -> int:
    """How many other links of the message were followed in that time."""
    query = select(func.count(Click.link_id.distinct())).where(
        Click.message_id == message_id, Click.link_id != link_id, Click.at >= since, Click.at <= until
    )
    return session.scalar(query) or 0


def store_click(session: Session, of: Followed, link_id: int, at: datetime) -> bool:
    """Keep the click; False if it is kept already."""
    row = {
        "link_id": link_id,
        "message_id": of.message_id,
        "contact_id": of.contact_id,
        "at": at,
        "topic": of.topic,
    }
    return insert_new(session, Click, [row]) > 0


def withdraw_clicks(session: Session, message_id: int, since: datetime, until: datetime) -> None:
    """Drop the clicks of a burst that turned out to be a machine's."""
    session.execute(delete(Click).where(Click.message_id == message_id, Click.at >= since, Click.at <= until))


def count_by_link(session: Session, mailing_ids: Sequence[int]) -> list[LinkClicks]:
    """The links of these mailings' campaign with their clicks, the most followed first."""
    campaign = select(Mailing.campaign_id).where(Mailing.id.in_(mailing_ids))
    clicks = (
        select(Click.link_id, func.count(Click.message_id.distinct()).label("people"), func.count().label("times"))
        .join(Message, Message.id == Click.message_id)
        .where(Message.mailing_id.in_(mailing_ids))
        .group_by(Click.link_id)
        .subquery()
    )
    rows = session.execute(
        select(Link.id, Link.url, func.coalesce(clicks.c.people, 0), func.coalesce(clicks.c.times, 0))
        .outerjoin(clicks, clicks.c.link_id == Link.id)
        .where(Link.campaign_id.in_(campaign))
        .order_by(func.coalesce(clicks.c.people, 0).desc(), Link.id)
    )
    return [LinkClicks(*row) for row in rows]


def count_readers(session: Session, mailing_ids: Sequence[int]) -> int:
    """How many contacts followed any link of these mailings."""
    query = (
        select(func.count(Click.contact_id.distinct()))
        .join(Message, Message.id == Click.message_id)
        .where(Message.mailing_id.in_(mailing_ids))
    )
    return session.scalar(query) or 0


def count_by_variant(session: Session, mailing_id: int) -> dict[int, int]:
    """How many delivered mails of each variant had a click that may be counted (G16), machines' left out."""
    rows = session.execute(
        select(Message.variant, func.count(Click.message_id.distinct()))
        .join(Click, Click.message_id == Message.id)
        .where(
            Message.mailing_id == mailing_id,
            Message.variant.is_not(None),
            Message.state == MessageState.SENT.value,
        )
        .group_by(Message.variant)
    )
    return {number: clicked for number, clicked in rows if number is not None}


def clicks_of(contact_id: int) -> Select[datetime, str, str]:
    """A contact's clicks, the newest first: when, where to, and the topic."""
    return (
        select(Click.at, Link.url, Click.topic)
        .join(Link, Link.id == Click.link_id)
        .where(Click.contact_id == contact_id)
        .order_by(Click.at.desc(), Click.id.desc())
    )
