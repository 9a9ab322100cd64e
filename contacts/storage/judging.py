"""Judging again: a verdict from the events up to any number of the ledger and what held at any moment (G17)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.permission import Numbered, Standing, standing, verdict
from contacts.domain.policy import PolicyTable
from contacts.domain.reasoning import Ground, ground, sentence
from contacts.domain.verdicts import Reason
from contacts.storage.circumstances import circumstances, reached_cap
from contacts.storage.ledger import history_of, relatives_of
from contacts.storage.policies import policy_table
from core.language import gettext as _


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


def judge_again(
    session: Session, keys: AddressKeys, scope: str, *, at: datetime, sequence: int, but: int = 0
) -> Judged:
    """The verdict that a scope had for a person at a moment, when the ledger ended at event `sequence`.

    `but` is the permit, if any, that this very verdict gave: it did not count for the caps of itself.
    """
    return judge_file(session, file_of(session, keys, sequence), keys, scope, at=at, but=but)


def file_of(session: Session, keys: AddressKeys, sequence: int | None = None) -> File:
    """What the ledger holds of a person; up to the event of that number, where one is named."""

    def known_then(events: list[Numbered]) -> list[Numbered]:
        return [event for event in events if sequence is None or event.sequence <= sequence]

    history = known_then(history_of(session, keys.own))
    relatives = [standing(known_then(events)) for events in relatives_of(session, keys.own, keys.family)]
    return File(history, standing(history), relatives, policy_table(session))


def judge_file(session: Session, file: File, keys: AddressKeys, scope: str, *, at: datetime, but: int = 0) -> Judged:
    """The verdict on a scope, with the sentence and the ground that tell why."""
    held = circumstances(session, keys.own, scope, at=at, rhythm_days=file.stands.rhythm_days, but=but)
    reason = verdict(file.stands, scope, file.policy, file.relatives, at=at, given=held)
    decided = ground(reason, file.stands, scope, file.policy, file.relatives)
    detail = ""
    if reason is Reason.CAP_REACHED and (cap := reached_cap(session, keys.own, scope, at=at, but=but)):
        detail = _("at most {count} in {days} days").format(count=cap.cap_count, days=cap.cap_days)
    events = {event.sequence: event for event in file.history}
    told = sentence(reason, file.stands, scope, file.policy, events=events, decided=decided, detail=detail)
    return Judged(reason, told, decided)
