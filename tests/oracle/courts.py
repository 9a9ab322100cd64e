"""The judgement on a campaign: what the mail server saw, what people were told, what the house says became of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.leavers import DONE, LATE, Confirmation
from tests.oracle.postoffice import Letter

ENDS = ("sent", "failed", "withheld", "unknown", "cancelled", "excluded")
STILL = ("planned", "claimed")
SLOW_TO_START = ("mailto", "operator")
"""Doors that are a process of their own, whose start is no wait for a confirmation."""
TOO_LONG = 0.5
"""Seconds that 99 of 100 confirmations may take (issue: p99 < 500 ms)."""


@dataclass
class Judgement:
    """What is wrong, in sentences; and what was counted."""

    after: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    counted: dict[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.after, *self.doubles, *self.lost]

    @property
    def figures(self) -> dict[str, Any]:
        """One line for a benchmark."""
        return {"after": len(self.after), "doubles": len(self.doubles), "lost": len(self.lost), **self.counted}


def judged(
    letters: Sequence[Letter],
    confirmations: Sequence[Confirmation],
    states: Mapping[str, str],
    report: Mapping[str, Any],
    people: Collection[str],
    *,
    killed: bool = False,
    open_ends: bool = False,
) -> Judgement:
    """Judge one mailing.

    Args:
        letters: those of this mailing, as the mail server saw them.
        confirmations: of those who left while it was sent, or before.
        states: what the house says became of the message to each address.
        report: the counts that the house reports.
        people: everybody of the audience.
        killed: processes were killed: then a message that was taken may be told as unknown.
        open_ends: not everything came to its end, because the house was stopped before.
    """
    judgement = Judgement()
    _after(judgement, letters, confirmations)
    _doubles(judgement, letters)
    _lost(judgement, letters, states, killed=killed, open_ends=open_ends)
    _sums(judgement, states, report, people)
    _count(judgement, letters, confirmations, states)
    return judgement


def _after(judgement: Judgement, letters: Sequence[Letter], confirmations: Sequence[Confirmation]) -> None:
    """G1: no dot comes after its person was told that it is done; after an honest "late" one may, and no second."""
    dots: dict[str, list[int]] = defaultdict(list)
    for letter in letters:
        if letter.dot:
            dots[letter.to].append(letter.dot)
    for told in confirmations:
        later = [dot - told.heard for dot in dots[told.who] if dot > told.heard]
        allowed = 1 if told.said == LATE else len(later) if told.said != DONE else 0
        if len(later) > allowed:
            gap = max(later) / 1e6
            judgement.after.append(f"{told.who} was written to {gap:.3f} ms after {told.door} had said {told.said}")


def _doubles(judgement: Judgement, letters: Sequence[Letter]) -> None:
    """G6: a message whose dot came once, and was not refused in so many words, never comes again."""
    given = Counter(letter.to for letter in letters if letter.dot and letter.code in {0, 250})
    judgement.doubles += [f"{who} was handed it {number} times" for who, number in given.items() if number > 1]
    order: dict[str, Letter] = {}
    for letter in letters:
        before = order.get(letter.to)
        if letter.dot and before is not None and before.code not in {421, 451}:
            judgement.doubles.append(f"{letter.to} was handed it again after {before.code or 'no answer'}")
        if letter.dot:
            order[letter.to] = letter


def _lost(
    judgement: Judgement, letters: Sequence[Letter], states: Mapping[str, str], *, killed: bool, open_ends: bool
) -> None:
    """G7: one end for each, and an end that agrees with what the mail server saw."""
    taken = {letter.to for letter in letters if letter.code == 250}
    perhaps = {letter.to for letter in letters if letter.dot and letter.code == 0}
    for who, state in states.items():
        if state in STILL:
            if not open_ends:
                judgement.lost.append(f"{who} came to no end: {state}")
            elif state == "planned" and who in taken | perhaps:
                judgement.lost.append(f"{who} was handed over and is planned again")
        elif state == "sent" and who not in taken:
            judgement.lost.append(f"{who} is told as sent, and nobody took it")
        elif who in taken and state != "sent" and not (killed and state == "unknown"):
            judgement.lost.append(f"{who} was taken, and is told as {state}")
        elif who in perhaps - taken and state != "unknown":
            judgement.lost.append(f"{who} got no answer to the dot, and is told as {state}")
    judgement.lost += [f"{who} is unknown to the house" for who in (taken | perhaps) - states.keys()]


def _sums(judgement: Judgement, states: Mapping[str, str], report: Mapping[str, Any], people: Collection[str]) -> None:
    told = {state: report.get(state, 0) for state in (*ENDS, *STILL)}
    counted = Counter(states.values())
    if sum(told.values()) != report["audience"] or report["audience"] != len(people):
        judgement.lost.append(f"the sums do not add up: {told} of {report['audience']}, of {len(people)} people")
    if {state: number for state, number in told.items() if number} != dict(counted):
        judgement.lost.append(f"the report says {told}, its messages say {dict(counted)}")
    judgement.lost += [f"{who} is nowhere" for who in set(people) - states.keys()]


def _count(
    judgement: Judgement, letters: Sequence[Letter], confirmations: Sequence[Confirmation], states: Mapping[str, str]
) -> None:
    slowest = sorted(confirmations, key=lambda told: told.asked - told.heard)[:3]
    heard = [told for told in confirmations if told.said in {DONE, LATE} and told.door not in SLOW_TO_START]
    waits = sorted((told.heard - told.asked) / 1e9 for told in heard)
    dots = {letter.to: letter.dot for letter in letters if letter.dot}
    said = Counter(told.said for told in confirmations)
    judgement.counted = {
        "confirmed": said[DONE],
        "late": said[LATE],
        "not_recorded": sum(said.values()) - said[DONE] - said[LATE],
        "left_before_their_dot": sum(1 for told in confirmations if told.who not in dots),
        "p50_seconds": round(waits[len(waits) // 2], 4) if waits else 0.0,
        "p99_seconds": round(waits[min(len(waits) - 1, len(waits) * 99 // 100)], 4) if waits else 0.0,
        "longest_seconds": round(waits[-1], 4) if waits else 0.0,
        "slowest": [f"{told.door} {(told.heard - told.asked) / 1e9:.2f}" for told in slowest],
        "letters": len(letters),
        "dots": sum(1 for letter in letters if letter.dot),
        "states": dict(Counter(states.values())),
        "doors": dict(Counter(told.door for told in confirmations)),
    }
