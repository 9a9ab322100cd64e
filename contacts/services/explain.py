"""Explaining: why a person would or would not get mail on each topic, with the events and the rule behind it (G17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.permission import Numbered, Standing, standing, verdict
from contacts.domain.policy import PolicyTable
from contacts.domain.reasoning import Ground, ground, sentence
from contacts.domain.scopes import TRACKING
from contacts.domain.verdicts import Reason
from contacts.storage.circumstances import circumstances, reached_cap
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import history_of, relatives_of
from contacts.storage.policies import policy_table
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


@dataclass(frozen=True)
class Judged:
    """A verdict read from the events up to a number of the ledger, and from what held at a moment."""

    reason: Reason | None
    sentence: str
    ground: Ground


@dataclass(frozen=True)
class File:
    """What the ledger holds of one person and their relatives, as it stood at a moment."""

    history: list[Numbered]
    stands: Standing
    relatives: list[Standing]
    policy: PolicyTable


def explain(session: Session, keys: AddressKeys, *, at: datetime) -> Explanation:
    """Judge an address anew from its events and from what holds now: the gate's own answer, told."""
    known = contact_by_key(session, keys.own) is not None
    file = _file(session, keys)
    judged = []
    for name, title in [(topic.name, topic.title) for topic in open_topics(session)] + [(TRACKING, "Click tracking")]:
        found = _judge(session, file, keys, name, at=at)
        told = found.sentence
        if found.reason is None and not known:
            told = _("{told}, but is no contact any more").format(told=told)
        judged.append(TopicVerdict(name, title, found.reason, told, found.ground.events, found.ground.rule))
    return Explanation(known, tuple(judged), tuple(_told(event) for event in file.history))


def judge_again(
    session: Session, keys: AddressKeys, scope: str, *, at: datetime, sequence: int, but: int = 0
) -> Judged:
    """The verdict that a scope had for a person at a moment, when the ledger ended at event `sequence`.

    `but` is the permit, if any, that this very verdict gave: it did not count for the caps of itself.
    """
    return _judge(session, _file(session, keys, sequence), keys, scope, at=at, but=but)


def _file(session: Session, keys: AddressKeys, sequence: int | None = None) -> File:
    def known_then(events: list[Numbered]) -> list[Numbered]:
        return [event for event in events if sequence is None or event.sequence <= sequence]

    history = known_then(history_of(session, keys.own))
    relatives = [standing(known_then(events)) for events in relatives_of(session, keys.own, keys.family)]
    return File(history, standing(history), relatives, policy_table(session))


def _judge(session: Session, file: File, keys: AddressKeys, scope: str, *, at: datetime, but: int = 0) -> Judged:
    held = circumstances(session, keys.own, scope, at=at, rhythm_days=file.stands.rhythm_days, but=but)
    reason = verdict(file.stands, scope, file.policy, file.relatives, at=at, given=held)
    decided = ground(reason, file.stands, scope, file.policy, file.relatives)
    detail = ""
    if reason is Reason.CAP_REACHED and (cap := reached_cap(session, keys.own, scope, at=at, but=but)):
        detail = _("at most {count} in {days} days").format(count=cap.cap_count, days=cap.cap_days)
    events = {event.sequence: event for event in file.history}
    told = sentence(reason, file.stands, scope, file.policy, events=events, decided=decided, detail=detail)
    return Judged(reason, told, decided)


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
