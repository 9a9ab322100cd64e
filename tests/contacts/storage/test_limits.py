"""Caps, rhythms and quiet hours in the gate: SQL and the pure rule agree, and no two senders together exceed a cap."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from contacts.domain.facts import Kind
from contacts.domain.permission import Circumstances, standing, verdict
from contacts.domain.quiet_hours import QuietHours, is_quiet, zone_of
from contacts.domain.scopes import covering, covers
from contacts.domain.verdicts import Reason
from contacts.storage import gate
from contacts.storage.closures import close_scope, reopen_scope
from contacts.storage.frequencies import STANDARD_CAPS, set_frequency
from contacts.storage.gate import Wish, ask, verdicts
from contacts.storage.ledger import history_of, record
from contacts.storage.locks import lock_families
from contacts.storage.permits import Permit, settle
from contacts.storage.policies import policy_table
from core.database import Database
from tests.contacts.people import add_contact, add_permitted, consent, fact

TOPICS = ["announcements", "offers", "research"]
LIMITED = ["everything", "marketing", "announcements", "research"]
ZONES = ["", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Atlantis"]
HOUSE = "Europe/Berlin"
DAY = timedelta(days=1)

caps = st.none() | st.tuples(st.integers(1, 3), st.integers(1, 40))
hours = st.none() | st.builds(QuietHours, st.integers(0, 1439), st.integers(0, 1439))
limits = st.tuples(st.sampled_from(LIMITED), caps, hours, st.integers(0, 30))
sent = st.tuples(
    st.sampled_from([*TOPICS, "confirmation"]),
    st.integers(0, 45 * 24),
    st.sampled_from([None, "sent", "unknown", "deferred", "failed"]),
)
spans = st.tuples(st.sampled_from(TOPICS), st.booleans())


def circumstances(scope: str, zone: str, at: datetime, world: dict, *, rhythm_days: int) -> Circumstances:
    """What holds for one person, worked out from how the world was made, and not from the tables."""
    rules: dict = {scope: (cap, None) for scope, *cap in STANDARD_CAPS}
    rules |= {where: rule for where, *rule, _days in sorted(world["limits"], key=lambda each: -each[-1])}
    had = [
        (topic, timedelta(hours=ago))
        for topic, ago, outcome in world["sent"]
        if outcome in {None, "sent", "unknown"}
    ]  # fmt: skip
    reached, quiet = False, False
    for where, (cap, rest) in rules.items():
        if where not in covering(scope):
            continue
        if cap is not None:
            counted = sum(topic != "confirmation" and covers(where, topic) and ago < cap[1] * DAY for topic, ago in had)
            reached |= counted >= cap[0]
        quiet |= rest is not None and rest.start != rest.end and is_quiet(rest, zone_of(zone, HOUSE), at)
    closed = dict(world["spans"]).get(scope) is False  # the last of several counts
    lately = any(topic != "confirmation" and ago < rhythm_days * DAY for topic, ago in had)
    return Circumstances(
        topic_open=not closed, cap_reached=reached, mailed_within_rhythm=lately, quiet=quiet
    )  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            "limits": st.lists(limits, max_size=5),
            "sent": st.lists(sent, max_size=6),
            "spans": st.lists(spans, max_size=2),
        }
    ),
    st.sampled_from(ZONES),
    st.sampled_from([0, 7, 30]),
    st.integers(0, 1439),
)
def test_sql_and_the_pure_rule_agree_on_caps_rhythms_closures_and_quiet_hours(
    database: Database, pepper, noon: datetime, world: dict, zone: str, rhythm: int, minute: int
):
    at = noon + 40 * DAY + timedelta(minutes=minute)  # after the rules to begin with
    with database.writing() as session:
        keys = add_contact(session, pepper, "ann@example.org", at=noon, time_zone=zone)
        facts = [consent(keys, topic, at=at) for topic in TOPICS]
        record(session, [*facts, fact(keys, Kind.RHYTHM, "everything", at=at, details={"days": rhythm})], at=at)
        for where, cap, rest, days_ago in world["limits"]:
            set_frequency(session, where, cap=cap, quiet=rest, at=at - days_ago * DAY)
        for number, (topic, hours_ago, outcome) in enumerate(world["sent"]):
            when = at - timedelta(hours=hours_ago)
            settled = {} if outcome is None else {"outcome": outcome, "settled_at": when}
            permit = {"message_id": number, "address_key": keys.own, "sender_id": 1, "granted_at": when}
            session.add(Permit(scope=topic, **permit, **settled))
        for topic, reopened in world["spans"]:
            close_scope(session, topic, at=at - DAY)
            if reopened:
                reopen_scope(session, topic, at=at)
        session.flush()
        stands, policy = standing(history_of(session, keys.own)), policy_table(session)
        for scope in TOPICS:
            held = circumstances(scope, zone, at, world, rhythm_days=stands.rhythm_days)
            expected = verdict(stands, scope, policy, at=at, given=held)
            assert verdicts(session, scope, [keys.own], at=at, quiet_in=HOUSE) == {keys.own: expected}
        session.rollback()


def wish_of(number: int, keys, topic: str = "offers") -> Wish:
    return Wish(number, keys.own, keys.family, topic)


def test_p4_two_wishes_for_one_person_in_one_batch_count_for_each_other(database: Database, pepper, noon: datetime):
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon)
        ben = add_permitted(session, pepper, "ben@example.org", "offers", at=noon)
        set_frequency(session, "marketing", cap=(2, 7), at=noon)
        wishes = [wish_of(1, ann), wish_of(2, ann), wish_of(3, ben), wish_of(4, ann, "updates")]
        given_ = ask(session, wishes, sender_id=1, at=noon)
        assert [isinstance(given_[number], int) for number in (1, 2, 3)] == [True, True, True]
        assert given_[4] is Reason.CAP_REACHED


def test_a_rhythm_is_kept_within_one_batch(database: Database, pepper, noon: datetime):
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@example.org", "offers", "updates", at=noon)
        record(session, [fact(ann, Kind.RHYTHM, "everything", at=noon, details={"days": 7})], at=noon)
        said = ask(session, [wish_of(1, ann), wish_of(2, ann, "updates")], sender_id=1, at=noon)
        assert sorted(isinstance(each, int) for each in said.values()) == [False, True]
        assert Reason.RHYTHM_REACHED in said.values()


def test_a_newer_limit_takes_the_place_of_an_older_and_the_old_verdict_stands(
    database: Database, pepper, noon: datetime
):
    later = noon + DAY
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        set_frequency(session, "offers", cap=(1, 30), at=noon)
        settle(session, {int(ask(session, [wish_of(1, ann)], sender_id=1, at=noon)[1]): "sent"}, at=noon)
        assert verdicts(session, "offers", [ann.own], at=later) == {ann.own: Reason.CAP_REACHED}
        set_frequency(session, "offers", at=later)
        assert verdicts(session, "offers", [ann.own], at=later) == {ann.own: None}
        assert verdicts(session, "offers", [ann.own], at=noon + DAY / 2) == {ann.own: Reason.CAP_REACHED}


def _at_the_same_moment(database: Database, keys, noon: datetime, until: Callable[[], None]) -> list[object]:
    """Two senders ask for the same person; the first commits only when `until` has seen what the second does."""
    answers: list[object] = []

    def second() -> None:
        with database.writing() as other:
            answers.append(ask(other, [wish_of(2, keys)], sender_id=2, at=noon)[2])

    asking = threading.Thread(target=second)
    with database.writing() as session:
        answers.append(ask(session, [wish_of(1, keys)], sender_id=1, at=noon)[1])
        asking.start()
        until()
    asking.join(60)
    assert not asking.is_alive()
    return answers


def _somebody_waits(database: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while True:
        with database.reading() as session:
            if session.scalar(waiting):
                return


@pytest.fixture
def capped(postgresql_url: str, pepper, noon: datetime):
    database = Database(postgresql_url)
    with database.writing() as session:
        ann = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        set_frequency(session, "offers", cap=(1, 30), at=noon)
    yield database, ann
    database.close()


def test_p4_two_senders_at_once_do_not_exceed_a_cap(capped, noon: datetime):
    database, ann = capped
    first, second = _at_the_same_moment(database, ann, noon, lambda: _somebody_waits(database))
    assert isinstance(first, int)
    assert second is Reason.CAP_REACHED


def test_without_the_lock_on_the_count_they_would(capped, noon: datetime, monkeypatch):
    database, ann = capped
    monkeypatch.setattr(gate, "lock_for_permits", lambda session, all_, _own: lock_families(session, all_, alone=False))

    def both_have_asked() -> None:
        while True:
            with database.reading() as session:
                if session.scalar(text("SELECT max(id) FROM permit")):
                    return

    first, second = _at_the_same_moment(database, ann, noon, both_have_asked)
    assert isinstance(first, int)
    assert isinstance(second, int), "the negative control: with shared locks alone both see room for one more"
