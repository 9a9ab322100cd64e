from datetime import timedelta

import pytest

from campaigns.domain.forecasts import Pulse
from campaigns.domain.states import MessageState
from campaigns.domain.wishes import DraftSchedule
from campaigns.services.control import pause
from campaigns.services.report import report
from campaigns.storage import headways
from campaigns.storage.claims import Outcome, claim
from campaigns.storage.handovers import Ended, settle_and_ask
from campaigns.storage.headways import Flow, Slow, flow_of
from campaigns.storage.mailings import finish_mailings
from contacts.storage.gate import Wish
from tests.campaigns.scenes import a_sender, add_reader, add_readers, make_draft, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def _hand_over(session, sender: int, number: int, *, at, outcome=MessageState.SENT, **more) -> None:
    claims = claim(session, sender, at=at, lease=LEASE, most=number)
    people = [(each.message_id, each.contact.address_key, each.contact.family_key) for each in claims]
    leaves = settle_and_ask(session, sender, [Wish(*each, "announcements") for each in people], at=at)
    permits = [each for each in leaves if isinstance(each, int)]
    settled = "sent" if outcome is MessageState.SENT else "deferred"
    ends = [
        Ended(Outcome(each.message_id, outcome, handed_over_at=at, **more), permit, settled)
        for each, permit in zip(claims, permits, strict=True)
    ]
    settle_and_ask(session, sender, ends, at=at)


def test_the_rate_is_read_from_the_permits_of_the_last_seconds_and_of_this_mailing(database):
    with database.writing() as session:
        add_readers(session, 12)
        mailing, sender = sending(session), a_sender(session)
        _hand_over(session, sender, 3, at=NOON)
        _hand_over(session, sender, 5, at=NOON + 15 * SECOND)
        now = NOON + 20 * SECOND
        assert flow_of(session, [mailing.id], at=now, since=NOON).pulse == Pulse(5, 10)
        assert flow_of(session, [mailing.id + 1], at=now, since=NOON).pulse == Pulse(0, 10)
        assert flow_of(session, [mailing.id], at=NOON + 17 * SECOND, since=NOON + 15 * SECOND).pulse == Pulse(5, 2)
        assert flow_of(session, [mailing.id], at=NOON, since=NOON).pulse == Pulse()


def test_a_rate_above_what_is_looked_at_is_read_from_a_shorter_time(database, monkeypatch):
    monkeypatch.setattr(headways, "TAIL", 4)
    with database.writing() as session:
        add_readers(session, 12)
        mailing, sender = sending(session), a_sender(session)
        for second in range(6):
            _hand_over(session, sender, 2, at=NOON + second * SECOND)
        pulse = flow_of(session, [mailing.id], at=NOON + 6 * SECOND, since=NOON).pulse
        assert pulse == Pulse(4, 2)
        assert pulse.per_second == 2


def test_what_is_due_what_waits_and_what_servers_put_off_are_told_apart(database):
    with database.writing() as session:
        for name in (
            "a@slow.example.org",
            "b@slow.example.org",
            "c@late.example.com",
            "d@example.org",
            "e@example.org",
        ):
            add_reader(session, name)
        mailing, sender = sending(session), a_sender(session)
        busy = {
            "code": 451,
            "reply": "4.7.1 Greylisted,\r\n ask <a@slow.example.org>",
            "next_try_at": NOON + 60 * SECOND,
        }
        _hand_over(session, sender, 2, at=NOON, outcome=MessageState.PLANNED, **busy)
        full = {"code": 452, "reply": "452 mailbox full", "next_try_at": NOON + 90 * SECOND}
        _hand_over(session, sender, 1, at=NOON, outcome=MessageState.PLANNED, **full)
        found = flow_of(session, [mailing.id], at=NOON, since=NOON)
        assert (found.due, found.later, found.deferred) == (2, 3, 3)
        assert found.next_at == NOON + 60 * SECOND
        assert {each.number for each in found.slow} <= {1, 2}
        assert sum(each.number for each in found.slow) == 3
        assert all("@" not in each.said for each in found.slow)


def test_p1_a_slow_domain_is_told_with_its_commonest_words_and_without_addresses(database):
    with database.writing() as session:
        for name in ("a", "b", "c"):
            add_reader(session, f"{name}@slow.example.org")
        mailing, sender = sending(session), a_sender(session)
        for number, words in ((1, "4.2.2 full: a@slow.example.org"), (2, "4.7.1 later")):
            told = {"code": 451, "reply": words, "next_try_at": NOON + number * SECOND}
            _hand_over(session, sender, number, at=NOON, outcome=MessageState.PLANNED, **told)
        assert flow_of(session, [mailing.id], at=NOON, since=NOON).slow == (
            Slow("slow.example.org", 3, "451 4.7.1 later", NOON + SECOND),
        )


def test_the_report_of_a_campaign_under_way_tells_the_time_left(database):
    with database.writing() as session:
        add_readers(session, 30)
        sending(session)
        sender = a_sender(session)
        _hand_over(session, sender, 10, at=NOON)
        told = report(session, "spring", at=NOON + 5 * SECOND)
        assert told.flow is not None
        assert told.flow.pulse.per_second == 2
        assert told.seconds_left == 10
        pause(session, "spring", at=NOON)
        paused = report(session, "spring", at=NOON + 5 * SECOND)
        assert paused.flow is not None
        assert paused.seconds_left is None


def test_outside_its_hours_the_report_tells_when_they_begin(database):
    with database.writing() as session:
        add_readers(session, 1)
        sending(session, make_draft(schedule=DraftSchedule(hours="mon-fri 14:00-17:00")))
        told = report(session, "spring", at=NOON, house_zone="Europe/Berlin")
        assert told.opens_at is not None
        assert (told.opens_at.hour, told.seconds_left) == (13, None)
        assert report(session, "spring", at=told.opens_at, house_zone="Europe/Berlin").opens_at is None


@pytest.mark.parametrize("readers", [0, 1])
def test_a_campaign_that_ended_has_no_flow(database, readers):
    with database.writing() as session:
        add_readers(session, readers)
        sending(session)
        if readers:
            _hand_over(session, a_sender(session), 1, at=NOON)
        finish_mailings(session, NOON)
        told = report(session, "spring", at=NOON)
        assert (told.flow, told.opens_at, told.seconds_left) == (None, None, None)


def test_a_campaign_that_is_about_to_begin_has_an_empty_flow():
    assert Flow().pulse.per_second == 0
