from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.storage.campaigns import get_campaign
from campaigns.storage.claims import CONTACT_GONE, Claim, Outcome, claim, held_now, look_who_is_held, settle
from campaigns.storage.mailings import MailingKind, begin_mailing, move_mailings, plan_mailing
from campaigns.storage.messages import CAMPAIGN_CANCELLED, Message, count_reasons, count_states
from campaigns.storage.releases import cancel_leftovers, let_go, release_lost, renew
from campaigns.storage.senders import stop_sender
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish, ask
from contacts.storage.permits import Permit
from core.errors import Conflict
from tests.campaigns.scenes import a_sender, add_reader, add_readers, clear, make_draft, sending, tell
from tests.conftest import NOON

LEASE = timedelta(minutes=5)
LATER = NOON + timedelta(minutes=6)


def _claim(session: Session, sender: int, most: int = 100, at: datetime = NOON) -> list[Claim]:
    return claim(session, sender, at=at, lease=LEASE, most=most)


def _message(session: Session, number: int) -> Row[Any]:
    return session.execute(select(Message.__table__).where(Message.id == number)).one()


def test_a_claimed_message_is_not_claimed_again(database):
    with database.writing() as session:
        add_readers(session, 5)
        sending(session)
        one, two = a_sender(session), a_sender(session, "two")
        first, second = _claim(session, one, 3), _claim(session, two, 3)
    assert [len(first), len(second)] == [3, 2]
    assert {each.contact.address for each in first}.isdisjoint(each.contact.address for each in second)


def test_two_senders_claiming_at_the_same_time_never_wait_for_each_other(postgresql_url):
    from core.database import Database

    database = Database(postgresql_url)
    with database.writing() as session:
        add_readers(session, 6)
        sending(session)
        one, two = a_sender(session), a_sender(session, "two")
    with database.writing() as first, database.writing() as second:
        mine, theirs = _claim(first, one, 4), _claim(second, two, 4)
    assert [len(mine), len(theirs)] == [4, 2]
    assert not {each.message_id for each in mine} & {each.message_id for each in theirs}
    database.close()


def test_g1_who_left_after_the_freeze_is_withheld_with_the_reason(database):
    with database.writing() as session:
        people = add_readers(session, 3)
        mailing = sending(session)
        tell(session, people[0], Kind.OPT_OUT, ["everything"])
        tell(session, people[1], Kind.CHILD, ["everything"])
        taken = _claim(session, a_sender(session))
        assert [each.contact.address for each in taken] == [people[2].address]
        assert count_reasons(session, mailing.id) == {MessageState.WITHHELD: {"child": 1, "opted_out": 1}}


def test_a_message_to_a_deleted_contact_is_cancelled_even_if_the_number_is_used_again(database):
    with database.writing() as session:
        person = add_readers(session, 1)[0]
        mailing = sending(session)
        session.execute(delete(Contact).where(Contact.id == person.id))
        add_reader(session, "somebody@example.com", id=person.id)
        assert _claim(session, a_sender(session)) == []
        assert count_reasons(session, mailing.id) == {MessageState.CANCELLED: {CONTACT_GONE: 1}}


def test_each_mailing_gets_its_share_and_tests_go_first(database):
    with database.writing() as session:
        add_readers(session, 6)
        one, two = sending(session, make_draft("one")), sending(session, make_draft("two"))
        taken = _claim(session, a_sender(session), 4)
        assert [each.mailing_id for each in taken] == [one.id, one.id, two.id, two.id]
        campaign = get_campaign(session, two.campaign_id)
        trial = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.TEST, due_at=NOON, at=NOON)
        begin_mailing(session, trial.id, NOON)
        session.execute(update(Message).where(Message.mailing_id == two.id).values(mailing_id=trial.id))
        taken = _claim(session, a_sender(session), 8)
        assert [each.mailing_id for each in taken] == [trial.id] * 3 + [one.id] * 3 + [trial.id] + [one.id]


def test_nothing_is_claimed_from_a_paused_or_cancelled_mailing(database):
    with database.writing() as session:
        add_readers(session, 2)
        mailing = sending(session)
        sender = a_sender(session)
        move_mailings(session, mailing.campaign_id, MailingState.PAUSED, at=NOON)
        assert _claim(session, sender) == []
        move_mailings(session, mailing.campaign_id, MailingState.SENDING, at=NOON)
        assert len(_claim(session, sender)) == 2


