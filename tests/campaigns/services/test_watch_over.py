from datetime import timedelta

import pytest
from sqlalchemy import event as happening
from sqlalchemy import update

from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.domain.tripwires import Wire
from campaigns.services.control import decide_all, pause, resume
from campaigns.services.send_test import send_test
from campaigns.services.watch_over import Watch, halt, shares_of
from campaigns.storage.campaigns import find_campaign, get_campaign
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import DIED, Message
from campaigns.storage.troubles import alarm_of
from contacts.domain.facts import Door
from contacts.domain.stopping import stop_fact
from contacts.storage.ledger import record
from tests.campaigns.scenes import a_sender, add_reader, add_readers, clear, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)
LATER = NOON + timedelta(minutes=10)


def _end(session, sender: int, failed: int, sent: int, reason: str = "refused") -> None:
    claims = claim(session, sender, at=NOON, lease=LEASE, most=failed + sent)
    assert len(claims) == failed + sent
    ends = [Outcome(each.message_id, MessageState.FAILED, reason, 554, "no") for each in claims[:failed]]
    ends += [Outcome(each.message_id, MessageState.SENT, handed_over_at=NOON) for each in claims[failed:]]
    settle(session, sender, ends)


def _stop(session, people, mailing_id: int, door: Door) -> None:
    facts = [stop_fact(each.keys, door, at=NOON, evidence="", details={"mailing": mailing_id}) for each in people]
    record(session, facts, at=NOON)


@pytest.fixture
def watch(settings) -> Watch:
    return Watch(shares_of(settings))


def test_a_share_of_failures_pauses_the_campaign_and_says_why(database, watch):
    with database.writing() as session:
        add_readers(session, 40)
        mailing, sender = sending(session), a_sender(session)
        _end(session, sender, failed=9, sent=0)
        assert watch.look(session) == []
        _end(session, sender, failed=3, sent=18)
        [(number, tripped)] = watch.look(session)
        assert (number, tripped.wire, tripped.part, tripped.whole) == (mailing.id, Wire.FAILURES, 12, 30)
        assert halt(session, number, tripped, at=LATER)
        assert find_campaign(session, "spring").stage is CampaignState.PAUSED
        assert claim(session, sender, at=LATER, lease=LEASE, most=9) == []
        assert alarm_of(mailing) == tripped
        assert not halt(session, number, tripped, at=LATER)
        assert watch.look(session) == []


def test_going_on_judges_only_what_happens_from_then_on(database, watch):
    with database.writing() as session:
        add_readers(session, 40)
        mailing, sender = sending(session), a_sender(session)
        _end(session, sender, failed=10, sent=0)
        [(number, tripped)] = watch.look(session)
        halt(session, number, tripped, at=NOON)
        resume(session, "spring", at=NOON)
        assert alarm_of(mailing) is None
        assert watch.look(session) == []
        _end(session, sender, failed=9, sent=10)
        assert watch.look(session) == []
        _end(session, sender, failed=2, sent=0)
        assert [each.part for _number, each in watch.look(session)] == [11]


def test_a_pause_by_hand_leaves_the_wires_as_they_were(database, watch):
    with database.writing() as session:
        add_readers(session, 30)
        mailing, sender = sending(session), a_sender(session)
        _end(session, sender, failed=9, sent=0)
        pause(session, "spring", at=NOON)
        resume(session, "spring", at=NOON)
        assert mailing.armed_from is None
        _end(session, sender, failed=1, sent=0)
        assert len(watch.look(session)) == 1


@pytest.mark.parametrize(
    ("door", "wire", "people"), [(Door.DELIVERY, Wire.BOUNCES, 10), (Door.FEEDBACK_LOOP, Wire.COMPLAINTS, 3)]
)
def test_bounces_and_complaints_through_this_mailing_are_counted_once_a_person(database, watch, door, wire, people):
    with database.writing() as session:
        readers = add_readers(session, 20)
        mailing, sender = sending(session), a_sender(session)
        _end(session, sender, failed=0, sent=20)
        _stop(session, readers[:people], mailing.id + 1, door)
        _stop(session, readers[: people - 1], mailing.id, door)
        _stop(session, readers[: people - 1], mailing.id, door)
        mailing.state = MailingState.SENDING.value
        assert watch.look(session) == []
        _stop(session, readers[people - 1 : people], mailing.id, door)
        assert [(each.wire, each.part) for _number, each in watch.look(session)] == [(wire, people)]


