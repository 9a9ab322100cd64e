from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from campaigns.domain.states import MessageState
from campaigns.domain.wishes import DraftSchedule
from campaigns.storage.claims import claim
from campaigns.storage.handovers import NOT_HELD, Begone, settle_and_ask
from campaigns.storage.messages import Message
from contacts.storage.contacts import Contact
from contacts.storage.gate import Wish
from tests.campaigns.scenes import a_sender, add_reader, make_draft, sending

LEASE = timedelta(minutes=5)
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OFFICE = DraftSchedule(hours="mon-fri 09:00-17:00", zone="Europe/Berlin")
WHERE_THEY_LIVE = DraftSchedule(hours="mon-fri 09:00-17:00", hours_in="recipient")


def _claimed(session, sender: int, at: datetime) -> list[str]:
    found = claim(session, sender, at=at, lease=LEASE, most=99, quiet_in="Europe/Berlin")
    return sorted(each.contact.address.partition("@")[0] for each in found)


def test_a_mailing_is_claimed_within_its_hours_alone(database):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        sending(session, make_draft(schedule=OFFICE), at=MONDAY)
        sender = a_sender(session)
        assert _claimed(session, sender, MONDAY.replace(hour=7)) == []
        assert _claimed(session, sender, MONDAY.replace(hour=17)) == []
        assert _claimed(session, sender, MONDAY + timedelta(days=5)) == []
        message = session.scalars(select(Message)).one()
        assert (message.state, message.attempts) == (MessageState.PLANNED, 0)
        assert _claimed(session, sender, MONDAY + timedelta(days=1)) == ["ann"]


def test_where_hours_are_those_of_each_person_the_others_wait_for_theirs(database):
    with database.writing() as session:
        add_reader(session, "berlin@example.org", time_zone="Europe/Berlin")
        add_reader(session, "tokyo@example.org", time_zone="Asia/Tokyo")
        add_reader(session, "nowhere@example.org", time_zone="Moon/Base")
        sending(session, make_draft(schedule=WHERE_THEY_LIVE), at=MONDAY)
        sender = a_sender(session)
        assert _claimed(session, sender, MONDAY) == ["berlin", "nowhere"]
        waiting = session.scalars(select(Message).where(Message.state == MessageState.PLANNED)).one()
        assert waiting.next_try_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
        assert (waiting.sender_id, waiting.lease_until, waiting.attempts) == (None, None, 0)
        assert _claimed(session, sender, waiting.next_try_at - timedelta(seconds=1)) == []
        assert _claimed(session, sender, waiting.next_try_at) == ["tokyo"]


def test_what_was_put_off_by_the_server_waits_for_the_hours_as_well(database):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        sending(session, make_draft(schedule=WHERE_THEY_LIVE), at=MONDAY)
        session.execute(update(Message).values(next_try_at=MONDAY + timedelta(hours=5), attempts=1))
        sender = a_sender(session)
        assert _claimed(session, sender, MONDAY + timedelta(hours=5)) == []
        assert session.scalars(select(Message)).one().next_try_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("schedule", [OFFICE, WHERE_THEY_LIVE])
def test_what_was_claimed_within_the_hours_gets_no_permit_after_them_and_goes_when_they_begin(database, schedule):
    before, after = MONDAY.replace(hour=15, minute=59), MONDAY.replace(hour=16, minute=0)
    with database.writing() as session:
        ann = add_reader(session, "ann@example.org", time_zone="Europe/Berlin")
        bo = add_reader(session, "bo@example.org", time_zone="Europe/Berlin")
        sending(session, make_draft(schedule=schedule), at=MONDAY)
        sender = a_sender(session)
        assert _claimed(session, sender, before) == ["ann", "bo"]
        numbers = {message.address_key: message.id for message in session.scalars(select(Message))}
        wishes = [Wish(numbers[each.address_key], *_keys(each), "announcements") for each in (ann, bo)]
        asked = {"quiet_in": "Europe/Berlin"}
        assert isinstance(settle_and_ask(session, sender, wishes[:1], at=before, **asked)[0], int)
        assert settle_and_ask(session, sender, wishes[1:], at=after, **asked) == [NOT_HELD]
        settle_and_ask(session, sender, [Begone(wishes[1].message_id)], at=after, **asked)
        assert _claimed(session, sender, after + timedelta(minutes=1)) == []
        assert _claimed(session, sender, before + timedelta(days=1)) == ["bo"]


def _keys(contact: Contact) -> tuple[bytes, bytes]:
    return contact.address_key, contact.family_key
