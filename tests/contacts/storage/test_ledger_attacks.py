"""Hand-written SQL against events, blocks, consents and the head: refused, and found by verify without the guard."""

from datetime import datetime
from typing import NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contacts.domain.addresses import Pepper, read_address
from contacts.domain.facts import Kind
from contacts.storage.ledger import record
from core.database import Database
from tests.contacts.intruders import fault, guards, unguard
from tests.contacts.people import add_permitted, fact

EVENT = (
    "address_key, family_key, kind, scope, door, at, recorded_at, source, evidence, policy_version, confirmed, "
    "details, hash"
)
BLOCK = "address_key, scope, reason, rank, family_key, event_sequence, since"


class Attack(NamedTuple):
    """A statement, the table whose guard refuses it, and what verify says where that guard is away."""

    sql: str
    table: str
    found: str
    only: str = "sqlite postgresql"


ATTACKS = {
    "event changed": Attack("UPDATE event SET kind = 'hold' WHERE sequence = 2", "event", "kind, which was opt_out"),
    "event removed": Attack("DELETE FROM event WHERE sequence = 3", "event", "Event 3 is missing"),
    "last event removed": Attack("DELETE FROM event WHERE sequence = 7", "event", "ends at event 6"),
    "event numbered anew": Attack("UPDATE event SET sequence = 70 WHERE sequence = 5", "event", "stands as event 70"),
    "event put in with a gap": Attack(
        f"INSERT INTO event SELECT 100, {EVENT} FROM event WHERE sequence = 1", "event", "Events 8 to 99 are missing"
    ),
    "event put in before the first": Attack(
        f"INSERT INTO event SELECT 0, {EVENT} FROM event WHERE sequence = 1", "event", "Event 0 was put in"
    ),
    "block changed": Attack("UPDATE block SET scope = 'tracking' WHERE scope = 'offers'", "block", "missing: offers"),
    "block weakened": Attack("UPDATE block SET family_key = address_key", "block", "in family_key"),
    "block dated anew": Attack("UPDATE block SET event_sequence = event_sequence - 1", "block", "event_sequence"),
    "block removed": Attack("DELETE FROM block", "block", "missing"),
    "block removed that a release of another scope names": Attack(
        "DELETE FROM block WHERE scope = 'everything'", "block", "missing: everything (complaint), ordered by event"
    ),
    "block without an event": Attack(
        "INSERT INTO block SELECT address_key, scope, 'child', 0, family_key, event_sequence, since FROM block "
        "WHERE scope = 'offers' LIMIT 1", "block", "a block stands that no event orders: offers (child)"
    ),
    "block on another person": Attack(
        "INSERT INTO block SELECT (SELECT family_key FROM contact ORDER BY family_key DESC LIMIT 1), scope, reason, "
        "rank, family_key, event_sequence, since FROM block LIMIT 1", "block", "a block stands that no event orders"
    ),
    "upsert over a block": Attack(
        f"INSERT INTO block ({BLOCK}) SELECT {BLOCK} FROM block WHERE true ON CONFLICT (address_key, scope, reason) "
        "DO UPDATE SET rank = 9", "block", "in rank", "postgresql"
    ),
    "truncate blocks": Attack("TRUNCATE block", "block", "missing", "postgresql"),
    "truncate events": Attack("TRUNCATE event", "event", "ends at event 0", "postgresql"),
    "truncate the head": Attack("TRUNCATE ledger_head", "ledger_head", "no head", "postgresql"),
    "truncate by way of all": Attack("TRUNCATE event, block, ledger_head", "event block ledger_head", "no head",
                                     "postgresql"),
    "update or replace": Attack("UPDATE OR REPLACE event SET sequence = 3 WHERE sequence = 2", "event",
                                "stands as event 3", "sqlite"),
    "insert or replace an event": Attack(
        f"INSERT OR REPLACE INTO event SELECT 3, {EVENT} FROM event WHERE sequence = 4", "event", "Event 3 was changed",
        "sqlite"
    ),
    "insert or replace an event by its row number": Attack(
        f"INSERT OR REPLACE INTO event (rowid, sequence, {EVENT}) SELECT 3, 8, {EVENT} FROM event WHERE sequence = 7",
        "event", "Event 3 is missing", "sqlite"
    ),
    "insert or replace a block by its row number": Attack(
        f"INSERT OR REPLACE INTO block (rowid, {BLOCK}) SELECT rowid, address_key, 'sharing', 'opt_out', 5, "
        "family_key, event_sequence, since FROM block WHERE scope = 'offers'", "block", "missing: offers (opt_out)",
        "sqlite"
    ),
    "head moved back": Attack("UPDATE ledger_head SET sequence = 5", "ledger_head", "its head names 5"),
    "head moved on": Attack("UPDATE ledger_head SET sequence = 50", "ledger_head", "its head names 50"),
    "head changed": Attack(
        "UPDATE ledger_head SET hash = (SELECT hash FROM event WHERE sequence = 1)", "ledger_head", "The head's hash"
    ),
    "head removed": Attack("DELETE FROM ledger_head", "ledger_head", "no head"),
    "head replaced": Attack(
        "INSERT OR REPLACE INTO ledger_head SELECT 1, 5, hash FROM event WHERE sequence = 5", "ledger_head",
        "its head names 5", "sqlite"
    ),
    "consent invented": Attack(
        "INSERT INTO consent SELECT address_key, 'research', basis, source, policy_version, confirmed, event_sequence, "
        "since, given_at, lapses_at FROM consent LIMIT 1", "consent", "a consent stands that no event orders: research"
    ),
    "consent made the person's own": Attack(
        "UPDATE consent SET confirmed = NOT confirmed", "consent", "in confirmed"
    ),
    "consent that never lapses": Attack(
        "UPDATE consent SET lapses_at = given_at", "consent", "in lapses_at"
    ),
}  # fmt: skip


@pytest.fixture
def filled(database: Database, pepper: Pepper, noon: datetime) -> Database:
    """Three people who said yes and then stop; one of them complained as well: seven events."""
    with database.writing() as session:
        for written in ("ann@example.org", "bob@example.org", "eve@example.org"):
            keys = add_permitted(session, pepper, written, "offers", at=noon)
            record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
        keys = pepper.keys(read_address("eve@example.org"))
        record(session, [fact(keys, Kind.COMPLAINT, "everything", at=noon)], at=noon)
    return database


def strike(database: Database, attack: Attack, *, unguarded: bool) -> None:
    if database.dialect not in attack.only:
        pytest.skip(f"this is no SQL of {database.dialect}")
    with database.writing() as session:
        if database.dialect == "sqlite":  # any program that opens the file may do so
            session.connection().exec_driver_sql("PRAGMA recursive_triggers=OFF")
        if unguarded:
            unguard(session, *attack.table.split())
        session.execute(text(attack.sql))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_g18_the_database_itself_refuses(filled: Database, attack: Attack):
    with pytest.raises(DBAPIError, match="refused"):
        strike(filled, attack, unguarded=False)
    assert (fault(filled), guards(filled)) == (None, [])


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_g18_without_its_guard_the_same_statement_goes_through_and_verify_finds_it(filled: Database, attack: Attack):
    """The negative control of each guard; that the guard is away is found as well."""
    strike(filled, attack, unguarded=True)
    assert attack.found in (fault(filled) or "nothing")
    assert guards(filled)
