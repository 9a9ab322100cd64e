from datetime import timedelta

import pytest

from campaigns.domain.likelihoods import Ending
from campaigns.domain.states import CampaignState, MessageState
from campaigns.services.control import cancel, decide, decide_all
from campaigns.storage.campaigns import find_campaign
from campaigns.storage.claims import Outcome, claim
from campaigns.storage.doubts import doubts_of
from campaigns.storage.handovers import Ended, bury, settle_and_ask
from campaigns.storage.mailings import finish_mailings
from campaigns.storage.messages import count_reasons, count_states, get_message
from campaigns.storage.releases import let_go
from contacts.storage.gate import Wish
from core.errors import Conflict
from tests.campaigns.scenes import a_sender, add_readers, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)
SOON = NOON + timedelta(seconds=1)
LATER = NOON + timedelta(minutes=10)


def _permits(session, sender: int, number: int, *, at) -> list[tuple[int, int]]:
    claims = claim(session, sender, at=at, lease=LEASE, most=number)
    people = [(each.message_id, each.contact.address_key, each.contact.family_key) for each in claims]
    leaves = settle_and_ask(session, sender, [Wish(*each, "announcements") for each in people], at=at)
    return [(person[0], leave) for person, leave in zip(people, leaves, strict=True) if isinstance(leave, int)]


def _unknown(session, number: int) -> int:
    """A mailing of which so many messages are unknown; its number."""
    add_readers(session, number)
    mailing, sender = sending(session), a_sender(session)
    _permits(session, sender, number, at=NOON)
    let_go(session, sender, NOON)
    return mailing.id


def test_g6_a_line_that_was_lost_after_the_last_byte_probably_delivered(database):
    with database.writing() as session:
        add_readers(session, 1)
        mailing, sender = sending(session), a_sender(session, "north")
        [(message, permit)] = _permits(session, sender, 1, at=NOON)
        lost = Outcome(message, MessageState.UNKNOWN, None, None, "Connection lost", "<1@x>", handed_over_at=SOON)
        settle_and_ask(session, sender, [Ended(lost, permit, "unknown")], at=SOON)
        [doubt] = doubts_of(session, mailing.id)
        assert (doubt.ending, doubt.arrived, doubt.sender, doubt.at) == (Ending.UNANSWERED, True, "north", NOON)
        assert doubt.message.reply == "Connection lost"
        assert doubt.contact is not None


def test_g6_a_sender_that_asked_again_had_written_the_last_byte_and_one_that_did_not_may_not_have(database):
    with database.writing() as session:
        add_readers(session, 4)
        mailing, sender, other = sending(session), a_sender(session), a_sender(session, "two")
        first = {message for message, _permit in _permits(session, sender, 2, at=NOON)}
        second = {message for message, _permit in _permits(session, sender, 1, at=SOON)}
        _permits(session, other, 1, at=LATER)
        bury(session, sender, at=LATER)
        found = {each.message.id: each.ending for each in doubts_of(session, mailing.id)}
        assert found == dict.fromkeys(first, Ending.SENDER_LIVED_ON) | dict.fromkeys(second, Ending.SENDER_GONE)
        assert count_reasons(session, mailing.id) == {MessageState.UNKNOWN: {"sender_died": 3}}


def test_what_a_server_said_to_an_earlier_try_is_not_told_as_its_last_words(database):
    with database.writing() as session:
        add_readers(session, 1)
        mailing, sender = sending(session), a_sender(session)
        [(message, permit)] = _permits(session, sender, 1, at=NOON)
        busy = Outcome(message, MessageState.PLANNED, None, 451, "busy", next_try_at=SOON)
        settle_and_ask(session, sender, [Ended(busy, permit, "deferred")], at=NOON)
        _permits(session, sender, 1, at=SOON)
        bury(session, sender, at=LATER)
        [doubt] = doubts_of(session, mailing.id)
        assert (doubt.message.reply, doubt.message.code, doubt.at) == (None, None, SOON)
        assert doubt.ending is Ending.SENDER_GONE


def test_doubts_are_listed_by_pages(database):
    with database.writing() as session:
        mailing = _unknown(session, 5)
        first = doubts_of(session, mailing, limit=3)
        rest = doubts_of(session, mailing, after=first[-1].message.id)
        assert [len(first), len(rest)] == [3, 2]


@pytest.mark.parametrize(
    ("new", "reasons"),
    [(MessageState.SENT, {}), (MessageState.FAILED, {MessageState.FAILED: {"did_not_arrive": 3}})],
)
def test_g6_all_of_a_mailing_are_decided_alike(database, new, reasons):
    with database.writing() as session:
        mailing = _unknown(session, 3)
        finish_mailings(session, NOON)
        assert decide_all(session, mailing, new, expected=3, at=LATER) == 3
        assert count_states(session, mailing).by_state == {new: 3}
        assert count_reasons(session, mailing) == reasons
        assert find_campaign(session, "spring").stage is CampaignState.FINISHED
        assert decide_all(session, mailing, MessageState.PLANNED, expected=0, at=LATER) == 0
        assert find_campaign(session, "spring").stage is CampaignState.FINISHED


def test_g6_all_are_sent_again_only_when_an_operator_says_so(database):
    with database.writing() as session:
        mailing = _unknown(session, 3)
        finish_mailings(session, NOON)
        assert claim(session, a_sender(session), at=LATER, lease=LEASE, most=9) == []
        decide_all(session, mailing, MessageState.PLANNED, expected=3, at=LATER)
        assert find_campaign(session, "spring").stage is CampaignState.SENDING
        assert len(claim(session, a_sender(session), at=LATER, lease=LEASE, most=9)) == 3


def test_who_was_told_of_another_number_decides_nothing(database):
    with database.writing() as session:
        mailing = _unknown(session, 3)
        with pytest.raises(Conflict, match="There are 3 by now, and you were told of 2"), session.begin_nested():
            decide_all(session, mailing, MessageState.SENT, expected=2, at=LATER)
        assert count_states(session, mailing).by_state == {MessageState.UNKNOWN: 3}


def test_nothing_of_a_cancelled_campaign_is_sent_again(database):
    with database.writing() as session:
        mailing = _unknown(session, 2)
        cancel(session, "spring", at=NOON)
        number = doubts_of(session, mailing)[0].message.id
        with pytest.raises(Conflict, match="was cancelled"):
            decide(session, number, MessageState.PLANNED, at=LATER)
        with pytest.raises(Conflict, match="was cancelled"):
            decide_all(session, mailing, MessageState.PLANNED, expected=2, at=LATER)
        decide(session, number, MessageState.SENT, at=LATER)
        assert get_message(session, number).state == "sent"
