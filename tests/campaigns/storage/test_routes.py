"""Which server each message goes by, which wait, until when and why."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from campaigns.domain.campaign_files import DraftSender
from campaigns.domain.rations import Held, mailing_bucket
from campaigns.domain.relays import Health, RelayPlan
from campaigns.domain.smtp_replies import Meant
from campaigns.domain.warm_up import WarmUp
from campaigns.storage.campaigns import Campaign
from campaigns.storage.claims import claim
from campaigns.storage.mailings import Mailing
from campaigns.storage.messages import PLANNED, Message
from campaigns.storage.postponements import count_postponed
from campaigns.storage.routes import Admitted, Traffic
from campaigns.storage.warm_ups import taken_on
from core.clock import now
from tests.campaigns.scenes import a_sender, add_reader, add_readers, make_draft, sending
from tests.conftest import NOON

LEASE = timedelta(minutes=5)


class World:
    """One sender's traffic on a database, with clocks that stand still."""

    def __init__(self, database: Any, *plans: RelayPlan, **options: Any) -> None:
        self.database, self.now = database, 1000.0
        self.traffic = Traffic(plans, ticks=lambda: self.now, chance=lambda: 0.5, **options)
        with database.writing() as session:
            self.sender = a_sender(session)

    def claim(self, at: datetime = NOON, most: int = 100, full: Any = ()) -> Admitted:
        with self.database.writing() as session:
            ration = self.traffic.ration(session, most, at=at, full=full)
            claims = claim(session, self.sender, at=at, lease=LEASE, most=ration.most, caps=ration.caps)
            return self.traffic.admit(session, self.sender, claims, ration, at=at)


def shares(admitted: Admitted) -> dict[str, int]:
    return {relay: len(those) for relay, those in admitted.by_relay.items()}


def waits(admitted: Admitted) -> dict[Held, int]:
    return Counter(why for _moment, why in admitted.put_off.values())


@pytest.fixture
def world(database: Any) -> Any:
    return lambda *plans, **options: World(database, *plans, **options)


def plan(database: Any, number: int, name: str = "spring", **draft: Any) -> int:
    with database.writing() as session:
        if not session.scalar(select(Message.id).limit(1)):
            add_readers(session, number)
        return sending(session, make_draft(name, **draft)).id


def pace(database: Any, mailing_id: int, per_minute: float) -> None:
    with database.writing() as session:
        session.execute(update(Mailing).where(Mailing.id == mailing_id).values(rate_per_minute=per_minute))


def test_one_server_without_limits_costs_no_query(database, world):
    plan(database, 10)
    one = world(RelayPlan("one"))
    assert shares(one.claim(most=4)) == {"one": 4}
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    with database.writing() as session:
        ration = one.traffic.ration(session, 4, at=NOON)
        claims = claim(session, one.sender, at=NOON, lease=LEASE, most=4)
        before = len(asked)
        assert shares(one.traffic.admit(session, one.sender, claims, ration, at=NOON)) == {"one": 4}
        assert len(asked) == before
        assert ration.allowances == {}
    assert one.claim(most=4).put_off == {}
    assert shares(one.claim()) == {}


def test_shares_follow_the_weights(database, world):
    plan(database, 20)
    two = world(RelayPlan("one", weight=3), RelayPlan("two"))
    assert shares(two.claim()) == {"one": 15, "two": 5}


def test_a_server_that_rests_or_is_full_leaves_its_share_to_the_others(database, world):
    plan(database, 24)
    three = world(RelayPlan("one"), RelayPlan("two"), RelayPlan("three"))
    three.traffic.note("one", "ann@example.org", Meant.RELAY, "421 going down")
    assert shares(three.claim(most=8)) == {"two": 4, "three": 4}
    assert shares(three.claim(most=8, full={"two"})) == {"three": 8}
    three.now += 2
    assert shares(three.claim(most=8))["one"] > 0


def test_when_no_server_is_there_nothing_is_claimed(database, world):
    plan(database, 5)
    two = world(RelayPlan("one"), RelayPlan("two"))
    two.claim(most=1)
    for name in ("one", "two"):
        two.traffic.note(name, "ann@example.org", Meant.RELAY)
    assert two.traffic.is_shut()
    assert two.claim() == Admitted()
    with database.reading() as session:
        assert len(session.scalars(select(Message).where(Message.state == PLANNED)).all()) == 4


