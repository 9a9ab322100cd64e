"""A trial of variants: shares to the person, one mail each, one decision, nobody lost or written to against a no."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

import scheduler
from campaigns.domain.states import MailingState, MessageState
from campaigns.domain.winners import Standing
from campaigns.services import decide_winner
from campaigns.services.control import cancel, pause, resume
from campaigns.services.decide_winner import choose, contest, contests_open, decide, let_go
from campaigns.services.launch import launch
from campaigns.storage.mailings import get_mailing
from campaigns.storage.messages import Message, count_states
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.database import Database
from core.errors import BadInput, Conflict
from tests.campaigns.competing import HOUR, LATER, begin_trial, campaign_of, click, dealt, decided, send_due, tick
from tests.campaigns.scenes import add_readers, scheduled, tell
from tests.conftest import NOON


@pytest.fixture
def begun(database: Database, settings: Any, keyring: Any) -> Callable[..., int]:
    """Launch a campaign with a trial; answers with its mailing's number."""
    return partial(begin_trial, database, (settings, keyring))


def test_g6_g7_everybody_gets_one_mail_and_the_rest_gets_what_has_won(database, begun):
    number = begun(40, share=50, wait_hours=4)
    assert send_due(database, NOON) == 20
    tick(database, NOON)
    click(database, number, 1, 1)
    click(database, number, 2, 9)
    tick(database, LATER - timedelta(seconds=1))
    assert decided(database, number) == (None, "")
    assert send_due(database, LATER) == 0
    tick(database, LATER)
    assert decided(database, number) == (2, "")
    assert dealt(database, number) == {1: 10, 2: 30}
    assert send_due(database, LATER) == 20
    assert send_due(database, LATER + HOUR) == 0
    with database.reading() as session:
        progress = count_states(session, number)
        assert progress.by_state == {MessageState.SENT: 40}
        assert get_mailing(session, number).stage is MailingState.FINISHED
        keys = session.scalars(select(Message.address_key).where(Message.mailing_id == number)).all()
        assert len(set(keys)) == 40
        told = contest(session, campaign_of(session, number))
        assert told is not None
        assert told.judgement.standing is Standing.CLEAR
        assert told.sentence == "90.0 % of B’s mails had clicks, against 10.0 % of A’s: 99 % confidence."
        assert [(each.letter, each.delivered, each.responses) for each in told.tallies] == [
            ("A", 10, 1),
            ("B", 10, 9),
        ]


def test_the_wait_begins_when_everybody_of_the_share_was_tried(database, begun):
    number = begun(20, share=50)
    tick(database, NOON)
    tick(database, NOON + 100 * HOUR)
    assert decided(database, number) == (None, "")
    send_due(database, NOON + 100 * HOUR)
    tick(database, NOON + 101 * HOUR)
    tick(database, NOON + 104 * HOUR)
    assert decided(database, number) == (None, "")
    tick(database, NOON + 105 * HOUR)
    assert decided(database, number) == (1, "")


@pytest.mark.parametrize(
    ("clicks", "unclear", "winner"), [((2, 3), "first", 1), ((0, 0), "first", 1), ((2, 3), "ask", None)]
)
def test_where_nothing_is_clear_the_first_is_taken_or_an_operator_asked(database, begun, clicks, unclear, winner):
    number = begun(20, share=50, unclear=unclear)
    send_due(database, NOON)
    tick(database, NOON)
    for variant, readers in enumerate(clicks, 1):
        click(database, number, variant, readers)
    tick(database, LATER)
    tick(database, LATER + HOUR)
    assert decided(database, number) == (winner, "")
    assert send_due(database, LATER + HOUR) == (10 if winner else 0)
    with database.reading() as session:
        told = contest(session, campaign_of(session, number))
        assert told is not None
        assert told.may_choose is (winner is None)
        assert (told.trial.asked_at is not None) is (winner is None)


def test_an_operator_chooses_before_the_moment_and_once(database, begun):
    number = begun(20, share=50)
    with database.writing() as session:
        campaign = campaign_of(session, number)
        with pytest.raises(BadInput, match="There is no variant “C”") as caught:
            choose(session, campaign, "C", at=NOON, by="kim@example.org")
        assert caught.value.remedy == "There are: A, B."
        choose(session, campaign, "b", at=NOON, by="kim@example.org")
        with pytest.raises(Conflict, match="decided already"):
            choose(session, campaign, "A", at=NOON, by="lee@example.org")
        assert decide(session, number, at=NOON + 99 * HOUR) is None
    tick(database, NOON)
    assert decided(database, number) == (2, "kim@example.org")
    assert send_due(database, NOON) == 20
    assert dealt(database, number) == {1: 5, 2: 15}


