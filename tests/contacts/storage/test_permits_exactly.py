"""Permits to the letter, on both databases: what is stored, what settles, what is open, and how long is waited."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text

from contacts.storage import permits
from contacts.storage.permits import (
    Grant,
    Permit,
    covered_and_open,
    grant,
    last_permit_of,
    open_permits_of,
    settle,
    wait_for_handovers,
)
from core.database import Base, Database

ANN, BEN = b"a" * 32, b"b" * 32
LATER = timedelta(hours=1)
OUTCOMES = ("sent", "deferred", "failed", "unknown")


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened
        opened.rollback()


def offers(at: datetime, sender: int = 3) -> Grant:
    return Grant("offers", sender, at, 41)


def as_stored(session, number: int) -> tuple[object, ...]:
    row = session.execute(select(*Permit.__table__.columns).where(Permit.id == number)).one()
    return (row.message_id, bytes(row.address_key), *row[3:])


def test_a_permit_is_stored_with_all_that_it_is_for_and_is_open(session, noon):
    given = grant(session, {7: ANN, 8: BEN}, offers(noon))
    assert sorted(given) == [7, 8]
    assert as_stored(session, given[7]) == (7, ANN, "offers", 3, noon, 41, None, None)
    assert as_stored(session, given[8]) == (8, BEN, "offers", 3, noon, 41, None, None)


def test_no_message_no_permit(session, noon):
    assert grant(session, {}, offers(noon)) == {}
    settle(session, {}, at=noon)
    assert session.scalars(select(Permit.id)).all() == []


def test_of_a_permit_that_names_no_event_none_was_read(session, noon):
    session.add(Permit(message_id=1, address_key=ANN, scope="offers", sender_id=1, granted_at=noon))
    session.flush()
    assert session.scalars(select(Permit.judged_sequence)).all() == [0]


def test_each_permit_settles_with_its_own_outcome_and_the_others_stay_open(session, noon):
    given = grant(session, dict.fromkeys(range(1, 7), ANN), offers(noon))
    settle(session, {given[message]: said for message, said in enumerate(OUTCOMES, 1)}, at=noon + LATER)
    found = {message: as_stored(session, number)[-2:] for message, number in given.items()}
    assert found == {message: (noon + LATER, said) for message, said in enumerate(OUTCOMES, 1)} | {
        5: (None, None),
        6: (None, None),
    }


def test_what_is_settled_stays_as_it_is(session, noon):
    given = grant(session, {1: ANN, 2: ANN}, offers(noon))
    settle(session, {given[1]: "failed"}, at=noon)
    settle(session, {given[1]: "sent", given[2]: "sent"}, at=noon + LATER)
    assert as_stored(session, given[1])[-2:] == (noon, "failed")
    assert as_stored(session, given[2])[-2:] == (noon + LATER, "sent")


def test_settling_leaves_what_the_session_read_before_as_it_was_read(session, noon):
    """Nobody looks at it again: a statement for thousands need not go through the objects of a session."""
    number = grant(session, {1: ANN}, offers(noon))[1]
    read = session.get(Permit, number)
    settle(session, {number: "sent"}, at=noon)
    assert "outcome" in vars(read)
    assert read.outcome is None
    session.refresh(read)
    assert read.outcome == "sent"


def test_the_open_permits_of_a_sender_are_its_own_and_not_settled(session, noon):
    mine, theirs = grant(session, {1: ANN, 2: BEN}, offers(noon)), grant(session, {3: ANN}, offers(noon, sender=4))
    settle(session, {mine[1]: "sent"}, at=noon)
    assert open_permits_of(session, 3, [1, 2, 3]) == {2: mine[2]}
    assert open_permits_of(session, 3, [1]) == {}
    assert open_permits_of(session, 4, [1, 2, 3]) == theirs
    assert open_permits_of(session, 5, [1, 2, 3]) == {}


def test_the_last_permit_of_a_message_is_found_whatever_became_of_it(session, noon):
    first, second = (grant(session, {1: ANN, 2: BEN}, offers(noon)) for _ in range(2))
    settle(session, {second[1]: "failed"}, at=noon)
    found = [last_permit_of(session, message) for message in (1, 2)]
    assert [each.id for each in found if each] == [second[1], second[2]]
    assert not first.keys() - second.keys()
    assert not set(first.values()) & set(second.values())
    assert last_permit_of(session, 9) is None


def test_an_opt_out_counts_the_open_permits_that_it_covers_of_whom_it_names(session, noon):
    given = grant(session, {1: ANN, 2: ANN, 3: BEN}, offers(noon))
    grant(session, {4: ANN}, Grant("research", 3, noon, 41))
    settle(session, {given[1]: "unknown"}, at=noon)
    told = {scope: covered_and_open(session, [ANN], scope) for scope in ("offers", "marketing", "research", "updates")}
    assert told == {"offers": 1, "marketing": 1, "research": 1, "updates": 0}
    assert covered_and_open(session, [ANN], "everything") == 2
    assert covered_and_open(session, [ANN, BEN], "everything") == 3
    assert covered_and_open(session, [], "everything") == 0


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.wakes = dict[int, object]()

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        assert len(self.slept) < 99, "nobody looks at the clock"
        self.slept.append(seconds)
        if then := self.wakes.get(len(self.slept)):
            then()  # type: ignore[operator]  # a function of the test


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(permits, "time", made)
    return made


def test_g1_an_opt_out_waits_until_what_it_covers_is_settled_and_looks_less_and_less_often(database, noon, clock):
    with database.writing() as session:
        number = grant(session, {1: ANN}, offers(noon))[1]

    def handed_over() -> None:
        with database.writing() as session:
            settle(session, {number: "sent"}, at=noon)

    clock.wakes[10] = handed_over
    assert wait_for_handovers(database, [ANN], "marketing", seconds=60) is True
    assert clock.slept[:8] == pytest.approx([0.005 * 1.5**turn for turn in range(8)])
    assert clock.slept[8:] == [0.1, 0.1]


def test_waiting_ends_with_its_time_and_says_so(database, noon, clock):
    with database.writing() as session:
        grant(session, {1: ANN}, offers(noon))
    assert wait_for_handovers(database, [ANN], "offers", seconds=1) is False
    assert 1 <= clock.monotonic() < 1.1
    clock.slept.clear()
    assert wait_for_handovers(database, [ANN], "offers", seconds=0) is False
    assert wait_for_handovers(database, [ANN], "research", seconds=0) is True
    assert wait_for_handovers(database, [BEN], "offers", seconds=0) is True
    assert clock.slept == []


def test_where_nobody_can_look_what_is_open_is_not_known_to_be_over(tmp_path: Path, clock):
    nothing = Database(f"sqlite:///{tmp_path / 'nothing.db'}")
    assert wait_for_handovers(nothing, [ANN], "offers", seconds=60) is False
    nothing.close()
    assert clock.slept == []


def test_the_migrated_table_is_the_one_of_the_class_to_its_last_constraint(sqlite_url: str, tmp_path: Path):
    """Indexes and columns are compared in tests/core; of checks and of numbers never given twice this test tells."""
    made, migrated = create_engine(f"sqlite:///{tmp_path / 'made.db'}"), create_engine(sqlite_url)
    Base.metadata.tables["permit"].create(made)
    told = [
        {each["name"]: each["sqltext"] for each in inspect(engine).get_check_constraints("permit")}
        for engine in (made, migrated)
    ]
    assert told[0] == told[1]
    assert set(told[0]) == {"ck_permit_outcome", "ck_permit_settled"}
    says = text("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = 'permit'")
    for engine in (made, migrated):
        with engine.connect() as connection:
            assert connection.scalar(says) == 1
        engine.dispose()