def test_mail_goes_by_the_server_of_its_sender_or_its_campaigns_wish(database, world):
    plan(database, 4)
    plan(database, 4, "summer", sender=DraftSender(email="news@example.com"))
    plan(database, 4, "autumn", relay="spare")
    spare, own = RelayPlan("spare"), RelayPlan("own", senders=frozenset({"example.com"}))
    two = world(spare, own)
    assert shares(two.claim()) == {"spare": 8, "own": 4}


def test_a_wish_for_a_server_that_is_gone_waits(database, world):
    mailing = plan(database, 3, relay="gone")
    one = world(RelayPlan("one"))
    admitted = one.claim()
    assert waits(admitted) == {Held.RELAY: 3}
    assert one.claim(NOON + timedelta(minutes=5)).put_off == {}  # known by now: it is not claimed at all
    with database.writing() as session:
        session.execute(update(Campaign).values(relay=None))
        assert count_postponed(session) == {Held.RELAY: 3}
    one.traffic.courses.clear()
    assert shares(one.claim(NOON + timedelta(minutes=5))) == {"one": 3}
    assert mailing


def test_a_campaigns_rate_is_claimed_and_nothing_beyond_it(database, world):
    pace(database, plan(database, 20), 60 * 5)
    one = world(RelayPlan("one", rate=1000))
    assert shares(one.claim()) == {"one": 5}
    assert one.traffic.holds_back
    assert one.claim() == Admitted()
    assert shares(one.claim(NOON + timedelta(seconds=0.4))) == {"one": 2}


def test_a_rate_given_while_sending_is_heeded_at_once(database, world):
    mailing = plan(database, 20)
    one = world(RelayPlan("one", rate=1000))
    assert shares(one.claim(most=6)) == {"one": 6}
    pace(database, mailing, 60)
    assert shares(one.claim()) == {"one": 1}


def test_a_mailing_that_just_began_is_held_to_its_rate_from_the_first_claim(database, world):
    pace(database, plan(database, 10), 120)
    one = world(RelayPlan("one"))
    admitted = one.claim()
    assert shares(admitted) == {"one": 2}
    assert sorted(moment - NOON for moment, _why in admitted.put_off.values())[:2] == [
        timedelta(seconds=0.5),
        timedelta(seconds=1),
    ]


def test_a_provider_at_its_rate_leaves_others_alone(database, world):
    with database.writing() as session:
        for number in range(6):
            add_reader(session, f"reader{number}@gmail.com")
            add_reader(session, f"reader{number}@example.org")
        sending(session)
    one = world(RelayPlan("one"), provider_rates={"gmail": 2})
    admitted = one.claim()
    assert shares(admitted) == {"one": 8}
    assert sorted((moment - NOON).total_seconds() for moment, _why in admitted.put_off.values()) == [0.5, 1, 1.5, 2]
    assert shares(one.claim(NOON + timedelta(seconds=2))) == {"one": 2}


def test_a_provider_that_pushed_back_waits_and_others_do_not(database, world):
    with database.writing() as session:
        for name in ("ann@gmail.com", "bo@googlemail.com", "cy@example.org"):
            add_reader(session, name)
        sending(session)
    one = world(RelayPlan("one"))
    one.traffic.note("one", "dee@gmail.com", Meant.DOMAIN, "421 4.7.28 too fast")
    admitted = one.claim()
    assert shares(admitted) == {"one": 1}
    assert waits(admitted) == {Held.PROVIDER: 2}
    assert one.traffic.rest_for("ann@gmail.com") == 15
    assert one.traffic.rest_for("ann@example.org") == 0
    one.now += 17
    assert shares(one.claim(NOON + timedelta(seconds=17))) == {"one": 2}


def test_a_days_plan_is_used_up_and_the_rest_waits_for_the_next(database, world):
    plan(database, 30)
    steps = WarmUp(date(2026, 11, 23), (5, 10))
    one = world(RelayPlan("one", warm_up=steps), zone="Europe/Berlin")
    first = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with database.writing() as session:
        session.execute(update(Message).values(next_try_at=first))
    assert shares(one.claim(first)) == {"one": 5}
    assert one.claim(datetime(2026, 11, 23, 22, 59, tzinfo=UTC)) == Admitted()
    assert not one.traffic.holds_back  # nobody waits here until tomorrow
    assert shares(one.claim(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))) == {"one": 10}
    assert shares(one.claim(datetime(2026, 11, 25, 11, tzinfo=UTC))) == {"one": 15}