def test_nothing_can_be_chosen_where_nothing_competes(database, settings, keyring):
    with database.writing() as session:
        add_readers(session, 2)
        number = scheduled(session).id
        launch(session, number, settings, keyring, at=NOON)
        assert contest(session, campaign_of(session, number)) is None
        assert (decide(session, number, at=LATER), let_go(session, number, at=LATER)) == (None, 0)
        with pytest.raises(Conflict, match="No variants"):
            choose(session, campaign_of(session, number), "A", at=NOON, by="kim@example.org")


def test_two_clocks_at_once_decide_once(database, begun):
    number = begun(10, share=50)
    send_due(database, NOON)
    tick(database, NOON)
    both = Barrier(2)

    def one() -> bool:
        both.wait()
        with database.writing() as session:
            return decide(session, number, at=LATER) is not None

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(one) for _ in range(2)]
        assert sorted(each.result() for each in done) == [False, True]
    tick(database, LATER)
    assert send_due(database, LATER) == 5


def test_g1_who_leaves_while_the_variant_is_open_gets_nothing(database, begun):
    number = begun(10, share=20)
    send_due(database, NOON)
    tick(database, NOON)
    with database.writing() as session:
        waiting = select(Contact).join(Message, Message.contact_id == Contact.id).where(Message.variant.is_(None))
        for person in session.scalars(waiting.limit(3)).all():
            tell(session, person, Kind.OPT_OUT, ["announcements"])
    tick(database, LATER)
    assert send_due(database, LATER) == 5
    with database.reading() as session:
        assert count_states(session, number).by_state == {MessageState.SENT: 7, MessageState.WITHHELD: 3}


def test_a_paused_trial_is_not_decided_and_goes_on_when_resumed(database, begun):
    number = begun(20, share=50)
    send_due(database, NOON)
    tick(database, NOON)
    with database.writing() as session:
        pause(session, "spring", at=NOON)
    tick(database, LATER)
    assert decided(database, number) == (None, "")
    with database.writing() as session:
        choose(session, campaign_of(session, number), "B", at=LATER, by="kim@example.org")
    tick(database, LATER)
    assert dealt(database, number)[None] == 10
    with database.writing() as session:
        resume(session, "spring", at=LATER)
    tick(database, LATER)
    assert send_due(database, LATER) == 10


def test_a_cancelled_trial_ends_with_everybody_counted(database, begun):
    number = begun(20, share=50)
    send_due(database, NOON)
    with database.writing() as session:
        assert cancel(session, "spring", at=NOON) == 10
    tick(database, LATER)
    assert send_due(database, LATER) == 0
    with database.reading() as session:
        assert contests_open(session) == []
        assert count_states(session, number).by_state == {MessageState.SENT: 10, MessageState.CANCELLED: 10}
        with pytest.raises(Conflict):
            choose(session, campaign_of(session, number), "B", at=LATER, by="kim@example.org")


def test_a_clock_that_died_between_is_followed_by_one_that_goes_on(database, settings, begun, monkeypatch):
    monkeypatch.setattr(decide_winner, "AT_ONCE", 3)
    monkeypatch.setattr(scheduler, "BREATH", 0)
    number = begun(30, share=20)
    send_due(database, NOON)
    tick(database, NOON)
    with database.writing() as session:
        decide(session, number, at=LATER)
    with database.writing() as session:
        assert let_go(session, number, at=LATER) == 3
    assert send_due(database, LATER) == 3
    with database.reading() as session:
        assert contests_open(session) == [number]
    scheduler.Clock(settings, database, lambda: LATER).decide_winners()
    assert send_due(database, LATER) == 21
    with database.reading() as session:
        assert contests_open(session) == []
        assert count_states(session, number).by_state == {MessageState.SENT: 30}


def test_answers_decide_where_they_are_to(database, begun):
    number = begun(40, share=50, winner="answers", wait_hours=1)
    send_due(database, NOON)
    with database.writing() as session:
        assert decide(session, number, at=NOON, answered=lambda _session, _mailing: {1: 1}) is None
    with database.writing() as session:
        told = decide(session, number, at=NOON + HOUR, answered=lambda _session, _mailing: {1: 1, 2: 9})
        assert told is not None
        assert told.sentence == "90.0 % of B’s mails were answered, against 10.0 % of A’s: 99 % confidence."
    assert decided(database, number) == (2, "")
