import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.storage.audiences import (
    count_audience,
    freeze_audience,
    freeze_named,
    reaches_anybody,
    sample_contacts,
)
from campaigns.storage.campaigns import put_draft
from campaigns.storage.mailings import MailingKind, begin_mailing, get_mailing, plan_mailing
from campaigns.storage.messages import Message, count_reasons, count_states
from contacts.domain.facts import Kind
from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from tests.campaigns.scenes import add_contact, add_reader, add_readers, clear, make_draft, scheduled, sending, tell
from tests.conftest import NOON

GERMANS = {"rules": [{"field": "attributes.country", "op": "is", "value": "DE"}]}


def test_everybody_left_out_is_counted_with_the_reason(database):
    with database.writing() as session:
        people = add_readers(session, 4)
        add_contact(session, "never-asked@example.org")
        tell(session, people[0], Kind.OPT_OUT, ["everything"])
        tell(session, people[1], Kind.CHILD, ["everything"])
        counted = count_audience(session, {}, "announcements", at=NOON)
        assert counted.permitted == 2
        assert list(counted.excluded) == [Reason.CHILD, Reason.OPTED_OUT, Reason.NO_PERMISSION]
        assert counted.met == 5
        assert count_audience(session, {}, "offers", at=NOON).permitted == 0
        assert count_audience(session, {}, "announcements", at=NOON, narrow=Contact.id == people[3].id).met == 1


def test_a_condition_chooses_whom_is_meant(database):
    with database.writing() as session:
        add_reader(session, "a@example.org", attributes={"country": "DE"})
        add_reader(session, "b@example.org", attributes={"country": "FR"})
        assert count_audience(session, GERMANS, "announcements", at=NOON).met == 1
        mailing = sending(session, make_draft(audience=GERMANS))
        assert count_states(session, mailing.id).audience == 1


def test_the_frozen_audience_is_what_was_counted_live(database):
    with database.writing() as session:
        people = add_readers(session, 3)
        tell(session, people[0], Kind.OPT_OUT, ["announcements"])
        live = count_audience(session, {}, "announcements", at=NOON)
        mailing = sending(session)
        frozen = count_reasons(session, mailing.id)
        assert count_states(session, mailing.id).audience == live.met
        assert [dict(reasons) for reasons in frozen.values()] == [
            {reason.value: number for reason, number in live.excluded.items()}
        ]


def test_a_sample_prefers_those_who_may_be_written_to(database):
    with database.writing() as session:
        add_contact(session, "never-asked@example.org")
        reader = add_reader(session, "a@example.org")
        assert [each.id for each in sample_contacts(session, {}, "announcements", at=NOON, most=1)] == [reader.id]
        assert len(sample_contacts(session, {}, "announcements", at=NOON, most=9)) == 2


def test_a_sample_is_spread_and_complete_wherever_in_the_table_people_are(database):
    with database.writing() as session:
        silent = [add_contact(session, f"silent{each}@example.org").id for each in range(10)]
        readers = [each.id for each in add_readers(session, 10)]
        silent += [add_contact(session, f"mute{each}@example.org").id for each in range(10)]
        for most in range(1, 31):
            found = [each.id for each in sample_contacts(session, {}, "announcements", at=NOON, most=most)]
            assert len(found) == most
            assert len(set(readers) & set(found)) == min(most, 10)
        few = [each.id for each in sample_contacts(session, {}, "announcements", at=NOON, most=3)]
        assert few == [each.id for each in sample_contacts(session, {}, "announcements", at=NOON, most=3)]
        assert not set(few) & set(silent)
        assert sample_contacts(session, GERMANS, "announcements", at=NOON, most=3) == []


def test_whether_anybody_is_reached_is_what_the_count_says(database):
    with database.writing() as session:
        add_contact(session, "never-asked@example.org")
        assert not reaches_anybody(session, {}, "announcements", at=NOON)
        add_readers(session, 1)
        assert reaches_anybody(session, {}, "announcements", at=NOON)
        assert not reaches_anybody(session, GERMANS, "announcements", at=NOON)


def test_g3_a_mailing_to_named_contacts_passes_the_same_gate(database):
    with database.writing() as session:
        reader, other = add_reader(session, "a@example.org"), add_contact(session, "b@example.org")
        add_readers(session, 1)
        campaign = put_draft(session, make_draft(), NOON)
        trial = plan_mailing(session, campaign, clear(campaign), kind=MailingKind.TEST, due_at=NOON, at=NOON)
        begin_mailing(session, trial.id, NOON)
        assert freeze_named(session, trial, [reader.id, other.id], at=NOON) == 2
        rows = session.execute(select(Message.contact_id, Message.state, Message.reason).order_by(Message.contact_id))
        assert rows.all() == [(reader.id, "planned", None), (other.id, "excluded", "no_permission")]


def test_g9_deleting_a_contact_leaves_the_frozen_message(database):
    with database.writing() as session:
        reader = add_reader(session, "a@example.org")
        mailing = sending(session)
        session.delete(reader)
        session.flush()
        assert count_states(session, mailing.id).audience == 1


def test_g6_an_audience_cannot_be_frozen_twice(database):
    with database.writing() as session:
        add_readers(session, 2)
        number = sending(session).id
    with pytest.raises(IntegrityError), database.writing() as session:
        freeze_audience(session, get_mailing(session, number), at=NOON)


def test_a_segment_is_resolved_when_the_mailing_is_planned(database):
    with database.writing() as session:
        mailing = scheduled(session, make_draft(audience=GERMANS))
        assert mailing.audience == GERMANS
