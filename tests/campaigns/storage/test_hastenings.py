"""What waits for a moment that was reckoned by a clock which was ahead does not wait for that moment."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from campaigns.domain.states import MailingState, MessageState
from campaigns.domain.wishes import DraftSchedule
from campaigns.sending.books import Books
from campaigns.storage.claims import Outcome
from campaigns.storage.handovers import Ended
from campaigns.storage.hastenings import any_waits_too_long, hasten
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import Message
from campaigns.storage.variants import OPEN
from tests.campaigns.scenes import a_sender, add_readers, make_draft, sending
from tests.conftest import NOON, made_settings

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WAITS: dict[str, tuple[dict[str, Any], timedelta, timedelta]] = {
    "launched": ({}, HOUR, timedelta()),
    "tried once": ({"attempts": 1, "code": 451}, HOUR + MINUTE, MINUTE * 1.25),
    "tried twice, in time": ({"attempts": 2, "code": 451}, 2 * MINUTE, 2 * MINUTE),
    "tried often": ({"attempts": 60}, 9 * HOUR, 5 * HOUR),
    "the gate failed": ({"attempts": 3, "reason": "gate_failed"}, 2 * HOUR, 5 * MINUTE),
    "a server away": ({"reason": "relay_rest"}, HOUR, 2 * MINUTE),
    "a provider that rests": ({"reason": "provider_rest", "attempts": 2}, HOUR, 37.5 * MINUTE * 1.25),
    "a rate": ({"reason": "rate"}, HOUR, HOUR),
    "a rate, far": ({"reason": "rate"}, 2 * HOUR, HOUR),
    "the next day": ({"reason": "warm_up"}, 25 * HOUR, 11 * HOUR + 10 * MINUTE),
    "quiet hours": ({"reason": "quiet_hours"}, 20 * HOUR, 20 * HOUR),
    "a choice": ({}, OPEN - NOON, OPEN - NOON),
}


def waiting(session: Any) -> list[timedelta]:
    """How long each message waits from noon on, in their order."""
    moments = session.scalars(select(Message.next_try_at).order_by(Message.id))
    return [moment - NOON for moment in moments if moment]


def test_each_wait_is_as_long_as_its_rule_can_make_it_and_others_stay_as_they_are(database):
    with database.writing() as session:
        add_readers(session, len(WAITS))
        sending(session)
        numbers = list(session.scalars(select(Message.id).order_by(Message.id)))
        for number, (columns, wait, _) in zip(numbers, WAITS.values(), strict=True):
            session.execute(update(Message).where(Message.id == number).values(next_try_at=NOON + wait, **columns))
        changed = [wait != after for _, wait, after in WAITS.values()]
        assert any_waits_too_long(session, at=NOON, zone="Europe/Berlin")
        assert hasten(session, at=NOON, zone="Europe/Berlin") == sum(changed)
        assert not any_waits_too_long(session, at=NOON, zone="Europe/Berlin")
        assert waiting(session) == [after for _, _, after in WAITS.values()]
        assert hasten(session, at=NOON, zone="Europe/Berlin") == 0
        assert hasten(session, at=NOON, zone="Europe/Berlin", set_back=True) == 4  # they ask again, at once
        assert waiting(session)[5:9] == [timedelta()] * 4


def test_nobodys_own_hour_comes_sooner_and_what_has_ended_stays_ended(database):
    with database.writing() as session:
        add_readers(session, 2)
        own = DraftSchedule(hours="mon-fri 09:00-17:00", hours_in="recipient")
        mailings = [sending(session, make_draft(name, schedule=own)) for name in ("spring", "summer", "autumn")]
        first, second, third = (each.id for each in mailings)
        at = {Mailing.local_moment: "2026-11-23T09:00", Mailing.sending_hours: ""}
        session.execute(update(Mailing).where(Mailing.id == second).values(at))
        session.execute(update(Mailing).where(Mailing.id == third).values(state=MailingState.CANCELLED.value))
        session.execute(update(Message).values(next_try_at=NOON + HOUR))
        assert hasten(session, at=NOON, zone="UTC", set_back=True) == 0
        paused = {Mailing.state: MailingState.PAUSED.value, Mailing.local_moment: None}
        session.execute(update(Mailing).where(Mailing.id == second).values(paused))
        assert hasten(session, at=NOON, zone="UTC") == 2
        assert first != second


def test_a_sender_whose_clock_was_an_hour_ahead_for_a_moment_tries_again_when_it_would_have(database, tmp_path):
    at = [NOON]

    def read_clock() -> datetime:
        return at[0]

    with database.writing() as session:
        add_readers(session, 3)
        sending(session)
        books = Books(database, made_settings(str(database.engine.url), tmp_path), a_sender(session), read_clock)
    at[0] = NOON + HOUR
    first, second, _third = (task.claim.message_id for task in books.claim(3))
    again = Outcome(first, MessageState.PLANNED, code=451, next_try_at=at[0] + MINUTE)
    books.answer([Ended(again), Ended(Outcome(second, MessageState.SENT, handed_over_at=at[0]))])
    books.finish(let_all_go=True)
    at[0] = NOON
    books.beat()
    with database.reading() as session:
        planned = select(Message.next_try_at).where(Message.state == "planned").order_by(Message.id)
        assert list(session.scalars(planned)) == [NOON + MINUTE * 1.25, NOON]
    assert [len(books.claim(3)), books.steps.set_back()] == [1, 0]
