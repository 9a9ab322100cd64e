"""Reckoning: what a person's events order, row for row, against what stands in the tables, for `heedful verify`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacts.domain.permission import Numbered, Standing, lapses_at, standing
from contacts.domain.policy import PolicyTable
from contacts.domain.verdicts import RANKS

BLOCK = "block"
CONSENT = "consent"
PAUSE = "pause"
RHYTHM = "rhythm"
ALL_MAIL = "all mail"
"""Where a rhythm stands: it has no scope."""

Rows = Mapping[str, Mapping[str, Any]]
"""Place (a scope, and a reason where there is one) → the columns that stand there."""


@dataclass(frozen=True)
class Recorded:
    """An event with the moment at which it was stored."""

    numbered: Numbered
    at: datetime


def block_place(scope: str, reason: str) -> str:
    """How the place of a block is called."""
    return f"{scope} ({reason})"


def ordered(story: Sequence[Recorded], policy: PolicyTable) -> dict[str, Rows]:
    """The rows of each table that a person's events order, in sequence order."""
    stands = standing([each.numbered for each in story])
    behind = {each.numbered.sequence: each for each in story}
    return {
        BLOCK: _blocks(stands, behind),
        CONSENT: _consents(stands, behind, policy),
        PAUSE: {scope: {"until": until} for scope, until in stands.pauses.items()},
        RHYTHM: {ALL_MAIL: {"days": stands.rhythm_days}} if stands.rhythm_days else {},
    }


def _blocks(stands: Standing, behind: Mapping[int, Recorded]) -> Rows:
    return {
        block_place(scope, reason.value): {
            "event_sequence": sequence,
            "rank": RANKS[reason],
            "family_key": behind[sequence].numbered.fact.family,
            "since": behind[sequence].at,
        }
        for (scope, reason), sequence in stands.blocks.items()
    }


def _consents(stands: Standing, behind: Mapping[int, Recorded], policy: PolicyTable) -> Rows:
    return {
        scope: {
            "event_sequence": grant.sequence,
            "basis": grant.basis.value,
            "source": grant.source,
            "policy_version": grant.policy_version,
            "confirmed": grant.confirmed,
            "given_at": grant.given_at,
            "since": behind[grant.sequence].at,
            "lapses_at": lapses_at(grant, scope, policy),
        }
        for scope, grant in stands.grants.items()
    }


def first_difference(due: Mapping[str, Rows], kept: Mapping[str, Rows]) -> str | None:
    """The first row that is missing, changed, or stands without an event; named by place and event, never by person."""
    return next((said for what in due for said in _differences(what, due[what], kept.get(what, {}))), None)


def _differences(what: str, due: Rows, kept: Rows) -> list[str]:
    said = []
    for place in sorted(due.keys() | kept.keys()):
        if place not in kept:
            said.append(f"a {what} is missing: {place}{_event(due[place], ', ordered by event {}')}.")
        elif place not in due:
            said.append(f"a {what} stands that no event orders: {place}{_event(kept[place], '; it names event {}')}.")
        elif changed := [name for name, value in due[place].items() if kept[place].get(name) != value]:
            names = ", ".join(changed)
            said.append(f"a {what} was changed: {place}{_event(due[place], ', ordered by event {}')}, in {names}.")
    return said


def _event(row: Mapping[str, Any], words: str) -> str:
    return words.format(row["event_sequence"]) if "event_sequence" in row else ""