def test_outcomes_are_recorded_with_code_and_text(database):
    with database.writing() as session:
        add_readers(session, 4)
        mailing = sending(session)
        sender = a_sender(session)
        numbers = [each.message_id for each in _claim(session, sender)]
        settle(
            session,
            sender,
            [
                Outcome(numbers[0], MessageState.SENT, code=250, header_id="x@y", handed_over_at=NOON),
                Outcome(numbers[1], MessageState.FAILED, "refused", 550, "no such user" * 99),
                Outcome(numbers[2], MessageState.PLANNED, "deferred", 451, "later", next_try_at=LATER),
                Outcome(numbers[3], MessageState.WITHHELD, "opted_out"),
            ],
        )
        settle(session, sender, [])
        sent, failed, deferred, withheld = (_message(session, number) for number in numbers)
        assert (sent.state, sent.code, sent.header_id, sent.attempts) == ("sent", 250, "x@y", 1)
        assert (failed.state, failed.code, len(failed.reply)) == ("failed", 550, 500)
        assert (deferred.state, deferred.next_try_at, deferred.lease_until) == ("planned", LATER, None)
        assert (withheld.state, withheld.reason, withheld.attempts) == ("withheld", "opted_out", 0)
        assert count_states(session, mailing.id).ended == 3
        assert _claim(session, sender) == []
        assert [each.attempts for each in _claim(session, sender, at=LATER)] == [1]


def test_an_impossible_outcome_is_refused(database):
    with database.writing() as session, pytest.raises(Conflict):
        settle(session, 1, [Outcome(1, MessageState.EXCLUDED)])


def test_g6_a_sender_that_lost_its_claim_changes_nothing(database):
    with database.writing() as session:
        add_readers(session, 1)
        sending(session)
        slow, quick = a_sender(session), a_sender(session, "quick")
        number = _claim(session, slow)[0].message_id
        assert release_lost(session, LATER) == (0, 0), "it may be asking for a permit at this moment"
        stop_sender(session, slow, NOON)
        assert release_lost(session, NOON) == (0, 0)
        assert release_lost(session, LATER) == (1, 0)
        assert held_now(session, look_who_is_held(session, slow, [number]), at=NOON) == {}
        assert [each.message_id for each in _claim(session, quick, at=LATER)] == [number]
        settle(session, slow, [Outcome(number, MessageState.SENT, handed_over_at=LATER)])
        assert _message(session, number).state == "claimed"
        assert held_now(session, look_who_is_held(session, quick, [number]), at=NOON) == {number: False}


def test_g6_a_lost_message_that_had_a_permit_is_unknown_once_its_sender_has_ended_and_stays_so(database):
    with database.writing() as session:
        add_readers(session, 2)
        mailing = sending(session)
        sender = a_sender(session)
        begun, waiting = _claim(session, sender)
        person = begun.contact
        wish = Wish(begun.message_id, person.address_key, person.family_key, "announcements")
        ask(session, [wish], sender_id=sender, at=NOON)
        assert release_lost(session, LATER) == (0, 0)
        assert _message(session, begun.message_id).state == "claimed"
        stop_sender(session, sender, LATER)
        assert release_lost(session, LATER) == (1, 1)
        assert session.scalars(select(Permit.outcome)).all() == ["unknown"]
        assert _message(session, begun.message_id).state == "unknown"
        assert [each.message_id for each in _claim(session, sender, at=LATER)] == [waiting.message_id]
        assert count_states(session, mailing.id).of(MessageState.UNKNOWN) == 1
        settle(session, sender, [Outcome(begun.message_id, MessageState.PLANNED, next_try_at=LATER)])
        assert _message(session, begun.message_id).state == "unknown"
        settle(session, sender, [Outcome(begun.message_id, MessageState.SENT, handed_over_at=NOON)])
        assert _message(session, begun.message_id).state == "sent"


def test_a_living_sender_keeps_its_claims_and_a_leaving_one_puts_them_back(database):
    with database.writing() as session:
        add_readers(session, 2)
        sending(session)
        sender = a_sender(session)
        _claim(session, sender)
        renew(session, sender, LATER + LEASE)
        assert release_lost(session, LATER) == (0, 0)
        assert let_go(session, sender, NOON) == 2
        assert let_go(session, sender, NOON) == 0
        assert len(_claim(session, sender)) == 2


def test_g7_what_comes_back_after_a_cancellation_is_cancelled(database):
    with database.writing() as session:
        add_readers(session, 1)
        mailing = sending(session)
        sender = a_sender(session)
        number = _claim(session, sender)[0].message_id
        move_mailings(session, mailing.campaign_id, MailingState.CANCELLED, at=NOON)
        assert held_now(session, look_who_is_held(session, sender, [number]), at=NOON) == {}
        assert cancel_leftovers(session) == 0
        let_go(session, sender, NOON)
        assert cancel_leftovers(session) == 1
        assert count_reasons(session, mailing.id) == {MessageState.CANCELLED: {CAMPAIGN_CANCELLED: 1}}
        assert get_campaign(session, mailing.campaign_id).stage is CampaignState.SENDING
