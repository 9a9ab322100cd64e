"""Links: the only places a click-through may lead, stored per campaign before anything is sent (P20)."""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaigns.domain.link_checks import is_destination
from core.database import Base, insert_new


class Link(Base):
    """One destination of one campaign; never changed, so that a mail leads for ever where it led."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("campaign_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    url: Mapped[str] = mapped_column(Text)


def store_links(session: Session, campaign_id: int, urls: Iterable[str]) -> dict[str, int]:
    """Store the destinations that are whole web addresses; returns all links of the campaign by URL. Idempotent."""
    rows = [
        {"campaign_id": campaign_id, "digest": sha256(url.encode()).digest(), "url": url}
        for url in dict.fromkeys(urls)
        if is_destination(url)
    ]
    insert_new(session, Link, rows)
    return links_of(session, campaign_id)


def links_of(session: Session, campaign_id: int) -> dict[str, int]:
    """The stored links of a campaign: URL → number."""
    rows = session.execute(select(Link.url, Link.id).where(Link.campaign_id == campaign_id))
    return dict(rows.all())


def destination(session: Session, link_id: int) -> str | None:
    """Where a link leads; None if it was never stored."""
    return session.scalar(select(Link.url).where(Link.id == link_id))


def recent_destinations(session: Session, most: int) -> dict[int, str]:
    """The newest destinations by number, to warm a cache with."""
    rows = session.execute(select(Link.id, Link.url).order_by(Link.id.desc()).limit(most))
    return dict(rows.all())
