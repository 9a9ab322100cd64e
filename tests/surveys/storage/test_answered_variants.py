"""A trial of invitations is decided by answers: counted by variant, without a way from an answer to anybody."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.decide_winner import decide
from campaigns.storage.messages import Message
from campaigns.storage.variants import deal, trial_of
from surveys.services.invite import Wish, draft_invitation
from surveys.storage.answered_variants import count_answers_by_variant
from surveys.storage.invitations import Invitation
from tests.conftest import NOON
from tests.surveys.survey_scenes import STRAIGHT, answer, hand_over, launched, opened, people


def test_answers_are_counted_by_the_variant_of_the_invitation(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 6)
        campaign = draft_invitation(session, survey, Wish(), at=NOON)
        variants = (DraftVariant(subject="Two minutes?"),)
        trial = DraftTrial(share=100, winner="answers", wait_hours=1, variants=variants)
        apply_draft(session, replace(campaign.draft, trial=trial), at=NOON)
        mailing = launched(session, campaign)
        assert deal(session, mailing.id, at=NOON) == 6
        session.expire_all()
        hand_over(session, mailing)
        by_variant = select(Message.variant, Message.reference).order_by(Message.id)
        invited = {number: session.get(Invitation, reference) for number, reference in session.execute(by_variant)}
        answer(session, invited[1])
        answer(session, invited[2], STRAIGHT[0])
        session.flush()
        assert count_answers_by_variant(session, mailing.id) == {1: 1}, "who only began has not answered"
        decide(session, mailing.id, at=NOON, answered=count_answers_by_variant)
        decide(session, mailing.id, at=NOON + timedelta(hours=1), answered=count_answers_by_variant)
        kept = trial_of(session, mailing.id)
        assert kept is not None
        assert (kept.answers, kept.winner, kept.criterion) == ({"1": 1}, 1, "answers")