def test_messages_that_could_not_be_written_have_a_share_of_their_own(database, watch):
    with database.writing() as session:
        add_readers(session, 20)
        sending(session)
        _end(session, a_sender(session), failed=10, sent=10, reason="not_written")
        assert [each.wire for _number, each in watch.look(session)] == [Wire.NOT_WRITTEN]


def _leave_unanswered(session, sender: int, number: int, sent: int = 0) -> None:
    claims = claim(session, sender, at=NOON, lease=LEASE, most=number + sent)
    unknown = [Outcome(each.message_id, MessageState.UNKNOWN, None, None, "no reply") for each in claims[:number]]
    taken = [Outcome(each.message_id, MessageState.SENT, handed_over_at=NOON) for each in claims[number:]]
    settle(session, sender, unknown + taken)


def test_g6_messages_that_get_no_answer_pause_and_count_anew_once_an_operator_has_decided(database, watch):
    with database.writing() as session:
        add_readers(session, 50)
        mailing, sender = sending(session), a_sender(session)
        claimed = [each.message_id for each in claim(session, sender, at=NOON, lease=LEASE, most=12)]
        session.execute(update(Message).where(Message.id.in_(claimed)).values(DIED))
        assert watch.look(session) == []  # a sender that died says nothing about the server
        _leave_unanswered(session, sender, 11, sent=7)
        [(number, tripped)] = watch.look(session)
        assert (tripped.wire, tripped.part, tripped.whole) == (Wire.UNANSWERED, 11, 30)
        halt(session, number, tripped, at=NOON)
        resume(session, "spring", at=NOON)
        assert watch.look(session) == []
        decide_all(session, mailing.id, MessageState.SENT, expected=23, at=NOON)
        assert watch.look(session) == []
        _leave_unanswered(session, sender, 10)
        assert [each.part for _number, each in watch.look(session)] == [10]


def test_what_an_operator_says_did_not_arrive_is_no_failure_of_now(database, watch):
    with database.writing() as session:
        add_readers(session, 20)
        mailing = sending(session)
        _end(session, a_sender(session), failed=0, sent=20)
        session.execute(update(Message).values(state="unknown"))
        decide_all(session, mailing.id, MessageState.FAILED, expected=20, at=NOON)
        assert watch.look(session) == []


def test_a_share_of_nought_never_pauses(database, settings):
    none = settings.model_copy(update=dict.fromkeys([f"pause_at_{wire.value}" for wire in Wire], 0.0))
    with database.writing() as session:
        add_readers(session, 20)
        sending(session)
        _end(session, a_sender(session), failed=20, sent=0)
        assert Watch(shares_of(none)).look(session) == []


def test_no_wire_is_stretched_for_a_test(database, settings, keyring, watch):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        mailing = sending(session)
        campaign = get_campaign(session, mailing.campaign_id)
        sent = send_test(session, campaign, clear(campaign), ["ann@example.org"], settings, keyring, at=NOON)
        assert get_mailing(session, sent.mailing.id).stage is MailingState.SENDING
        session.execute(update(Message).values(state="failed", reason="refused"))
        watch.look(session)
        assert list(watch.ended) == []


def test_a_mailing_is_counted_as_a_whole_only_where_the_last_count_would_trip(database):
    watch, counts = Watch({Wire.FAILURES: 0.5}), []

    def count(_connection, _cursor, statement, *_others) -> None:
        counts.append("state IN" in statement)

    with database.writing() as session:
        add_readers(session, 24)
        sending(session)
        _end(session, a_sender(session), failed=10, sent=14)
        happening.listen(database.engine, "before_cursor_execute", count)
        assert watch.look(session) == []  # ten of at least ten would trip: counted, and ten of 24 are few enough
        assert sum(counts) == 1
        counts.clear()
        assert watch.look(session) == []
        assert sum(counts) == 0
        happening.remove(database.engine, "before_cursor_execute", count)
