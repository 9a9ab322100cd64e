from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from campaigns.domain.states import MessageState
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.messages import (
    Message,
    cancel_planned,
    count_reasons,
    count_states,
    decide_unknown,
    get_message,
    list_messages,
    messages_to,
)
from campaigns.storage.senders import beat, running_senders, start_sender, stop_sender
from contacts.domain.facts import Kind
from core.errors import NotFound
from tests.campaigns.scenes import a_sender, add_contact, add_readers, make_draft, sending, tell
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)


def test_g7_the_counts_add_up_to_the_audience(database):
    with database.writing() as session:
        people = add_readers(session, 5)
        add_contact(session, "never-asked@example.org")
        tell(session, people[0], Kind.OPT_OUT, ["marketing"])
        mailing = sending(session)
        sender = a_sender(session)
        taken = claim(session, sender, at=NOON, lease=LATER - NOON, most=2)
        settle(
            session,
            sender,
            [
                Outcome(taken[0].message_id, MessageState.SENT, handed_over_at=NOON),
                Outcome(taken[1].message_id, MessageState.FAILED, "refused", 550),
            ],
        )
        progress = count_states(session, mailing.id)
        assert progress.audience == 6
        assert progress.planned == 4
        assert progress.ended == 2
        assert progress.of(MessageState.PLANNED) == 2
        assert count_reasons(session, mailing.id) == {
            MessageState.EXCLUDED: {"no_permission": 1, "opted_out": 1},
            MessageState.FAILED: {"refused": 1},
        }
        assert cancel_planned(session, [mailing.id], "campaign_cancelled") == 2
        assert count_states(session, mailing.id).ended == 4


def test_messages_are_listed_in_pages_and_by_person(database):
    with database.writing() as session:
        people = add_readers(session, 3)
        one = sending(session, make_draft("one"))
        two = sending(session, make_draft("two"))
        first = list_messages(session, one.id, limit=2)
        assert len(first) == 2
        assert len(list_messages(session, one.id, after=first[-1].id)) == 1
        assert list_messages(session, one.id, state=MessageState.SENT) == []
        theirs = session.scalars(messages_to(people[0].address_key)).all()
        assert [message.mailing_id for message in theirs] == [two.id, one.id]
        assert get_message(session, first[0].id) is first[0]
        with pytest.raises(NotFound):
            get_message(session, 999)


def test_g6_the_database_refuses_a_second_message_to_one_address_in_a_mailing(database):
    with database.writing() as session:
        add_readers(session, 1)
        mailing = sending(session)
        row = session.execute(select(Message.__table__).where(Message.mailing_id == mailing.id)).one()._asdict()
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(Message).values(row | {"id": row["id"] + 1}))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"state": "excluded"},
        {"state": "planned"},
        {"state": "claimed"},
        {"state": "sent"},
    ],
)
def test_the_database_refuses_a_message_that_cannot_be(database, values):
    with database.writing() as session:
        number = sending(session).id
    row = {"mailing_id": number, "contact_id": 1, "address_key": b"k" * 32, "attempts": 0} | values
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(Message).values(row))


@pytest.mark.parametrize("new", [MessageState.SENT, MessageState.FAILED, MessageState.PLANNED])
def test_g6_an_operator_decides_once_about_a_message_of_unknown_outcome(database, new):
    with database.writing() as session:
        add_readers(session, 1)
        mailing = sending(session)
        sender = a_sender(session)
        number = claim(session, sender, at=NOON, lease=LATER - NOON, most=1)[0].message_id
        settle(session, sender, [Outcome(number, MessageState.UNKNOWN, handed_over_at=NOON)])
        message = get_message(session, number)
        assert decide_unknown(session, message, new, LATER)
        assert not decide_unknown(session, message, new, LATER)
        assert count_states(session, mailing.id).of(new) == 1


def test_a_sender_comes_is_heard_of_and_goes(database):
    with database.writing() as session:
        one, two = start_sender(session, "host-1", NOON), start_sender(session, "host-2", NOON)
        beat(session, one, LATER)
        stop_sender(session, two, LATER)
    with database.reading() as session:
        running = running_senders(session)
        assert [(sender.id, sender.seen_at) for sender in running] == [(one, LATER)]
