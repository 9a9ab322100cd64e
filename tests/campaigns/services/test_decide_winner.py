"""A trial of variants: shares to the person, one mail each, one decision, nobody lost or written to against a no."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.states import MailingState, MessageState
from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.domain.winners import Standing
from campaigns.mail.editions import Edition
from campaigns.sending.editions_kept import EditionsKept
from campaigns.services import decide_winner
from campaigns.services.control import cancel, pause, resume
from campaigns.services.decide_winner import choose, contest, contests_open, decide, let_go
from campaigns.services.launch import launch
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.campaigns import Campaign, get_campaign
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.clicks import Click
from campaigns.storage.links import links_of
from campaigns.storage.mailings import begin_mailing, finish_mailings, get_mailing
from campaigns.storage.messages import Message, count_states
from campaigns.storage.variants import OPEN, deal, trial_of
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.database import Database
from core.errors import BadInput, Conflict
from tests.campaigns.scenes import HTML, TEXT, a_sender, add_readers, make_draft, scheduled, tell
from tests.conftest import NOON

HOUR = timedelta(hours=1)
LATER = NOON + 4 * HOUR
B = DraftVariant(subject="Is it spring?", html=HTML.replace("/new", "/other"), text=TEXT.replace("/new", "/other"))


@pytest.fixture
def begun(database: Database, settings: Any, keyring: Any):
    """Launch a campaign with a trial; answers with its mailing's number."""

    def run(people: int, *variants: DraftVariant, **trial: Any) -> int:
        draft = make_draft(trial=DraftTrial(variants=variants or (B,), **trial))
        with database.writing() as session:
            add_readers(session, people)
            number = scheduled(session, draft).id
        with database.writing() as session:
            assert launch(session, number, settings, keyring, at=NOON) is not None
        return number

    return run


def send_due(database: Database, at: datetime) -> int:
    """What a sender does, without the network: everything that is due is claimed and sent; how much."""
    with database.writing() as session:
        sender = a_sender(session)
        claims = claim(session, sender, at=at, lease=HOUR, most=10_000)
        settle(session, sender, [Outcome(each.message_id, MessageState.SENT, handed_over_at=at) for each in claims])
        finish_mailings(session, at)
    return len(claims)


def click(database: Database, mailing_id: int, variant: int, readers: int) -> None:
    """Let some readers of a variant follow a link."""
    with database.writing() as session:
        mailing = get_mailing(session, mailing_id)
        link = next(iter(links_of(session, mailing.campaign_id).values()))
        got = select(Message).where(
            Message.mailing_id == mailing_id, Message.variant == variant, Message.state == "sent"
        )
        for each in session.scalars(got.order_by(Message.id).limit(readers)).all():
            facts = {"message_id": each.id, "contact_id": each.contact_id, "topic": mailing.topic}
            session.add(Click(link_id=link, at=NOON, **facts))


def tick(database: Database, at: datetime) -> None:
    """What the clock does at each tick."""
    with database.reading() as session:
        numbers = contests_open(session)
    for number in numbers:
        with database.writing() as session:
            decide(session, number, at=at)
        freed = 1
        while freed:
            with database.writing() as session:
                freed = let_go(session, number, at=at)


def dealt(database: Database, mailing_id: int) -> Counter[int | None]:
    with database.reading() as session:
        query = select(Message.variant).where(Message.mailing_id == mailing_id, Message.state != "excluded")
        return Counter(session.scalars(query))


def campaign_of(session: Session, mailing_id: int) -> Campaign:
    return get_campaign(session, get_mailing(session, mailing_id).campaign_id)


def decided(database: Database, mailing_id: int) -> tuple[int | None, str]:
    with database.reading() as session:
        trial = trial_of(session, mailing_id)
        assert trial is not None
        return trial.winner, trial.decided_by


@pytest.mark.parametrize(
    ("people", "share", "others", "each"),
    [(53, 20, 2, [4, 4, 3]), (10, 1, 1, [1, 1]), (40, 100, 1, [20, 20]), (1, 50, 2, [1]), (50, 25, 1, [7, 6])],
)
def test_the_share_is_exact_and_variants_get_as_many_each(database, begun, people, share, others, each):
    number = begun(people, *(DraftVariant(subject=f"Other {place}") for place in range(others)), share=share)
    counted = dealt(database, number)
    waiting = counted.pop(None, 0)
    assert sorted(counted.values(), reverse=True) == each
    assert waiting == people - sum(each)
    assert send_due(database, NOON + 300 * HOUR) == sum(each), "whose variant is open is never due"


