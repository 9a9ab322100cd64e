"""The ledger: triggers refuse every change, and verify finds what got past them."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contacts.domain.addresses import Pepper
from contacts.domain.facts import Kind
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.ledger import record
from contacts.storage.permits import Permit
from core.database import Database
from tests.contacts.people import add_permitted, fact


@pytest.fixture
def filled(database: Database, pepper: Pepper, noon: datetime) -> Database:
    with database.writing() as session:
        for written in ("ann@example.org", "bob@example.org", "eve@example.org"):
            keys = add_permitted(session, pepper, written, "offers", at=noon)
            record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
    return database


def fault(database: Database) -> str | None:
    with database.reading() as session:
        return verify_ledger(session).fault


def test_an_untouched_ledger_verifies(filled: Database):
    with filled.reading() as session:
        assert verify_ledger(session).events == 6
    assert fault(filled) is None


FORBIDDEN = [
    "UPDATE event SET scope = 'everything' WHERE sequence = 2",
    "DELETE FROM event WHERE sequence = 2",
    "DELETE FROM event",
    "UPDATE policy_rule SET basis = 'notice'",
    "DELETE FROM policy",
    "DELETE FROM permit",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_g18_court_facts_are_never_changed_or_removed(filled: Database, noon, pepper, statement):
    with filled.writing() as session:
        permit = Permit(message_id=1, address_key=bytes(32), scope="offers", sender_id=1, granted_at=noon)
        session.add(permit)
    with pytest.raises(DBAPIError, match="refused"), filled.writing() as session:
        session.execute(text(statement))
    assert fault(filled) is None


def test_g18_truncate_and_replace_are_refused(filled: Database):
    replace = "INSERT OR REPLACE INTO event SELECT * FROM event WHERE sequence = 2"
    truncate = "TRUNCATE event"
    with pytest.raises(DBAPIError, match="refused"), filled.writing() as session:
        session.execute(text(replace if filled.dialect == "sqlite" else truncate))
    if filled.dialect == "postgresql":
        with pytest.raises(DBAPIError, match="refused"), filled.writing() as session:
            session.execute(text("SET session_replication_role = replica; DELETE FROM event"))
    assert fault(filled) is None


TAMPERINGS = {
    "UPDATE event SET scope = 'research' WHERE sequence = 2": "Event 2 was changed",
    "DELETE FROM event WHERE sequence = 3": "Event 3 is missing",
    "DELETE FROM event WHERE sequence = 6": "ends at event 5",
    "DELETE FROM block": "3 blocks that the ledger orders are missing",
    "UPDATE consent SET confirmed = true": "does not give",
    "DELETE FROM consent": "3 consents",
    "UPDATE event SET sequence = 7 WHERE sequence = 5": "Event 5 is missing",
}


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_g18_verify_names_what_was_tampered_with(filled: Database, statement):
    """The guards are removed first, as an intruder with the owner's rights would: what is left is the chain."""
    with filled.writing() as session:
        if filled.dialect == "postgresql":
            session.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        else:
            for trigger in ("event_no_update", "event_no_delete", "event_again"):
                session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text(statement))
    assert TAMPERINGS[statement] in (fault(filled) or "")
