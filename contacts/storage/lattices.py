"""The lattice of scopes as a list to look at: groups and topics, what holds for each, and how many said yes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contacts.domain.limit_words import tell_quiet
from contacts.domain.quiet_hours import QuietHours
from contacts.domain.reasoning import SCOPES
from contacts.domain.scopes import EVERYTHING, MARKETING, PARTNERS, RESEARCH, covering
from contacts.storage.closures import closed_scopes
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from contacts.storage.frequencies import all_frequencies
from contacts.storage.topics import Topic, all_topics
from core.errors import NotFound

_ORDER = (MARKETING, PARTNERS, RESEARCH)


@dataclass(frozen=True)
class Shelf:
    """One line: a topic, or a group of them where `topic` is None; `depth` is how far below everything it stands.

    `agreed` counts contacts whose yes, or whose having been told, is kept; None where nobody counted.
    """

    scope: str
    title: str
    depth: int
    topic: Topic | None = None
    archived: bool = False
    cap: tuple[int, int] | None = None
    quiet: QuietHours | None = None
    agreed: int | None = None

    @property
    def description(self) -> str:
        """What people read of it."""
        return self.topic.description if self.topic else ""

    @property
    def quiet_told(self) -> str:
        """The quiet hours as a team reads them; nothing where there are none."""
        return tell_quiet(self.quiet) if self.quiet else ""

    @property
    def is_partner(self) -> bool:
        """Whether it belongs to a partner, and is kept in the registry of partners."""
        return self.scope.startswith("partner:")


def shelves(session: Session, *, at: datetime, counted: bool = False) -> list[Shelf]:
    """Every group and topic, each after what it stands below, with what holds for it."""
    topics = {topic.name: topic for topic in all_topics(session)}
    closed, limits = closed_scopes(session, at=at), all_frequencies(session, at=at)
    agreed = agreed_among(session) if counted else {}
    found = []
    for scope in _in_order(list(topics)):
        topic, limit = topics.get(scope), limits.get(scope)
        cap = (limit.cap_count, limit.cap_days) if limit and limit.cap_count and limit.cap_days else None
        found.append(
            Shelf(
                scope=scope,
                title=topic.title if topic else str(SCOPES.get(scope, scope)),
                depth=len(covering(scope)) - 1,
                topic=topic,
                archived=scope in closed,
                cap=cap,
                quiet=limit.quiet_hours if limit else None,
                agreed=agreed.get(scope, 0) if counted and topic else None,
            )
        )
    return found


def _in_order(topics: Sequence[str]) -> Iterator[str]:
    yield EVERYTHING
    for group in _ORDER:
        yield group
        yield from (topic for topic in topics if topic != group and group in covering(topic))


def shelf_of(session: Session, scope: str, *, at: datetime) -> Shelf:
    """One line, with the count of those who said yes.

    Raises:
        NotFound: neither a topic nor a group of topics.
    """
    found = next((each for each in shelves(session, at=at, counted=True) if each.scope == scope), None)
    if found is None:
        raise NotFound(f"There is no topic, and no group of topics, “{scope}”.")
    return found


def agreed_among(session: Session) -> dict[str, int]:
    """How many contacts' yes, or having been told, is kept for each scope; whether it holds is the gate's to say."""
    rows = session.execute(
        select(Consent.scope, func.count())
        .join(Contact, Contact.address_key == Consent.address_key)
        .group_by(Consent.scope)
    )
    return {scope: number for scope, number in rows}  # noqa: C416 - rows are no pairs to the type checker