def test_who_is_dealt_to_is_reproducible_and_differs_from_mailing_to_mailing(database, begun):
    first = begun(60, share=30)
    with database.writing() as session:
        before = dict(session.execute(select(Message.id, Message.variant).where(Message.mailing_id == first)).all())
        session.connection().exec_driver_sql("UPDATE message SET variant = NULL")
        deal(session, first)
        again = dict(session.execute(select(Message.id, Message.variant).where(Message.mailing_id == first)).all())
        assert again == before
        second = scheduled(session, make_draft("autumn", trial=DraftTrial(share=30, variants=(B,)))).id
        mailing = begin_mailing(session, second, NOON)
        assert mailing is not None
        freeze_audience(session, mailing, at=NOON)
        deal(session, second)
        chosen = [
            set(
                session.scalars(
                    select(Message.address_key).where(Message.mailing_id == number, Message.variant.is_not(None))
                )
            )
            for number in (first, second)
        ]
    assert len(chosen[0]) == len(chosen[1]) == 18
    assert 0 < len(chosen[0] & chosen[1]) < 18


def test_g6_g7_everybody_gets_one_mail_and_the_rest_gets_what_has_won(database, begun):
    number = begun(160, share=50, wait_hours=4)
    assert send_due(database, NOON) == 80
    tick(database, NOON)
    click(database, number, 1, 4)
    click(database, number, 2, 16)
    tick(database, LATER - timedelta(seconds=1))
    assert decided(database, number) == (None, "")
    assert send_due(database, LATER) == 0
    tick(database, LATER)
    assert decided(database, number) == (2, "")
    assert dealt(database, number) == {1: 40, 2: 120}
    assert send_due(database, LATER) == 80
    assert send_due(database, LATER + HOUR) == 0
    with database.reading() as session:
        progress = count_states(session, number)
        assert progress.by_state == {MessageState.SENT: 160}
        assert get_mailing(session, number).stage is MailingState.FINISHED
        keys = session.scalars(select(Message.address_key).where(Message.mailing_id == number)).all()
        assert len(set(keys)) == 160
        told = contest(session, campaign_of(session, number))
        assert told is not None
        assert told.judgement.standing is Standing.CLEAR
        assert told.sentence == "40.0 % of B’s mails had clicks, against 10.0 % of A’s: 99 % confidence."
        assert [(each.letter, each.delivered, each.responses) for each in told.tallies] == [
            ("A", 40, 4),
            ("B", 40, 16),
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
    ("clicks", "unclear", "winner"), [((6, 7), "first", 1), ((0, 0), "first", 1), ((6, 7), "ask", None)]
)
def test_where_nothing_is_clear_the_first_is_taken_or_an_operator_asked(database, begun, clicks, unclear, winner):
    number = begun(60, share=50, unclear=unclear)
    send_due(database, NOON)
    tick(database, NOON)
    for variant, readers in enumerate(clicks, 1):
        click(database, number, variant, readers)
    tick(database, LATER)
    tick(database, LATER + HOUR)
    assert decided(database, number) == (winner, "")
    assert send_due(database, LATER + HOUR) == (30 if winner else 0)
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
    number = begun(40, share=50)
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
    assert send_due(database, LATER) == 20


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


def test_a_clock_that_died_between_is_followed_by_one_that_goes_on(database, begun, monkeypatch):
    monkeypatch.setattr(decide_winner, "AT_ONCE", 3)
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
    tick(database, LATER)
    assert send_due(database, LATER) == 21
    with database.reading() as session:
        assert contests_open(session) == []
        assert count_states(session, number).by_state == {MessageState.SENT: 30}


def test_answers_decide_where_they_are_to(database, begun):
    number = begun(160, share=50, winner="answers", wait_hours=1)
    send_due(database, NOON)
    with database.writing() as session:
        assert decide(session, number, at=NOON, answered=lambda _session, _mailing: {1: 5}) is None
    with database.writing() as session:
        told = decide(session, number, at=NOON + HOUR, answered=lambda _session, _mailing: {1: 4, 2: 16})
        assert told is not None
        assert told.sentence == "40.0 % of B’s mails were answered, against 10.0 % of A’s: 99 % confidence."
    assert decided(database, number) == (2, "")


def test_a_message_is_written_as_the_variant_that_it_was_dealt(database, begun, settings):
    number = begun(4, DraftVariant(subject="Other {{ contact.given_name }}", content={"colour": "red"}), B, share=100)
    kept = EditionsKept(settings)
    with database.reading() as session:
        editions = [kept.edition(session, number, variant) for variant in (None, 1, 2, 3)]
        assert editions[0] is editions[1]
        person = session.scalar(select(Contact))
        written = [cast(Edition, each).write(person, 1, None, tracked=True, at=NOON).message for each in editions[1:]]
        campaign_id = get_mailing(session, number).campaign_id
        assert len(links_of(session, campaign_id)) == 2, "the links of all variants are stored"
    assert [b"Subject: " + each in message for each, message in zip(
        (b"New this spring", b"Other Ann", b"Is it spring?"), written, strict=True
    )] == [True] * 3  # fmt: skip
    assert [message.count(b"/c/") for message in written] == [2, 2, 2]
    assert OPEN.year == 9999
