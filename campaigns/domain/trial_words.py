"""What is found before a trial of variants, and what is said of it afterwards; for checks, console and terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.domain.checks import Finding, error
from campaigns.domain.trials import DraftTrial
from campaigns.domain.winners import Criterion, Judgement, Standing, Tally
from core.language import gettext as _

WHAT = {Criterion.CLICKS: _("had clicks"), Criterion.ANSWERS: _("were answered")}


def about_trial(trial: DraftTrial, *, tracking: bool, personal: bool, by_local_time: bool) -> Iterator[Finding]:
    """What keeps the variants from competing."""
    if not trial.variants:
        return
    if trial.winner == Criterion.CLICKS and not tracking:
        yield error(
            "trial",
            _("The winner is found by clicks, but this campaign does not remember clicks."),
            _("Remember clicks, or let answers decide where it is an invitation."),
        )
    if trial.winner == Criterion.ANSWERS and not personal:
        yield error("trial", _("Only an invitation to a survey can be decided by answers."), _("Let clicks decide."))
    if by_local_time:
        yield error(
            "trial",
            _("Variants cannot compete where each person gets the mail at an hour of their own."),
            _("Send it to everybody at one moment, or without variants."),
        )


def sentence(found: Judgement, criterion: Criterion) -> str:
    """What the figures say, plainly."""
    best, second = found.best, found.second
    if best is None or second is None:
        return _("Nothing can be told yet: none of the mails {what}.").format(what=_(WHAT[criterion]))
    facts = {
        "best": best.letter,
        "second": second.letter,
        "what": _(WHAT[criterion]),
        "more": percent(best.rate),
        "less": percent(second.rate),
        "sure": sure(found.confidence),
    }
    if found.standing is Standing.TOO_FEW:
        return _("{more} of {best}’s mails {what}, {less} of {second}’s: too few to tell anything.").format(**facts)
    if found.standing is Standing.CLOSE and not found.confidence:
        return _("{best} and {second} are level: {more} of the mails of each {what}.").format(**facts)
    if found.standing is Standing.CLOSE:
        return _("{more} of {best}’s mails {what}, against {less} of {second}’s: only {sure} confidence.").format(
            **facts
        )
    return _("{more} of {best}’s mails {what}, against {less} of {second}’s: {sure} confidence.").format(**facts)


def percent(share: float) -> str:
    """A share in percent."""
    return f"{share * 100:.1f} %"


def sure(confidence: float) -> str:
    """A confidence in whole percent, rounded down: nothing is certain."""
    return f"{min(99, int(confidence * 100))} %"


def as_seen(found: Judgement, tallies: list[Tally]) -> dict[str, Any]:
    """The figures that a decision saw, to be kept."""
    rows = [[each.number, each.delivered, each.responses] for each in tallies]
    return {"standing": found.standing.value, "confidence": round(found.confidence, 6), "tallies": rows}


def seen_tallies(seen: Mapping[str, Any]) -> list[Tally]:
    """The figures back from what was kept."""
    return [Tally(*row) for row in seen["tallies"]]
