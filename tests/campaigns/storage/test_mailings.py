from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.campaigns import get_campaign, move_campaign, put_draft
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.mailings import (
    MailingKind,
    begin_mailing,
    due_mailings,
    finish_mailings,
    get_mailing,
    mailings_of,
    move_mailings,
    plan_mailing,
    reopen_mailing,
)
from core.errors import Conflict, NotFound
from tests.campaigns.scenes import a_sender, add_readers, clear, make_draft, scheduled, sending
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)
LEASE = timedelta(minutes=5)


def test_a_mailing_keeps_a_copy_that_later_edits_do_not_touch(database):
    with database.writing() as session:
        mailing = scheduled(session)
        campaign = get_campaign(session, mailing.campaign_id)
        move_mailings(session, campaign.id, MailingState.CANCELLED, at=NOON)
        move_campaign(session, campaign, CampaignState.DRAFT, NOON)
        put_draft(session, make_draft(subject="Edited"), NOON)
        assert get_mailing(session, mailing.id).subject == "New this spring"


def test_g20_a_campaign_that_changed_after_its_checks_is_not_planned(database):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        cleared = clear(campaign)
        put_draft(session, make_draft(html="<p>no way out</p>"), NOON)
        with pytest.raises(Conflict, match="changed after it was checked"):
            plan_mailing(session, campaign, cleared, kind=MailingKind.FIRST, due_at=NOON, at=NOON)


def test_a_campaign_has_one_first_mailing_and_the_database_holds_it(database):
    with database.writing() as session:
        mailing = scheduled(session)
        campaign = get_campaign(session, mailing.campaign_id)
        with pytest.raises(Conflict, match="has its mailing already"):
            plan_mailing(session, campaign, clear(campaign), kind=MailingKind.FIRST, due_at=NOON, at=NOON)
        second = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.REMINDER, due_at=NOON, at=NOON)
        assert [each.id for each in mailings_of(session, campaign.id)] == [mailing.id, second.id]
        session.flush()
        second.kind = MailingKind.FIRST.value
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_only_planned_mailings_whose_hour_has_come_are_due(database):
    with database.writing() as session:
        soon = scheduled(session, make_draft("one"), at=NOON).id
        scheduled(session, make_draft("two"), at=LATER)
    with database.reading() as session:
        assert due_mailings(session, NOON) == [soon]
        with pytest.raises(NotFound):
            get_mailing(session, 99)


def test_two_clocks_begin_a_mailing_once(database):
    with database.writing() as session:
        number = scheduled(session).id
    with database.writing() as session:
        begun = begin_mailing(session, number, NOON)
        assert begun is not None
        assert begun.frozen_at == NOON
        assert get_campaign(session, begun.campaign_id).stage is CampaignState.SENDING
    with database.writing() as session:
        assert begin_mailing(session, number, NOON) is None


def test_a_mailing_does_not_begin_before_its_hour_or_while_its_campaign_is_paused(database):
    with database.writing() as session:
        add_readers(session, 1)
        mailing = sending(session)
        campaign = get_campaign(session, mailing.campaign_id)
        reminder = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.REMINDER, due_at=LATER, at=NOON)
        assert begin_mailing(session, reminder.id, NOON) is None
        move_campaign(session, campaign, CampaignState.PAUSED, NOON)
        assert begin_mailing(session, reminder.id, LATER) is None
        move_campaign(session, campaign, CampaignState.SENDING, NOON)
        assert begin_mailing(session, reminder.id, LATER) is not None


def _send_all(session: Session, at: datetime = NOON) -> None:
    sender = a_sender(session)
    taken = claim(session, sender, at=at, lease=LEASE, most=100)
    settle(session, sender, [Outcome(each.message_id, MessageState.SENT, handed_over_at=at) for each in taken])


def test_a_mailing_finishes_when_nothing_is_open_and_its_campaign_with_it(database):
    with database.writing() as session:
        add_readers(session, 2)
        mailing = sending(session)
        assert finish_mailings(session, LATER) == []
        _send_all(session)
        assert finish_mailings(session, LATER) == [mailing.id]
        assert finish_mailings(session, LATER) == []
        assert get_mailing(session, mailing.id).finished_at == LATER
        assert get_campaign(session, mailing.campaign_id).stage is CampaignState.FINISHED


def test_an_empty_audience_finishes_at_once(database):
    with database.writing() as session:
        mailing = sending(session)
        assert finish_mailings(session, NOON) == [mailing.id]


def test_a_reminder_opens_the_campaign_again_and_finishes_it_again(database):
    with database.writing() as session:
        add_readers(session, 1)
        campaign_id = sending(session).campaign_id
        _send_all(session)
        finish_mailings(session, NOON)
        campaign = get_campaign(session, campaign_id)
        second = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.REMINDER, due_at=LATER, at=NOON)
        begun = begin_mailing(session, second.id, LATER)
        assert begun is not None
        freeze_audience(session, begun, at=LATER)
        assert get_campaign(session, campaign_id).stage is CampaignState.SENDING
        _send_all(session, LATER)
        assert finish_mailings(session, LATER) == [second.id]
        assert get_campaign(session, campaign_id).stage is CampaignState.FINISHED


def test_a_campaign_with_a_mailing_still_under_way_is_not_finished_by_another(database):
    with database.writing() as session:
        add_readers(session, 1)
        campaign = get_campaign(session, sending(session).campaign_id)
        second = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.REMINDER, due_at=NOON, at=NOON)
        begin_mailing(session, second.id, NOON)  # nobody in it
        assert finish_mailings(session, NOON) == [second.id]
        assert get_campaign(session, campaign.id).stage is CampaignState.SENDING


def test_a_test_mailing_leaves_its_campaign_a_draft(database):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        trial = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.TEST, due_at=NOON, at=NOON)
        assert begin_mailing(session, trial.id, NOON) is not None
        assert finish_mailings(session, NOON) == [trial.id]
        reopen_mailing(session, get_mailing(session, trial.id), NOON)
        assert get_campaign(session, campaign.id).stage is CampaignState.DRAFT


def test_a_finished_mailing_can_be_reopened_with_its_campaign(database):
    with database.writing() as session:
        mailing = sending(session)
        finish_mailings(session, NOON)
        reopen_mailing(session, get_mailing(session, mailing.id), LATER)
        reopen_mailing(session, get_mailing(session, mailing.id), LATER)
        assert get_mailing(session, mailing.id).stage is MailingState.SENDING
        assert get_campaign(session, mailing.campaign_id).stage is CampaignState.SENDING


def test_pausing_resuming_and_cancelling_move_the_mailings_of_one_campaign_only(database):
    with database.writing() as session:
        one, two = sending(session, make_draft("one")), sending(session, make_draft("two"))
        assert move_mailings(session, one.campaign_id, MailingState.PAUSED, at=NOON) == [one.id]
        assert get_mailing(session, two.id).stage is MailingState.SENDING
        assert move_mailings(session, one.campaign_id, MailingState.SENDING, at=NOON) == [one.id]
        assert move_mailings(session, one.campaign_id, MailingState.CANCELLED, at=LATER) == [one.id]
        assert get_mailing(session, one.id).finished_at == LATER
        assert move_mailings(session, one.campaign_id, MailingState.SENDING, at=LATER) == []
