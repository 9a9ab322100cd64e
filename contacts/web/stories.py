"""One contact's story for the console: what the ledger knows, as lines that other packages can add theirs to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.facts import Door, Kind
from contacts.domain.provenance import came_from
from contacts.domain.reasoning import DOORS, SCOPES
from contacts.domain.scopes import EVERYTHING, SHARING, TRACKING
from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import Block
from contacts.storage.contacts import Contact
from contacts.storage.ledger import Event, events_of
from contacts.storage.topics import Topic
from core.language import gettext as _


@dataclass(frozen=True)
class Line:
    """One thing that happened; `tone` colours its dot: good, bad, warn, live or nothing."""

    at: datetime
    title: str
    detail: str = ""
    tone: str = ""
    href: str = ""


Teller = Callable[[Session, Contact], Iterable[Line]]
"""Whoever knows more about a contact: messages and clicks, invitations and answers."""

_TELLERS: dict[str, Teller] = {}


def tells(teller: Teller) -> Teller:
    """Register somebody of a package above who adds lines to every contact's story."""
    _TELLERS[f"{teller.__module__}.{teller.__qualname__}"] = teller
    return teller


TITLES = {
    Kind.CONSENT: _("Agreed to: {scopes}"),
    Kind.NOTICE: _("Was told, and did not object: {scopes}"),
    Kind.OPT_OUT: _("Opted out of: {scopes}"),
    Kind.COMPLAINT: _("Reported a mail as spam"),
    Kind.BOUNCE: _("Mail came back"),
    Kind.CHILD: _("Flagged as a child"),
    Kind.ERASURE: _("Was erased"),
    Kind.HOLD: _("Held: {scopes}"),
    Kind.RELEASE: _("Released: {scopes}"),
    Kind.PAUSE: _("Asked for a pause: {scopes}"),
    Kind.RHYTHM: _("Said how often mail may come"),
    Kind.SHARED: _("Handed on: {scopes}"),
    Kind.DISCLOSED: _("Disclosed, as the law required"),
}
TONES = {
    Kind.CONSENT: "good",
    Kind.NOTICE: "good",
    Kind.OPT_OUT: "bad",
    Kind.COMPLAINT: "bad",
    Kind.BOUNCE: "bad",
    Kind.CHILD: "bad",
    Kind.ERASURE: "bad",
    Kind.HOLD: "warn",
    Kind.RELEASE: "live",
    Kind.PAUSE: "warn",
    Kind.RHYTHM: "live",
    Kind.SHARED: "live",
    Kind.DISCLOSED: "warn",
}
FLAGS = {
    BlockReason.CHILD: (_("child"), "bad"),
    BlockReason.ERASURE: (_("erased"), "bad"),
    BlockReason.COMPLAINT: (_("complained"), "bad"),
    BlockReason.BOUNCE: (_("bounced"), "warn"),
    BlockReason.OPT_OUT: (_("opted out"), "bad"),
    BlockReason.HOLD: (_("held"), "warn"),
}


def scope_titles(topics: Iterable[Topic]) -> dict[str, str]:
    """What each scope is called on a page."""
    return SCOPES | {topic.name: topic.title for topic in topics}


def flags_of(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """The weightiest block as a word and a tone; an opt-out from a part says so; nothing where nothing is blocked."""
    weightiest = next((block for block in blocks if block.scope not in {TRACKING, SHARING}), None)
    if weightiest is None:
        return []
    reason = BlockReason(weightiest.reason)
    if reason is BlockReason.OPT_OUT and weightiest.scope != EVERYTHING:
        return [(_("opted out of a part"), "warn")]
    return [FLAGS[reason]]


def ledger_lines(session: Session, contact: Contact, titles: dict[str, str]) -> list[Line]:
    """What the ledger recorded, newest first; events of one act share a line."""
    acts: dict[tuple[str, str, datetime], list[Event]] = {}
    for event in events_of(session, contact.address_key):
        acts.setdefault((event.kind, event.door, event.at), []).append(event)
    return [_line(events, titles) for events in reversed(acts.values())]


def event_lines(events: Iterable[Event], titles: dict[str, str]) -> list[Line]:
    """Events as lines, one each, in their order."""
    return [_line([event], titles) for event in events]


def _line(events: list[Event], titles: dict[str, str]) -> Line:
    first = events[0]
    scopes = ", ".join(titles.get(event.scope, event.scope) for event in events)
    return Line(
        at=first.at,
        title=TITLES[Kind(first.kind)].format(scopes=scopes),
        detail=" · ".join(part for part in _details(first) if part),
        tone=TONES[Kind(first.kind)],
    )


def _details(event: Event) -> Iterable[str]:
    yield DOORS[Door(event.door)]
    yield event.evidence
    yield from came_from(event.source, event.details)
    if event.policy_version:
        yield _("policy {version}").format(version=event.policy_version)
    yield _("No. {sequence} in the ledger").format(sequence=event.sequence)


def told(session: Session, contact: Contact, titles: dict[str, str]) -> list[Line]:
    """The whole story in one order, newest first."""
    lines = ledger_lines(session, contact, titles)
    for teller in _TELLERS.values():
        lines.extend(teller(session, contact))
    return sorted(lines, key=lambda line: line.at, reverse=True)
