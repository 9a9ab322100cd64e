"""Deciding which variant the rest of a mailing gets: by the clock at its moment, or by an operator before."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState
from campaigns.domain.trial_words import as_seen, seen_tallies, sentence
from campaigns.domain.winners import LETTERS, Criterion, Judgement, Standing, Tally, Unclear, judge_variants
from campaigns.storage.campaigns import Campaign
from campaigns.storage.clicks import count_by_variant
from campaigns.storage.contests import contest_of, open_contests
from campaigns.storage.variants import (
    Trial,
    ask_operator,
    count_delivered,
    count_waiting,
    decide_for,
    keep_answers,
    release,
    set_moment,
    tallies,
    trial_of,
    was_tried,
)
from core.errors import BadInput, Conflict
from core.language import gettext as _

log = logging.getLogger("heedful.trials")

AT_ONCE = 5000
"""How many messages one transaction lets go: few enough that no opt-out waits for it."""
FIRST = 1
Answered = Callable[[Session, int], Mapping[int, int]]
"""Counts the answers to a mailing's invitations by variant; handed in, for campaigns know no surveys."""


@dataclass(frozen=True)
class Contest:
    """How the variants of a mailing stand: what the decision saw, or what is so far, and what was made of it."""

    trial: Trial
    tallies: tuple[Tally, ...]
    judgement: Judgement
    waiting: int

    @property
    def sentence(self) -> str:
        """What the figures say."""
        return sentence(self.judgement, Criterion(self.trial.criterion))

    @property
    def may_choose(self) -> bool:
        """Whether an operator can still choose for those who wait."""
        return self.trial.winner is None and self.waiting > 0


def contests_open(session: Session) -> list[int]:
    """The mailings in which there is something to decide or to let go."""
    return open_contests(session)


def contest(session: Session, campaign: Campaign) -> Contest | None:
    """How the campaign's variants stand; None where it has none, or nothing was frozen yet."""
    found = contest_of(session, campaign.id)
    return _weigh(session, found[1]) if found else None


def _weigh(session: Session, trial: Trial) -> Contest:
    counted = seen_tallies(trial.seen) if trial.seen else _count(session, trial)
    found = judge_variants(counted, trial.confidence / 100)
    return Contest(trial, tuple(counted), found, count_waiting(session, trial.mailing_id))


def _count(session: Session, trial: Trial) -> list[Tally]:
    delivered = count_delivered(session, trial.mailing_id)
    if trial.criterion == Criterion.ANSWERS:
        return tallies(trial, delivered, {int(number): answers for number, answers in (trial.answers or {}).items()})
    return tallies(trial, delivered, count_by_variant(session, trial.mailing_id))


def decide(session: Session, mailing_id: int, *, at: datetime, answered: Answered | None = None) -> Contest | None:
    """Decide if it is time; None if it is not, was done before, or an operator is to choose. Two clocks do no harm.

    The wait begins when everybody of the first share was tried once. Where nothing is clear the first variant is taken,
    or an operator is asked, as the campaign says.
    """
    trial = trial_of(session, mailing_id)
    if trial is None or trial.winner is not None:
        return None
    if answered is not None and trial.criterion == Criterion.ANSWERS:
        _note_answers(session, trial, answered(session, mailing_id))
    if trial.decide_at is None and was_tried(session, mailing_id):
        set_moment(session, mailing_id, at + timedelta(hours=trial.wait_hours))
    if trial.asked_at is not None or trial.decide_at is None or at < trial.decide_at:
        return None
    weighed = _weigh(session, trial)
    if weighed.judgement.standing is not Standing.CLEAR and trial.unclear == Unclear.ASK:
        ask_operator(session, mailing_id, at)
        log.info("variants are close, an operator is asked", extra={"mailing": mailing_id})
        return None
    best = weighed.judgement.best
    winner = best.number if best and weighed.judgement.standing is Standing.CLEAR else FIRST
    return weighed if _keep(session, weighed, winner, at=at, by="") else None


def choose(session: Session, campaign: Campaign, letter: str, *, at: datetime, by: str) -> Contest:
    """Let the rest get this variant, as an operator says, whatever the figures are.

    Raises:
        Conflict: it was decided before, or nobody waits.
        BadInput: there is no such variant.
    """
    found = contest_of(session, campaign.id)
    if found is None or found[0].stage not in {MailingState.SENDING, MailingState.PAUSED}:
        raise Conflict(_("No variants of this campaign compete now."))
    weighed = _weigh(session, found[1])
    known = LETTERS[: found[1].variants]
    if len(letter) != 1 or letter.upper() not in known:
        said = _("There is no variant “{letter}”.").format(letter=letter)
        raise BadInput(said, field="variant", remedy=_("There are: {letters}.").format(letters=", ".join(known)))
    if not weighed.may_choose or not _keep(session, weighed, known.index(letter.upper()) + 1, at=at, by=by):
        raise Conflict(_("Which variant the rest gets was decided already, or nobody waits for it."))
    return weighed


def let_go(session: Session, mailing_id: int, *, at: datetime) -> int:
    """Let some of those who wait get what has won; how many, 0 when nobody waits or nothing is decided."""
    trial = trial_of(session, mailing_id)
    if trial is None or trial.winner is None:
        return 0
    return release(session, mailing_id, trial.winner, at=at, most=AT_ONCE)


def _note_answers(session: Session, trial: Trial, answers: Mapping[int, int]) -> None:
    if {str(number): many for number, many in answers.items()} != (trial.answers or {}):
        keep_answers(session, trial.mailing_id, answers)


def _keep(session: Session, weighed: Contest, winner: int, *, at: datetime, by: str) -> bool:
    seen = as_seen(weighed.judgement, list(weighed.tallies))
    decided = decide_for(session, weighed.trial.mailing_id, winner, at=at, by=by, seen=seen)
    if decided:
        log.info("variant decided", extra={"mailing": weighed.trial.mailing_id, "variant": winner, "by_hand": bool(by)})
    return decided
