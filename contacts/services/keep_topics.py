"""Keeping topics: added, renamed, archived and reopened, never deleted; none of it makes anybody mailable."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.domain.scopes import parent_of, partner_of
from contacts.domain.topic_drafts import TopicWords, read_topic_name
from contacts.storage.closures import close_scope, reopen_scope
from contacts.storage.consents import Consent
from contacts.storage.topics import Topic, all_topics, topic_named
from core.errors import Conflict


def add_topic(session: Session, name: str, words: TopicWords, *, at: datetime) -> Topic:
    """Add a topic below marketing or research; every block on a scope above it covers it from the start.

    Raises:
        BadInput: it cannot have this name.
        Conflict: there is such a topic or title, or somebody said yes to the name before there was one.
    """
    name = read_topic_name(name)
    _refuse_twins(session, name, words)
    if session.scalar(select(Consent.scope).where(Consent.scope == name).limit(1)) is not None:
        raise Conflict(
            f"Somebody said yes to “{name}” before there was such a topic, and a new topic makes nobody mailable.",
            remedy="Choose another name, and ask these people again.",
        )
    parent = parent_of(name)
    assert parent is not None, "what can be added stands below something"
    topic = Topic(name=name, parent=parent, title=words.title, description=words.description, created_at=at)
    session.add(topic)
    session.flush()
    return topic


def _refuse_twins(session: Session, name: str, words: TopicWords) -> None:
    for topic in all_topics(session):
        if topic.name == name:
            raise Conflict(
                f"There is a topic “{name}” already; a topic is never deleted.", remedy="If it is archived, reopen it."
            )
        if topic.title.casefold() == words.title.casefold():
            raise Conflict(f"The topic “{topic.name}” has this title already.", remedy="Choose another title.")


def rename_topic(session: Session, name: str, words: TopicWords) -> Topic:
    """Give a topic another title and description; its name, and so what people said yes and no to, stays.

    Raises:
        NotFound: there is no such topic.
        Conflict: another one has this title, or the topic is a partner's.
    """
    topic = _own_topic(session, name)
    for other in all_topics(session):
        if other.id != topic.id and other.title.casefold() == words.title.casefold():
            raise Conflict(f"The topic “{other.name}” has this title already.", remedy="Choose another title.")
    topic.title, topic.description = words.title, words.description
    session.flush()
    return topic


def archive_topic(session: Session, name: str, *, at: datetime, operator: str = "", why: str = "") -> Topic:
    """Close a topic: from this commit on nobody is mailable for it, a campaign under way included."""
    topic = _own_topic(session, name)
    close_scope(session, topic.name, at=at, operator=operator, why=why)
    return topic


def reopen_topic(session: Session, name: str, *, at: datetime) -> Topic:
    """Open a topic again: whoever permitted it may be mailed as before, nobody else."""
    topic = _own_topic(session, name)
    reopen_scope(session, topic.name, at=at)
    return topic


def _own_topic(session: Session, name: str) -> Topic:
    topic = topic_named(session, name)
    if partner_of(topic.name) is not None:
        raise Conflict(
            f"“{topic.name}” belongs to a partner.",
            remedy="Change the partner, in the console or by `heedful partner`.",
        )
    return topic
