"""Verify names the first thing that is wrong, and what an anchor that was kept elsewhere proves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys, Pepper
from contacts.domain.anchors import Anchor
from contacts.domain.facts import Door, Fact, Kind
from contacts.services.verify_ledger import ledger_anchor, verify_ledger
from contacts.storage.ledger import begin_ledger, record
from core.database import Database
from core.errors import Conflict
from tests.contacts.intruders import fault, rewrite, unguard
from tests.contacts.people import add_permitted, fact

PEOPLE = ("ann@example.org", "bob@example.org", "eve@example.org")


@pytest.fixture
def filled(database: Database, pepper: Pepper, noon: datetime) -> Database:
    """Three people who said yes to offers and then stop: six events, a minute apart."""
    for number, written in enumerate(PEOPLE):
        at = noon + timedelta(minutes=number)
        with database.writing() as session:
            keys = add_permitted(session, pepper, written, "offers", at=at)
            record(session, [fact(keys, Kind.OPT_OUT, "offers", at=at)], at=at)
    return database


@contextmanager
def intruder(database: Database) -> Iterator[Session]:
    """A session of somebody with the owner's rights, who has taken every guard away."""
    with database.writing() as session:
        unguard(session)
        yield session


def anchor(database: Database, at: datetime) -> Anchor:
    with database.reading() as session:
        house, events, digest = ledger_anchor(session)
    return Anchor(house, events, digest, at)


def fault_with(database: Database, *anchors: Anchor) -> str:
    with database.reading() as session:
        return verify_ledger(session, anchors).fault or "nothing"


def test_an_untouched_ledger_verifies_and_tells_how_much_it_read(filled: Database):
    told: list[int] = []
    with filled.reading() as session:
        found = verify_ledger(session, told=told.append)
    assert (found.events, found.people, found.fault) == (6, 3, None)


TAMPERINGS = {
    "UPDATE event SET scope = 'research' WHERE sequence = 2": "Event 2 was changed: its scope, which was offers.",
    "UPDATE event SET kind = 'hold' WHERE sequence = 6": "Event 6 was changed: its kind, which was opt_out.",
    "UPDATE event SET door = 'page' WHERE sequence = 4": "Event 4 was changed: its door, which was operator.",
    "UPDATE event SET evidence = 'x' WHERE sequence = 2": "Event 2 was changed: its evidence, which was .",
    "UPDATE event SET details = '[]' WHERE sequence = 2": "Event 2 was changed: its details, which was {}.",
    "UPDATE event SET at = recorded_at, recorded_at = (SELECT max(at) FROM event) WHERE sequence = 2":
        "Event 2 was changed: its recorded_at, which was 2026-11-22T12:00:00+00:00.",
    "UPDATE event SET confirmed = NOT confirmed WHERE sequence = 3": "Event 3 was changed: its confirmed",
    "UPDATE event SET address_key = family_key WHERE sequence = 3": "Event 3 was changed",
    "UPDATE event SET hash = address_key WHERE sequence = 3": "Event 3 was changed: its hash, and nothing else.",
    "UPDATE event SET hash = address_key WHERE sequence = 6": "Event 6 was changed: its hash, and nothing else.",
    "DELETE FROM event WHERE sequence = 3": "Event 3 is missing.",
    "DELETE FROM event WHERE sequence BETWEEN 1 AND 4": "Events 1 to 4 are missing.",
    "DELETE FROM event WHERE sequence = 6": "The ledger ends at event 5, but its head names 6.",
    "DELETE FROM event": "The ledger ends at event 0, but its head names 6.",
    "UPDATE event SET sequence = 7 WHERE sequence = 5": "What was recorded as event 5 stands as event 7: it was",
    "DELETE FROM event WHERE sequence = 2; UPDATE event SET sequence = sequence - 1 WHERE sequence > 2":
        "Event 2 is missing, and those after were numbered anew.",
    "UPDATE event SET sequence = -5 WHERE sequence = 3; UPDATE event SET sequence = 3 WHERE sequence = 4; "
    "UPDATE event SET sequence = 4 WHERE sequence = -5":
        "What was recorded as event 3 stands as event 4: the order was changed.",
    "DELETE FROM ledger_head": "The ledger has no head.",
    "DELETE FROM block": "a block is missing: offers (opt_out), ordered by event ",
    "UPDATE block SET since = (SELECT max(at) FROM event) WHERE event_sequence = 2":
        "a block was changed: offers (opt_out), ordered by event 2, in since.",
    "UPDATE consent SET confirmed = true": "a consent was changed: offers, ordered by event ",
    "DELETE FROM consent": "a consent is missing: offers, ordered by event ",
}  # fmt: skip


