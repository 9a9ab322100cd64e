"""A person's own choices on their own page: the only place, with double opt-in, where an opt-out is lifted.

Every act says what the page showed (`seen`, the number of the person's last event): where something newer was recorded
meanwhile, what restricts is done, and what permits is asked again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.choosing import STILL_ON, Chooser, in_the_way, starts, stops
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import PAUSE, Numbered, Standing, standing, verdict
from contacts.domain.scopes import EVERYTHING, TRACKING
from contacts.domain.undoing import last_act, last_number, undo
from contacts.domain.verdicts import BlockReason
from contacts.domain.wordings import Wording
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import history_of, record, relatives_of
from contacts.storage.locks import lock_families
from contacts.storage.offerings import everything_known, lines_among
from contacts.storage.partners import Partner, all_partners, is_active
from contacts.storage.policies import current_policy, policy_table
from contacts.storage.signup_forms import keep_wording
from contacts.storage.topics import Topic, open_topics
from core.language import gettext, noted

PAUSES = (30, 60, 90)
RHYTHMS = (0, 7, 30)
_OWN_PAGE = noted("What we may write about")
"""The headline of the page, kept with the titles and descriptions that stood beside the ticks."""


@dataclass(frozen=True)
class Sheet:
    """What a person's page shows."""

    topics: Sequence[Topic]
    partners: Sequence[Partner]
    on: frozenset[str]
    paused_until: datetime | None
    rhythm_days: int
    in_the_way: BlockReason | None
    known: bool
    seen: int
    undoable: int


@dataclass(frozen=True)
class Outcome:
    """What became of an act: what was stopped, what was not switched on, and why."""

    changed: bool = False
    restricted: bool = False
    asked_again: frozenset[str] = frozenset()
    stale: bool = False


def sheet_of(session: Session, keys: AddressKeys, *, at: datetime) -> Sheet:
    """Where a person stands, for their page."""
    history = history_of(session, keys.own)
    stands, act = standing(history), last_act(history, at=at)
    topics, partners = _offered(session, at)
    until = stands.pauses.get(EVERYTHING)
    return Sheet(
        topics=topics,
        partners=partners,
        on=_on(session, keys, stands, _scopes(topics, partners), at),
        paused_until=until if until and until > at else None,
        rhythm_days=stands.rhythm_days,
        in_the_way=in_the_way(stands),
        known=contact_by_key(session, keys.own) is not None,
        seen=last_number(history),
        undoable=act.number if act else 0,
    )


def prefer(
    session: Session, keys: AddressKeys, wanted: Collection[str], *, seen: int, at: datetime, language: str = "en"
) -> Outcome:
    """Make a person's scopes what they ticked: a new tick is their own confirmed yes, a missing one an opt-out.

    What they read beside their new ticks is kept in the page's `language`.

    Lifting an opt-out from a wider scope leaves every other scope below it stopped. Nothing is switched on for who is
    no contact, nor where a child, a complaint, an erasure, a bounce or a hold stands in the way.
    """
    history = _alone(session, keys)
    stands, topics_partners = standing(history), _offered(session, at)
    offered = _scopes(*topics_partners)
    who = Chooser(keys, current_policy(session), at)
    ticked = frozenset(wanted) & frozenset(offered)
    new = ticked - _on(session, keys, stands, offered, at)
    stale = last_number(history) > seen
    may = not stale and in_the_way(stands) is None and contact_by_key(session, keys.own) is not None
    starting = sorted(new) if may else []
    if starting:
        who = replace(who, wording_hash=_read(session, starting, who, language))
    left = stops(stands, ticked, offered, who)
    record(session, [*left, *starts(stands, starting, everything_known(session), who)], at=at)
    on = _on(session, keys, standing(history_of(session, keys.own)), offered, at)
    return Outcome(bool(left or starting), bool(left), frozenset(new - on), stale)


def _read(session: Session, scopes: Sequence[str], who: Chooser, language: str) -> str:
    """Keep, word for word, what a person read beside their new ticks; the hash that names it."""
    lines = lines_among(session, scopes, at=who.at, language=language)
    wording = Wording("", gettext(_OWN_PAGE, language), lines, who.policy_version, privacy_url="", sender="")
    return keep_wording(session, wording, at=who.at)


def pause(session: Session, keys: AddressKeys, days: int, *, seen: int, at: datetime) -> Outcome:
    """Let no mail come for so many days; a pause that would end one that is longer, set elsewhere, is asked again."""
    history = _alone(session, keys)
    until = at + timedelta(days=days)
    if last_number(history) > seen and standing(history).pauses.get(EVERYTHING, at) > until:
        return Outcome(stale=True)
    record(session, [_own(keys, Kind.PAUSE, at, until=until.isoformat())], at=at)
    return Outcome(changed=True, restricted=True)


def resume(session: Session, keys: AddressKeys, *, seen: int, at: datetime) -> Outcome:
    """End a pause early."""
    history = _alone(session, keys)
    if last_number(history) > seen:
        return Outcome(stale=True)
    if standing(history).pauses.get(EVERYTHING, at) <= at:
        return Outcome()
    record(session, [_own(keys, Kind.RELEASE, at, reason=PAUSE)], at=at)
    return Outcome(changed=True)


def set_rhythm(session: Session, keys: AddressKeys, days: int, *, seen: int, at: datetime) -> Outcome:
    """Let mail come at most once in so many days, all topics together; 0 for as it comes."""
    history = _alone(session, keys)
    before = standing(history).rhythm_days
    if days == before:
        return Outcome()
    if last_number(history) > seen and days < before:
        return Outcome(stale=True)
    record(session, [_own(keys, Kind.RHYTHM, at, days=days)], at=at)
    return Outcome(changed=True, restricted=days > before)


def undo_last(session: Session, keys: AddressKeys, number: int, *, at: datetime) -> Outcome:
    """Take the last change made here back, if it is the one that the page named and nothing came after it."""
    act = last_act(_alone(session, keys), at=at)
    if act is None or act.number != number:
        return Outcome(stale=True)
    facts = undo(act, keys, at=at)
    record(session, facts, at=at)
    return Outcome(bool(facts), any(fact.kind in {Kind.OPT_OUT, Kind.PAUSE} for fact in facts))


def _alone(session: Session, keys: AddressKeys) -> list[Numbered]:
    """The person's history, read under their lock: what is decided from it is not overtaken by another act."""
    lock_families(session, [keys.family], alone=True)
    return history_of(session, keys.own)


def _offered(session: Session, at: datetime) -> tuple[list[Topic], list[Partner]]:
    topics = [topic for topic in open_topics(session) if not topic.name.startswith("partner:")]
    return topics, [each for each in all_partners(session) if is_active(session, each.name, at=at)]


def _scopes(topics: Sequence[Topic], partners: Sequence[Partner]) -> list[str]:
    named = [name for each in partners for name in (each.topic, each.sharing)]
    return [*(topic.name for topic in topics), *named, TRACKING]


def _on(session: Session, keys: AddressKeys, stands: Standing, scopes: Sequence[str], at: datetime) -> frozenset[str]:
    policy = policy_table(session)
    relatives = [standing(each) for each in relatives_of(session, keys.own, keys.family)]
    return frozenset(scope for scope in scopes if verdict(stands, scope, policy, relatives, at=at) in STILL_ON)


def _own(keys: AddressKeys, kind: Kind, at: datetime, **details: Any) -> Fact:
    return Fact(keys.own, keys.family, kind, EVERYTHING, Door.PREFERENCES, at, confirmed=True, details=details)
