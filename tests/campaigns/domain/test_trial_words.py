"""What is said of a trial: what keeps it from starting, and figures that never claim more than they can."""

import pytest

from campaigns.domain.trial_words import about_trial, as_seen, percent, seen_tallies, sentence, sure
from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.domain.winners import Criterion, Tally, judge_variants

ONE = (DraftVariant(subject="B"),)
RIGHT = {"tracking": True, "personal": False, "by_local_time": False}


@pytest.mark.parametrize(
    ("trial", "changes", "said"),
    [
        (DraftTrial(), {"tracking": False}, []),
        (DraftTrial(variants=ONE), {}, []),
        (DraftTrial(variants=ONE), {"tracking": False}, ["does not remember clicks"]),
        (DraftTrial(winner="answers", variants=ONE), {"tracking": False, "personal": True}, []),
        (DraftTrial(winner="answers", variants=ONE), {}, ["Only an invitation"]),
        (DraftTrial(variants=ONE), {"by_local_time": True}, ["an hour of their own"]),
    ],
)
def test_what_keeps_variants_from_competing_is_named(trial, changes, said):
    found = list(about_trial(trial, **RIGHT | changes))
    assert len(found) == len(said)
    assert all(part in finding.sentence for part, finding in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("clicks", "said"),
    [
        ((0, 0), "Nothing can be told yet: none of the mails had clicks."),
        ((1, 4), "0.2 % of B’s mails had clicks, 0.1 % of A’s: too few to tell anything."),
        ((40, 40), "A and B are level: 2.0 % of the mails of each had clicks."),
        ((44, 50), "2.5 % of B’s mails had clicks, against 2.2 % of A’s: only 46 % confidence."),
        ((44, 66), "3.3 % of B’s mails had clicks, against 2.2 % of A’s: 96 % confidence."),
        ((44, 200), "10.0 % of B’s mails had clicks, against 2.2 % of A’s: 99 % confidence."),
    ],
)
def test_the_figures_are_said_plainly(clicks, said):
    found = judge_variants([Tally(number, 2000, each) for number, each in enumerate(clicks, 1)], 0.95)
    assert sentence(found, Criterion.CLICKS) == said


def test_what_a_decision_saw_can_be_kept():
    tallies = [Tally(1, 10, 2), Tally(2, 10, 3)]
    assert seen_tallies(as_seen(judge_variants(tallies, 0.95), tallies)) == tallies
    assert (sure(1.0), sure(0.9679), percent(0.031)) == ("99 %", "96 %", "3.1 %")
