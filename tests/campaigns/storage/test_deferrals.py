"""Quiet hours at the claim and at the last byte: people are put off until they end, and nothing is lost or counted."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from campaigns.domain.states import MailingState, MessageState
from campaigns.storage import claims
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.deferrals import Waiting, waiting_for_hours
from campaigns.storage.handovers import settle_and_ask
from campaigns.storage.mailings import Mailing, MailingKind, finish_mailings
from campaigns.storage.messages import Message, count_reasons, count_states
from campaigns.storage.releases import let_go
from contacts.domain.quiet_hours import QuietHours
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.frequencies import set_frequency
from contacts.storage.gate import Wish
from contacts.storage.permits import Permit
from tests.campaigns.scenes import a_sender, add_reader, add_readers, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)
NIGHT = QuietHours(21 * 60, 8 * 60)


def take(session, sender, *, at=NOON, most=100, zone="UTC"):
    return claim(session, sender, at=at, lease=LEASE, most=most, quiet_in=zone)


def test_who_sleeps_is_planned_again_for_their_morning_and_who_is_awake_is_claimed(database):
    with database.writing() as session:
        set_frequency(session, "everything", quiet=NIGHT, at=NOON)
        add_reader(session, "ann@example.org", time_zone="Asia/Tokyo")
        add_reader(session, "ben@example.org", time_zone="Europe/Berlin")
        add_reader(session, "cat@example.org", time_zone="asia/tokio")
        mailing = sending(session)
        taken = take(session, a_sender(session))
        assert [each.contact.address for each in taken] == ["ben@example.org", "cat@example.org"]
        ann = session.scalars(select(Message).where(Message.state == "planned")).one()
        assert (ann.reason, ann.attempts, ann.sender_id, ann.lease_until) == ("quiet_hours", 0, None, None)
        assert ann.next_try_at == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
        assert waiting_for_hours(session, mailing.id, at=NOON) == Waiting(1, ann.next_try_at)
        assert waiting_for_hours(session, mailing.id, at=ann.next_try_at) == Waiting()
        assert finish_mailings(session, NOON) == []


def test_an_unknown_zone_sleeps_with_the_house(database):
    with database.writing() as session:
        set_frequency(session, "marketing", quiet=NIGHT, at=NOON)
        add_reader(session, "cat@example.org", time_zone="asia/tokio")
        sending(session)
        assert take(session, a_sender(session), zone="Asia/Tokyo") == []
        assert session.scalars(select(Message.next_try_at)).all() == [datetime(2026, 11, 22, 23, 0, tzinfo=UTC)]


def test_in_the_morning_they_get_it_and_the_mailing_ends(database):
    with database.writing() as session:
        set_frequency(session, "announcements", quiet=NIGHT, at=NOON)
        add_reader(session, "ann@example.org", time_zone="Asia/Tokyo")
        mailing = sending(session)
        sender = a_sender(session)
        assert take(session, sender) == []
        assert take(session, sender, at=NOON + timedelta(hours=5)) == []
        morning = NOON + timedelta(hours=11)
        [ann] = take(session, sender, at=morning)
        assert count_reasons(session, mailing.id) == {}
        settle(session, sender, [Outcome(ann.message_id, MessageState.SENT, handed_over_at=morning)])
        assert finish_mailings(session, morning) == [mailing.id]
        assert session.get(Mailing, mailing.id).stage is MailingState.FINISHED


def test_many_sleepers_do_not_stand_in_the_way_of_who_is_awake(database, monkeypatch):
    with database.writing() as session:
        set_frequency(session, "everything", quiet=NIGHT, at=NOON)
        add_readers(session, 12)
        session.execute(update(Contact).values(time_zone="Asia/Tokyo"))
        awake = add_reader(session, "zoe@example.org", time_zone="UTC")
        sending(session)
        sender = a_sender(session)
        assert [each.contact.id for each in take(session, sender, most=5)] == [awake.id]
        assert len(session.scalars(select(Message).where(Message.reason == "quiet_hours")).all()) == 12
        session.execute(update(Message).values(state="planned", reason=None, next_try_at=NOON - timedelta(hours=1)))
        session.execute(update(Message).where(Message.contact_id == awake.id).values(next_try_at=NOON))
        monkeypatch.setattr(claims, "MOST_ASLEEP", 4)
        assert take(session, sender, most=3) == [], "a claim puts off only so many, so that it stays short"
        assert len(session.scalars(select(Message).where(Message.reason == "quiet_hours")).all()) == 12


def test_a_test_goes_to_the_team_at_once(database):
    with database.writing() as session:
        set_frequency(session, "everything", quiet=NIGHT, at=NOON)
        add_reader(session, "ann@example.org", time_zone="Asia/Tokyo")
        mailing = sending(session)
        mailing.kind = MailingKind.TEST.value
        session.flush()
        sender = a_sender(session)
        [ann] = take(session, sender)
        wish = Wish(ann.message_id, ann.contact.address_key, ann.contact.family_key, "announcements")
        [leave] = settle_and_ask(session, sender, [wish], at=NOON, quiet_in="UTC")
        assert isinstance(leave, int)


def test_quiet_hours_that_begin_between_claim_and_handover_hold_the_last_byte(database):
    with database.writing() as session:
        add_reader(session, "ann@example.org", time_zone="Asia/Tokyo")
        mailing = sending(session)
        sender = a_sender(session)
        [ann] = take(session, sender)
        set_frequency(session, "everything", quiet=NIGHT, at=NOON)
        wish = Wish(ann.message_id, ann.contact.address_key, ann.contact.family_key, "announcements")
        assert settle_and_ask(session, sender, [wish], at=NOON, quiet_in="UTC") == [Reason.QUIET_HOURS]
        assert session.scalars(select(Permit)).all() == []
        soon = NOON + timedelta(minutes=15)
        settle(session, sender, [Outcome(ann.message_id, MessageState.PLANNED, "quiet_hours", next_try_at=soon)])
        put_back = session.get(Message, ann.message_id, populate_existing=True)
        assert (put_back.state, put_back.attempts, put_back.next_try_at) == ("planned", 0, soon)
        assert count_states(session, mailing.id).ended == 0
        assert take(session, sender, at=soon) == []
        assert waiting_for_hours(session, mailing.id, at=soon).until == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def test_a_sender_that_dies_leaves_nobody_marked_as_asleep(database):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        mailing = sending(session)
        session.execute(update(Message).values(reason="quiet_hours"))
        sender = a_sender(session)
        take(session, sender)
        let_go(session, sender, NOON)
        assert count_reasons(session, mailing.id) == {}
