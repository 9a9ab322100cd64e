"""What only PostgreSQL has, as the database's owner and superuser: refused, or found by verify."""

from datetime import datetime

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contacts.domain.addresses import Pepper
from contacts.domain.facts import Kind
from contacts.storage.ledger import record
from core.database import Database
from tests.contacts.intruders import fault, guards
from tests.contacts.people import add_permitted, fact

TABLES = ("event", "block", "consent", "ledger_head")


@pytest.fixture
def filled(postgresql_url: str, pepper: Pepper, noon: datetime):
    database = Database(postgresql_url)
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
    yield database
    database.close()


def do(database: Database, statements: str) -> None:
    with database.writing() as session:
        for statement in statements.split("; "):
            session.execute(text(statement))


@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["event", "block", "ledger_head"])
def test_g18_a_session_that_plays_replica_is_refused_as_well(filled: Database, act: str, table: str):
    with pytest.raises(DBAPIError, match="refused"):
        do(filled, f"SET LOCAL session_replication_role = replica; {act.format(table)}")
    assert fault(filled) is None


@pytest.mark.parametrize("table", TABLES)
def test_g18_copying_rows_in_is_refused(filled: Database, table: str):
    name = sql.Identifier(table)
    dsn = filled.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(name)) as out:
            rows = b"".join(bytes(row) for row in out)
        if table != "event":  # another row of the same kind: of another scope, or a second head
            rows = rows.replace(b"offers", b"research").replace(b"1\t2\t", b"2\t2\t")
        with (
            pytest.raises(psycopg.errors.RestrictViolation, match="refused"),
            cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as into,
        ):
            into.write(rows)
        connection.rollback()
    assert fault(filled) is None


def test_g18_a_temporary_table_of_the_same_name_deceives_no_guard(filled: Database):
    """Whoever may make temporary tables could show the guard a release that was never recorded."""
    forged = (
        "CREATE TEMPORARY TABLE event AS SELECT * FROM public.event; "
        "UPDATE pg_temp.event SET kind = 'release', sequence = 9, confirmed = true, "
        "details = jsonb_build_object('reason', 'opt_out') WHERE kind = 'opt_out'; "
        "SET LOCAL search_path = pg_temp, public; "
        "DELETE FROM public.block"
    )
    with pytest.raises(DBAPIError, match="refused"):
        do(filled, forged)
    assert fault(filled) is None


def test_g18_a_merge_is_refused(filled: Database):
    merge = (
        "MERGE INTO block USING event ON block.event_sequence = event.sequence "
        "WHEN MATCHED THEN UPDATE SET scope = 'tracking'"
    )
    with filled.reading() as session:
        if session.scalar(text("SELECT current_setting('server_version_num')::int")) < 150_000:
            pytest.skip("MERGE came with PostgreSQL 15")
    with pytest.raises(DBAPIError, match="refused"):
        do(filled, merge)


FOUND = {
    "ALTER TABLE event ALTER COLUMN evidence TYPE text USING 'on the telephone'": "Event 1 was changed",
    "ALTER TABLE block ALTER COLUMN scope TYPE varchar(60) USING 'research'": "a block is missing: offers (opt_out)",
    "ALTER TABLE event DISABLE TRIGGER USER; DELETE FROM event WHERE sequence = 1; "
    "ALTER TABLE event ENABLE TRIGGER USER": "Event 1 is missing",
    "CREATE RULE nothing AS ON INSERT TO block DO INSTEAD NOTHING": "nothing",
}


@pytest.mark.parametrize("statements", FOUND)
def test_g18_what_the_owner_can_do_past_the_triggers_is_found(filled: Database, statements: str):
    do(filled, statements)
    assert FOUND[statements] in (fault(filled) or "nothing")
    assert fault(filled) or guards(filled)


def test_g18_an_opt_out_that_a_rule_swallowed_is_missed(filled: Database, pepper: Pepper, noon: datetime):
    do(filled, "CREATE RULE nothing AS ON INSERT TO block DO INSTEAD NOTHING")
    with filled.writing() as session:
        keys = add_permitted(session, pepper, "bob@example.org", "offers", at=noon)
        record(session, [fact(keys, Kind.OPT_OUT, "offers", at=noon)], at=noon)
    assert "a block is missing: offers (opt_out), ordered by event 4" in (fault(filled) or "")
