"""What one sender learns, all know at the next beat, and a new one from the start."""

from contextlib import suppress
from datetime import timedelta
from threading import Thread
from typing import Any

from sqlalchemy import func, select

from campaigns.domain.rations import WHOLE
from campaigns.domain.relays import RelayPlan
from campaigns.domain.smtp_replies import Meant
from campaigns.domain.warm_up import WarmUp
from campaigns.storage.relay_states import BackOff, back_offs, end_rest, relay_states, rests_until
from campaigns.storage.routes import Traffic
from campaigns.storage.warm_ups import count_on, open_day, taken_on
from campaigns.storage.watches import Watch
from tests.conftest import NOON

SECOND = timedelta(seconds=1)
NEW = RelayPlan("new", warm_up=WarmUp(NOON.date(), (9,)))


class Sender:
    """A sender's traffic and its watch, with a still clock."""

    def __init__(self, database: Any, *plans: RelayPlan) -> None:
        self.database, self.now = database, 1000.0
        self.traffic = Traffic(plans or [RelayPlan("one")], ticks=lambda: self.now, chance=lambda: 0.5)
        self.watch = Watch(self.traffic)

    def beat(self, at: Any = NOON) -> "Sender":
        with self.database.writing() as session:
            self.watch.keep(session, at=at)
        self.watch.kept()
        return self

    def note(self, meant: Meant, address: str = "ann@gmail.com") -> "Sender":
        self.traffic.note("one", address, meant, "421 4.7.0 later" if meant is not Meant.MESSAGE else "")
        return self


def test_a_rest_is_heard_of_by_the_others_and_by_who_starts_later(database):
    first, second = Sender(database), Sender(database).beat()
    first.note(Meant.RELAY).note(Meant.DOMAIN).beat()
    second.beat(NOON + SECOND / 2)
    for sender in (second, Sender(database).beat(NOON + SECOND / 2)):
        assert sender.traffic.pause_of("one") == 0.5
        assert sender.traffic.rest_for("bo@googlemail.com") == 14.5
        assert sender.traffic.health["one"].score < 1


def test_a_rest_is_heard_once_and_then_runs_out(database):
    first = Sender(database).note(Meant.RELAY).beat()
    second = Sender(database).beat()
    second.now += 2
    second.beat()  # the clock of the wall stands still: what is known is not begun again
    assert second.traffic.pause_of("one") == 0
    first.now += 2
    first.note(Meant.RELAY).beat(NOON + 2 * SECOND)
    assert first.traffic.pause_of("one") == 2
    second.beat(NOON + 2 * SECOND)
    assert second.traffic.pause_of("one") == 2


def test_an_operators_word_ends_a_rest_everywhere(database):
    sender = Sender(database).note(Meant.RELAY).note(Meant.DOMAIN).beat()
    with database.writing() as session:
        end_rest(session, relay="one", at=NOON)
        end_rest(session, provider="gmail", at=NOON)
    sender.beat()
    assert sender.traffic.pause_of("one") == 0
    assert sender.traffic.rest_for("ann@gmail.com") == 0


def test_what_could_not_be_kept_is_told_at_the_next_beat(database):
    sender = Sender(database, NEW)
    with database.writing() as session:
        open_day(session, [("new", WHOLE)], NOON.date())
        count_on(session, {(("new", WHOLE), NOON.date()): 5})
    sender.traffic.give_back("new", "ann@example.org", NOON.date())
    sender.traffic.note("new", "ann@example.org", Meant.RELAY, "no route")
    with suppress(ConnectionError), database.writing() as session:
        sender.watch.keep(session, at=NOON)
        raise ConnectionError("the database goes away before the commit")
    sender.beat()
    sender.beat()
    with database.reading() as session:
        assert [(each.name, each.bad, each.said) for each in relay_states(session)] == [("new", 1, "no route")]
        assert taken_on(session, NOON.date()) == {("new", WHOLE): 4}


def test_a_rest_begun_while_the_beat_is_told_is_not_lost(database):
    sender = Sender(database).note(Meant.RELAY).beat()
    sender.now += 1.5
    with database.writing() as session:
        end_rest(session, relay="one", at=NOON)
        sender.traffic.sightings.relays.turn_over(sender.now)
        sender.note(Meant.RELAY)
        sender.watch._hear(session, sender.now, NOON + SECOND)
    assert sender.traffic.pause_of("one") > 0


def test_a_clock_stepped_by_an_hour_either_way_holds_nobody_up(database):
    sender = Sender(database).note(Meant.RELAY).note(Meant.DOMAIN).beat()
    sender.now += 20
    for step in (-1, 1):
        at = NOON + timedelta(hours=step)
        assert sender.beat(at).traffic.pause_of("one") == 0
        late = Sender(database).beat(at)
        assert late.traffic.pause_of("one") <= 75
        assert late.traffic.rest_for("ann@gmail.com") <= 1800 * 1.25


def test_a_rest_begun_while_the_clock_was_an_hour_ahead_ends_in_its_time_once_it_is_set_back(database):
    hour = timedelta(hours=1)
    sender = Sender(database).note(Meant.RELAY).note(Meant.DOMAIN).beat(NOON + hour)
    sender.now += 20
    other = Sender(database).beat(NOON)
    assert (other.traffic.pause_of("one"), other.traffic.rest_for("bo@gmail.com")) == (5, 75)
    assert sending_now(database) == (5, 75)
    for second in range(1, 4):  # each success is news, and told: it does not begin the old rest again
        sender.now, other.now = sender.now + 80, other.now + 80
        sender.note(Meant.MESSAGE).beat(NOON + second * SECOND)
        for each in (sender, other.beat(NOON + second * SECOND)):
            assert (each.traffic.pause_of("one"), each.traffic.rest_for("bo@gmail.com")) == (0, 0)
    with database.reading() as session:
        assert [each.misses for each in relay_states(session)] == [0]


def sending_now(database: Any) -> tuple[float, ...]:
    """How long the first server and the first provider rest yet, as the console shows it."""
    with database.reading() as session:
        ends = [rests_until(row, NOON) for row in (relay_states(session)[0], back_offs(session)[0])]
    return tuple((until - NOON).total_seconds() for until in ends if until)


def test_of_a_hundred_thousand_domains_only_those_that_push_back_are_remembered(database):
    sender = Sender(database)
    for number in range(100_000):
        sender.traffic.note("one", f"ann@domain{number}.example", Meant.MESSAGE)
    for number in range(3):
        sender.note(Meant.DOMAIN, f"ann@domain{number}.example").note(Meant.DOMAIN, f"ann@slow{number}.example")
    sender.beat()
    assert not sender.traffic.sightings.providers.seen
    assert len(sender.traffic.sightings.providers.rests) == 6
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BackOff)) == 6


def test_what_two_senders_see_in_the_same_moment_is_all_kept(database):
    senders = [Sender(database).note(Meant.MESSAGE).note(Meant.DOMAIN) for _ in range(4)]
    threads = [Thread(target=sender.beat) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert [(each.good, each.bad) for each in relay_states(session)] == [(8, 0)]
        assert [(each.provider, each.misses) for each in back_offs(session)] == [("gmail", 1)]