def test_a_providers_day_that_is_used_up_goes_by_others_or_waits(database, world):
    with database.writing() as session:
        for number in range(8):
            add_reader(session, f"reader{number}@gmail.com")
        sending(session)
    day = NOON.date()
    new = RelayPlan("new", warm_ups={"gmail": WarmUp(day, (2, 4))})
    assert shares(world(new, RelayPlan("old")).claim(most=6)) == {"new": 2, "old": 4}
    admitted = world(new).claim()
    assert waits(admitted) == {Held.WARM_UP: 2}
    tomorrow = datetime(NOON.year, NOON.month, NOON.day, tzinfo=UTC) + timedelta(days=1)
    assert {moment for moment, _why in admitted.put_off.values()} == {tomorrow + timedelta(minutes=5)}
    with database.reading() as session:
        assert taken_on(session, day) == {("new", "gmail"): 2}


def test_what_was_not_begun_is_given_back_to_its_day(database, world):
    one = world(RelayPlan("new", warm_up=WarmUp(NOON.date(), (2,))), RelayPlan("old"))
    one.traffic.give_back("old", "ann@gmail.com", NOON.date())
    assert not one.traffic.returned
    one.traffic.give_back("new", "ann@gmail.com", NOON.date())
    assert set(one.traffic.returned) == {(("new", ""), NOON.date()), (("new", "gmail"), NOON.date())}


def test_among_servers_at_their_rates_nobody_is_put_off_but_left(database, world):
    plan(database, 20)
    two = world(RelayPlan("one", rate=2), RelayPlan("two", rate=3))
    assert shares(two.claim()) == {"one": 2, "two": 3}
    assert two.claim() == Admitted()
    assert two.traffic.holds_back


def test_an_ailing_server_gets_less(database, world):
    plan(database, 20)
    two = world(RelayPlan("one"), RelayPlan("two"))
    two.traffic.health = {"one": Health(good=0, bad=3, at=NOON)}
    assert shares(two.claim()) == {"one": 4, "two": 16}


def test_rates_are_counted_by_the_databases_clock_whatever_the_senders_say(database, world):
    plan(database, 30)
    began = now()
    senders = [world(RelayPlan("one", rate=10), shared_clock=True) for _ in range(2)]
    sent = 0
    for step, hours in enumerate((0, 7, 0, -3, 0, 7, -3, 7)):  # their clocks are hours apart
        sent += sum(shares(senders[step % 2].claim(NOON + timedelta(hours=hours), most=20)).values())
    assert 10 <= sent <= 10 + 10 * (now() - began).total_seconds() + 1


def test_several_mailings_together_take_no_more_than_their_server_may_be_given(database, world):
    plan(database, 6)
    plan(database, 6, "summer")
    one = world(RelayPlan("one", rate=4))
    admitted = one.claim()
    assert shares(admitted) == {"one": 4}
    assert admitted.put_off == {}


def test_mailings_that_ask_for_the_same_server_wait_for_it_one_behind_the_other(database, world):
    plan(database, 4, relay="one")
    plan(database, 4, "summer", relay="one")
    two = world(RelayPlan("one", rate=2), RelayPlan("two"))
    two.traffic.courses.clear()
    admitted = two.claim()
    assert shares(admitted) == {"one": 2}
    assert sorted((moment - NOON).total_seconds() for moment, _why in admitted.put_off.values()) == [0.5, 1]
    assert waits(admitted) == {Held.RATE: 2}


def test_a_server_lost_between_the_ration_and_the_claim_makes_them_wait(database, world):
    plan(database, 3)
    one = world(RelayPlan("one", rate=50))
    with database.writing() as session:
        ration = one.traffic.ration(session, 10, at=NOON)
        claims = claim(session, one.sender, at=NOON, lease=LEASE, most=ration.most, caps=ration.caps)
        one.traffic.note("one", "ann@example.org", Meant.RELAY)
        admitted = one.traffic.admit(session, one.sender, claims, ration, at=NOON)
    assert waits(admitted) == {Held.RELAY: 3}


def test_a_mailing_that_began_after_the_ration_waits_a_second_for_its_rate(database, world):
    mailing = plan(database, 2)
    pace(database, mailing, 60)
    one = world(RelayPlan("one", rate=50))
    with database.writing() as session:
        ration = one.traffic.ration(session, 10, at=NOON)
        claims = claim(session, one.sender, at=NOON, lease=LEASE, most=10)
        del ration.allowances[mailing_bucket(mailing)]  # as if it had begun between the two
        admitted = one.traffic.admit(session, one.sender, claims, ration, at=NOON)
    assert {moment - NOON for moment, _why in admitted.put_off.values()} == {timedelta(seconds=1)}
