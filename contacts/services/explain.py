"""Explaining: why a person would or would not get mail on each topic, with the events and the rule behind it (G17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.permission import Numbered, Standing, standing, verdict
from contacts.domain.scopes import TRACKING, covering
from contacts.domain.verdicts import SENTENCES, Reason
from contacts.storage.contacts import contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.ledger import history_of, relatives_of
from contacts.storage.policies import policy_table
from contacts.storage.topics import open_topics


@dataclass(frozen=True)
class TopicVerdict:
    """Whether one topic is permitted, why, and by which events (their numbers in the ledger)."""

    topic: str
    title: str
    reason: Reason | None
    sentence: str
    events: tuple[int, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything about one address: known as a contact or not, each topic's verdict, and what was recorded."""

    known: bool
    topics: tuple[TopicVerdict, ...]
    events: tuple[dict[str, Any], ...]


def explain(session: Session, keys: AddressKeys, *, at: datetime) -> Explanation:
    """Judge an address anew from its events; for a contact the gate is asked as well, caps included."""
    history = history_of(session, keys.own)
    known = contact_by_key(session, keys.own) is not None
    stands = standing(history)
    relatives = [standing(events) for events in relatives_of(session, keys.own, keys.family)]
    policy = policy_table(session)
    judged = []
    for name, title in [(topic.name, topic.title) for topic in open_topics(session)] + [(TRACKING, "Click tracking")]:
        reason = verdict(stands, name, policy, relatives, at=at)
        if known and reason is None:
            reason = verdicts(session, name, [keys.own], at=at)[keys.own]
        judged.append(TopicVerdict(name, title, reason, _sentence(reason, known=known), _behind(stands, name, reason)))
    return Explanation(known, tuple(judged), tuple(_told(event) for event in history))


def _sentence(reason: Reason | None, *, known: bool) -> str:
    if reason is not None:
        return SENTENCES[reason]
    return "is permitted" if known else "is permitted, but is no contact any more"


def _behind(stands: Standing, scope: str, reason: Reason | None) -> tuple[int, ...]:
    """The events that decide: the blocks that cover the scope, else the permission given for it."""
    blocks = [number for (where, _), number in stands.blocks.items() if where in covering(scope)]
    if blocks:
        return tuple(sorted(blocks))
    grant = stands.grants.get(scope)
    return (grant.sequence,) if grant and reason is not Reason.FAMILY_HELD else ()


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
    }
