from datetime import timedelta

import pytest

from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.services.control import cancel, decide, pause, resume, take_back
from campaigns.services.report import report
from campaigns.storage.campaigns import find_campaign
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.clicks import followed, store_click
from campaigns.storage.links import store_links
from campaigns.storage.mailings import finish_mailings, get_mailing
from campaigns.storage.messages import count_reasons, count_states
from campaigns.storage.releases import cancel_leftovers, let_go
from contacts.domain.facts import Door
from contacts.services.unsubscribe import opt_out
from core.errors import Conflict, NotFound
from tests.campaigns.scenes import a_sender, add_contact, add_readers, make_draft, scheduled, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)
LATER = NOON + timedelta(minutes=10)


def test_a_campaign_is_paused_resumed_and_cancelled(database):
    with database.writing() as session:
        add_readers(session, 3)
        mailing = sending(session)
        sender = a_sender(session)
        claim(session, sender, at=NOON, lease=LEASE, most=1)
        assert pause(session, "spring", at=NOON).stage is CampaignState.PAUSED
        assert claim(session, sender, at=NOON, lease=LEASE, most=9) == []
        with pytest.raises(Conflict, match="is paused and cannot become paused"):
            pause(session, "spring", at=NOON)
        assert resume(session, "spring", at=NOON).stage is CampaignState.SENDING
        with pytest.raises(Conflict, match="not paused"):
            resume(session, "spring", at=NOON)
        assert cancel(session, "spring", at=NOON) == 2
        assert get_mailing(session, mailing.id).stage is MailingState.CANCELLED
        assert count_reasons(session, mailing.id) == {MessageState.CANCELLED: {"campaign_cancelled": 2}}
        with pytest.raises(Conflict, match="That state is final"):
            cancel(session, "spring", at=NOON)


def test_g7_one_cancellation_has_one_reason_also_for_what_a_sender_held(database):
    with database.writing() as session:
        add_readers(session, 3)
        mailing = sending(session)
        sender = a_sender(session)
        claim(session, sender, at=NOON, lease=LEASE, most=1)
        assert cancel(session, "spring", at=NOON) == 2
        let_go(session, sender, NOON)
        assert cancel_leftovers(session) == 1
        assert count_reasons(session, mailing.id) == {MessageState.CANCELLED: {"campaign_cancelled": 3}}


def test_a_scheduled_campaign_is_taken_back_and_scheduled_again(database):
    with database.writing() as session:
        first = scheduled(session)
        assert take_back(session, "spring", at=NOON).stage is CampaignState.DRAFT
        assert get_mailing(session, first.id).stage is MailingState.CANCELLED
        assert scheduled(session).id != first.id
        with pytest.raises(NotFound):
            take_back(session, "winter", at=NOON)


def test_what_has_begun_is_not_taken_back(database):
    with database.writing() as session:
        sending(session)
        with pytest.raises(Conflict, match="cannot become draft"):
            take_back(session, "spring", at=NOON)


def test_g6_an_unknown_message_is_sent_again_only_when_an_operator_says_so(database):
    with database.writing() as session:
        add_readers(session, 2)
        mailing = sending(session)
        sender = a_sender(session)
        one, two = (each.message_id for each in claim(session, sender, at=NOON, lease=LEASE, most=9))
        settle(session, sender, [Outcome(each, MessageState.UNKNOWN, handed_over_at=NOON) for each in (one, two)])
        finish_mailings(session, NOON)
        assert claim(session, sender, at=LATER, lease=LEASE, most=9) == []
        decide(session, one, MessageState.SENT, at=LATER)
        with pytest.raises(Conflict, match="is known: sent"):
            decide(session, one, MessageState.PLANNED, at=LATER)
        with pytest.raises(Conflict, match="cannot become withheld"):
            decide(session, two, MessageState.WITHHELD, at=LATER)
        assert get_mailing(session, mailing.id).stage is MailingState.FINISHED
        decide(session, two, MessageState.PLANNED, at=LATER)
        assert find_campaign(session, "spring").stage is CampaignState.SENDING
        assert [each.message_id for each in claim(session, sender, at=LATER, lease=LEASE, most=9)] == [two]


def test_g7_the_report_adds_up_and_names_every_reason(database):
    with database.writing() as session:
        people = add_readers(session, 5)
        add_contact(session, "never-asked@example.org")
        mailing = sending(session)
        sender = a_sender(session)
        numbers = [each.message_id for each in claim(session, sender, at=NOON, lease=LEASE, most=4)]
        settle(
            session,
            sender,
            [
                Outcome(numbers[0], MessageState.SENT, handed_over_at=NOON),
                Outcome(numbers[1], MessageState.SENT, handed_over_at=NOON),
                Outcome(numbers[2], MessageState.FAILED, "refused", 550, "no"),
                Outcome(numbers[3], MessageState.UNKNOWN, handed_over_at=NOON),
            ],
        )
        link = store_links(session, mailing.campaign_id, ["https://example.org/"])["https://example.org/"]
        click = followed(session, numbers[0], link)
        assert click is not None
        store_click(session, click, link, LATER)
        opt_out(session, people[0].keys, "everything", Door.ONE_CLICK, at=LATER, mailing_id=mailing.id)
        opt_out(session, people[0].keys, "everything", Door.PAGE, at=LATER, mailing_id=mailing.id)
        opt_out(session, people[1].keys, "everything", Door.PAGE, at=LATER, mailing_id=mailing.id + 1)
        told = report(session, "spring", at=LATER)
        assert told.adds_up
        assert (told.audience, told.planned, told.readers, told.opt_outs) == (6, 5, 1, 1)
        assert told.of(MessageState.SENT) == 2
        assert told.mailings[0].reasons == {
            MessageState.EXCLUDED: {"no_permission": 1},
            MessageState.FAILED: {"refused": 1},
        }
        assert told.mailings[0].per_second == pytest.approx(2 / 600)
        assert [(each.unique, each.total) for each in told.links] == [(1, 1)]
        assert count_states(session, mailing.id).audience == told.audience


def test_a_report_leaves_out_tests_and_mailings_that_were_taken_back(database):
    with database.writing() as session:
        scheduled(session)
        take_back(session, "spring", at=NOON)
        again = scheduled(session, make_draft())
        told = report(session, "spring", at=NOON)
        assert [each.mailing.id for each in told.mailings] == [again.id]
        assert (told.audience, told.mailings[0].per_second, told.links) == (0, 0, ())
