"""The database: reading leaves nothing behind, writing is whole, moments are aware, and nothing is lost to a lock."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from contacts.storage.peppers import Canary
from contacts.storage.topics import Topic, add_standard_topics
from core.database import Database, insert_new
from core.errors import Misconfigured

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_no_database_is_refused(url):
    with pytest.raises(Misconfigured, match="HEEDFUL_DATABASE_URL"):
        Database(url)


def test_reading_can_change_nothing(database: Database):
    try:
        with database.reading() as session:
            session.execute(text("UPDATE topic SET title = 'changed'"))
    except DBAPIError:
        assert database.dialect == "postgresql"
    with database.reading() as session:
        assert "changed" not in set(session.scalars(select(Topic.title)))


def test_writing_is_whole_or_not_at_all(database: Database):
    with pytest.raises(ZeroDivisionError):
        _change_and_fail(database)
    with database.reading() as session:
        assert "changed" not in set(session.scalars(select(Topic.title)))


def _change_and_fail(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE topic SET title = 'changed'"))
        _ = 1 / 0


def test_moments_come_back_in_utc_and_naive_ones_are_refused(database: Database):
    zone = timezone(timedelta(hours=9))
    with database.writing() as session:
        session.add(Topic(name="marketing:t", parent="marketing", title="T", created_at=AT.astimezone(zone)))
    with database.reading() as session:
        kept = session.scalar(select(Topic.created_at).where(Topic.name == "marketing:t"))
    assert kept == AT
    assert kept is not None
    assert kept.tzinfo is UTC
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(Topic(name="u", parent="marketing", title="U", created_at=AT.replace(tzinfo=None)))


def test_two_writers_who_read_first_both_succeed(database: Database):
    """On SQLite a plain BEGIN would fail at once at the second writer's upgrade; BEGIN IMMEDIATE waits."""
    faults: list[Exception] = []

    def bump() -> None:
        try:
            for _ in range(25):
                with database.writing() as session:
                    session.execute(select(Canary.value)).all()
                    session.execute(text("UPDATE topic SET description = description || 'x' WHERE name = 'research'"))
        except DBAPIError as error:
            faults.append(error)

    writers = [threading.Thread(target=bump) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    with database.reading() as session:
        description = session.scalar(select(Topic.description).where(Topic.name == "research"))
    assert description is not None
    assert description.endswith("x" * 100)


def test_insert_new_leaves_what_is_there(database: Database):
    row = {"name": "offers", "parent": "marketing", "title": "Changed", "description": "", "created_at": AT}
    with database.writing() as session:
        assert insert_new(session, Topic, []) == 0
        assert insert_new(session, Topic, [row, row | {"name": "marketing:new"}]) == 1
        add_standard_topics(session, at=AT)
    with database.reading() as session:
        assert session.scalar(select(Topic.title).where(Topic.name == "offers")) == "Special offers"


def test_no_value_of_a_statement_stands_in_an_error(database: Database):
    with pytest.raises(DBAPIError) as refused, database.writing() as session:
        session.execute(text("SELECT no_such_column, :secret"), {"secret": "ann@example.org"})
    assert "ann@example.org" not in str(refused.value)


def test_the_server_soon_notices_that_a_machine_is_gone(postgresql_url: str):
    database = Database(postgresql_url)
    shown = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
    with database.reading() as session:
        query = text("SELECT source FROM pg_settings WHERE name = :name")
        found = {name: session.execute(query, {"name": name}).scalar() for name in shown}
    assert set(found.values()) == {"session"}
    database.close()


def test_we_soon_notice_that_the_server_is_gone_unless_its_address_says_otherwise(postgresql_url: str):
    for more, told in (({}, "10"), ({"keepalives_idle": "77"}, "77")):
        database = Database(make_url(postgresql_url).update_query_dict(more).render_as_string())
        connection: Any = database.engine.raw_connection()
        found = connection.driver_connection.info.get_parameters()
        assert (found["keepalives_idle"], found["tcp_user_timeout"]) == (told, "19000")
        connection.close()
        database.close()