@pytest.mark.parametrize("statements", TAMPERINGS)
def test_g18_verify_names_what_was_tampered_with(filled: Database, statements: str):
    with intruder(filled) as session:
        for statement in statements.split("; "):
            session.execute(text(statement))
    assert TAMPERINGS[statements] in (fault(filled) or "")


def test_g18_an_event_put_in_among_others_is_named(filled: Database):
    with intruder(filled) as session:
        for number in (6, 5, 4):
            session.execute(text(f"UPDATE event SET sequence = {number + 1} WHERE sequence = {number}"))
        columns = (
            "address_key, family_key, kind, scope, door, at, recorded_at, source, evidence, policy_version, "
            "confirmed, details, hash"
        )
        session.execute(text(f"INSERT INTO event SELECT 4, {columns} FROM event WHERE sequence = 1"))
    assert fault(filled) == "What was recorded as event 4 stands as event 5: event 4 was put in."


def test_g18_a_fault_shows_no_address_and_no_key(filled: Database, pepper: Pepper):
    with intruder(filled) as session:
        session.execute(text("DELETE FROM block"))
    said = fault(filled) or ""
    prefix = said.removeprefix("Of person ").partition("…")[0]
    assert len(prefix) == 8
    assert "example" not in said


def test_g18_what_cannot_even_be_read_is_named(filled: Database):
    if filled.dialect == "postgresql":
        pytest.skip("PostgreSQL keeps nothing in a column that its type cannot be")
    with intruder(filled) as session:
        session.execute(text("UPDATE event SET at = 'yesterday' WHERE sequence = 5"))
    assert "Event 5 cannot be read" in (fault(filled) or "")
    with intruder(filled) as session:
        session.execute(
            text("UPDATE event SET at = recorded_at, address_key = CAST(x'c328' AS TEXT) WHERE sequence = 5")
        )
    assert "Event 5 cannot be read" in (fault(filled) or "")


def test_g18_a_row_that_is_drawn_from_the_ledger_and_cannot_be_read_is_told(filled: Database):
    if filled.dialect == "postgresql":
        pytest.skip("PostgreSQL keeps nothing in a column that its type cannot be")
    with intruder(filled) as session:
        session.execute(text("UPDATE block SET since = 'yesterday' WHERE event_sequence = 2"))
    assert "cannot be read" in (fault(filled) or "")


def test_g18_a_pause_that_was_taken_away_is_missed(filled: Database, pepper: Pepper, noon: datetime):
    keys = add(filled, pepper, noon)
    until = (noon + timedelta(days=30)).isoformat()
    pause = fact(keys, Kind.PAUSE, "updates", at=noon, confirmed=True, details={"until": until})
    rhythm = fact(keys, Kind.RHYTHM, "everything", at=noon, confirmed=True, details={"days": 7})
    with filled.writing() as session:
        record(session, [own(pause), own(rhythm)], at=noon)
    assert fault(filled) is None
    with intruder(filled) as session:
        session.execute(text("UPDATE rhythm SET days = 30"))
    assert "a rhythm was changed: all mail, in days" in (fault(filled) or "")
    with intruder(filled) as session:
        session.execute(text("DELETE FROM pause"))
    assert "a pause is missing: updates" in (fault(filled) or "")


