"""Explaining: why a person would or would not get mail on each topic, with the events and the rule behind it (G17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.permission import Numbered
from contacts.domain.scopes import TRACKING
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import contact_by_key
from contacts.storage.judging import file_of, judge_file
from contacts.storage.topics import open_topics
from core.language import gettext as _


@dataclass(frozen=True)
class TopicVerdict:
    """Whether one topic is permitted, why, by which events (their numbers in the ledger), and by which rule."""

    topic: str
    title: str
    reason: Reason | None
    sentence: str
    events: tuple[int, ...]
    rule: str


@dataclass(frozen=True)
class Explanation:
    """Everything about one address: known as a contact or not, each topic's verdict, and what was recorded."""

    known: bool
    topics: tuple[TopicVerdict, ...]
    events: tuple[dict[str, Any], ...]


def explain(session: Session, keys: AddressKeys, *, at: datetime) -> Explanation:
    """Judge an address anew from its events and from what holds now: the gate's own answer, told."""
    known = contact_by_key(session, keys.own) is not None
    file = file_of(session, keys)
    judged = []
    for name, title in [(topic.name, topic.title) for topic in open_topics(session)] + [(TRACKING, "Click tracking")]:
        found = judge_file(session, file, keys, name, at=at)
        told = found.sentence
        if found.reason is None and not known:
            told = _("{told}, but is no contact any more").format(told=told)
        judged.append(TopicVerdict(name, title, found.reason, told, found.ground.events, found.ground.rule))
    return Explanation(known, tuple(judged), tuple(_told(event) for event in file.history))


def _told(event: Numbered) -> dict[str, Any]:
    fact = event.fact
    return {
        "number": event.sequence,
        "at": fact.at.isoformat(),
        "kind": fact.kind.value,
        "scope": fact.scope,
        "door": fact.door.value,
        "source": fact.source,
        "policy": fact.policy_version,
        "confirmed": fact.confirmed,
        "evidence": fact.evidence,
        "details": fact.details,
    }