def add(database: Database, pepper: Pepper, noon: datetime) -> AddressKeys:
    with database.writing() as session:
        return add_permitted(session, pepper, "kim@example.org", "updates", at=noon)


def own(each: Fact) -> Fact:
    """The same fact from the person's own page."""
    return Fact(**{**vars(each), "door": Door.PREFERENCES})


def test_g18_a_forged_release_is_named_though_its_hashes_are_right(filled: Database):
    """What record() would have refused: an import that lifts an opt-out."""
    forged = (
        "UPDATE event SET kind = 'release', door = 'import', details = '{\"reason\": \"opt_out\"}' WHERE sequence = 6"
    )
    with intruder(filled) as session:
        session.connection().exec_driver_sql(forged)
        rewrite(session)
    assert "Event 6 was not recorded by this program" in (fault(filled) or "")


def test_g18_a_door_that_is_none_is_named_though_its_hashes_are_right(filled: Database):
    with intruder(filled) as session:
        session.execute(text("UPDATE event SET door = 'window' WHERE sequence = 6"))
        rewrite(session)
    assert fault(filled) == "Event 6 is of a kind, or came by a door, that this program does not know."


def test_g18_an_anchor_holds_while_the_ledger_only_grows(filled: Database, pepper: Pepper, noon: datetime):
    kept = anchor(filled, noon)
    add(filled, pepper, noon)
    assert fault_with(filled, kept, anchor(filled, noon)) == "nothing"


def test_g18_an_end_that_was_cut_off_together_with_the_head_is_found_by_the_anchor_alone(filled: Database, noon):
    kept = anchor(filled, noon)
    with intruder(filled) as session:
        session.execute(text("DELETE FROM event WHERE sequence = 6"))
        session.execute(text("DELETE FROM block WHERE event_sequence = 6"))
        rewrite(session)
    assert fault(filled) is None  # the negative control: within the database there is nothing left to find
    assert (
        fault_with(filled, kept)
        == "The end of the ledger was cut off: it held 6 events on 2026-11-22 12:00 UTC, and now holds 5."
    )


def test_g18_history_that_was_rewritten_before_the_anchor_is_found_by_the_anchor_alone(filled: Database, noon):
    kept = anchor(filled, noon)
    with intruder(filled) as session:
        session.execute(text("UPDATE event SET evidence = 'on the telephone' WHERE sequence = 4"))
        rewrite(session)
    assert fault(filled) is None
    assert "The ledger was rewritten: event 6 or one before it" in fault_with(filled, kept)


def test_g18_of_several_anchors_the_first_broken_one_is_named(filled: Database, pepper: Pepper, noon: datetime):
    kept = [anchor(filled, noon)]
    add(filled, pepper, noon)
    kept.append(anchor(filled, noon))
    with intruder(filled) as session:
        session.execute(text("UPDATE event SET evidence = 'on the telephone' WHERE sequence = 7"))
        rewrite(session)
    assert "event 7 or one before it" in fault_with(filled, *kept)


def test_g18_the_anchor_of_another_ledger_proves_nothing_and_says_so(filled: Database, noon: datetime):
    kept = anchor(filled, noon)
    other = Anchor("0123456789abcdef", 6, bytes(32), noon)
    longer = Anchor("0123456789abcdef", 60, bytes(32), noon)
    assert "another ledger" in fault_with(filled, kept, other)
    assert "another ledger" in fault_with(filled, longer)


def test_an_empty_ledger_has_an_anchor_that_any_later_one_keeps(database: Database, pepper: Pepper, noon: datetime):
    kept = anchor(database, noon)
    assert (kept.events, fault_with(database, kept)) == (0, "nothing")
    add(database, pepper, noon)
    assert fault_with(database, kept) == "nothing"


def test_a_ledger_without_a_head_has_no_anchor(database: Database, noon: datetime):
    with intruder(database) as session:
        session.execute(text("DELETE FROM ledger_head"))
    with pytest.raises(Conflict, match="no head"):
        anchor(database, noon)
    with database.writing() as session:
        begin_ledger(session)
    assert anchor(database, noon).events == 0
