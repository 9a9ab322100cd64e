"""Statements kept as text: nothing is open in them but their names, and they ask what SQLAlchemy would ask."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.exc import DBAPIError, OperationalError

from contacts.storage.contacts import Contact
from contacts.storage.topics import Topic
from core.database import Database, Key
from core.kept import Kept, among, ask_postgresql, at_once, listed, spelt_out, tell_postgresql

AWKWARD = "50 % of it's “yours” \\ :name %(name)s"


def test_constants_are_spelt_out_and_names_stay_open():
    text = spelt_out(
        select(Topic.id).where(Topic.name.in_(["a", "it's"]), Topic.id > bindparam("least")),
        frozenset({"least"}),
        psycopg_dialect(),
    )
    assert "IN ('a', 'it''s')" in text
    assert text.endswith("topic.id > %(least)s")


def test_awkward_constants_and_values_arrive_as_they_are(database: Database):
    named = (
        func.length(bindparam("said", type_=Topic.title.type)) if database.dialect == "sqlite" else bindparam("said")
    )
    statement = Kept(
        select(literal(AWKWARD).label("constant"), named.label("named")), ["said"], database.engine.dialect
    )
    with database.reading() as session:
        for said in (AWKWARD, "", "'; DROP TABLE topic; --"):
            (row,) = statement.rows(session, {"said": said})
            assert row.constant == AWKWARD
            assert row.named == (len(said) if database.dialect == "sqlite" else said)


def test_keys_of_any_bytes_survive_the_list_in_their_order(database: Database):
    keys = [bytes(range(32)), bytes(32), b'"\\,{}NULL'.ljust(32), b"\xff" * 32]
    asked = listed("keys", Key, database.engine.dialect)
    statement = Kept(select(asked.c.member, asked.c.turn).order_by(asked.c.turn), ["keys"], database.engine.dialect)
    with database.reading() as session:
        for given in (keys, keys[:1], []):
            assert [bytes(row.member) for row in statement.rows(session, {"keys": given})] == given
        if database.dialect == "sqlite":  # where one that was shorter would shift all behind it
            with pytest.raises(ValueError, match="32 bytes"):
                statement.rows(session, {"keys": [b"k" * 31, b"k" * 33]})


def test_numbers_and_keys_are_found_among_a_list(database: Database):
    dialect = database.engine.dialect
    numbered = Kept(select(Topic.id).where(among(Topic.id, "ids", dialect)), ["ids"], dialect)
    keyed = Kept(select(Contact.id).where(among(Contact.address_key, "keys", dialect)), ["keys"], dialect)
    with database.reading() as session:
        ids = sorted(session.scalars(select(Topic.id)))
        assert len(ids) > 1
        assert sorted(row.id for row in numbered.rows(session, {"ids": [*ids, 10**6]})) == ids
        assert numbered.rows(session, {"ids": []}) == keyed.rows(session, {"keys": [b"n" * 32]}) == []


def test_an_array_keeps_every_text_number_and_moment(postgresql_url: str):
    database = Database(postgresql_url)
    texts = ["", 'a "quoted" one', "back\\slash", "{a,b}", "NULL", "ümläut • “”", "two\nlines", None]
    numbers, moments = [1, -5, 2**40, None], [datetime(2026, 11, 22, 12, 30, 1, 5, tzinfo=UTC), None]
    kinds = {"texts": "text[]", "numbers": "bigint[]", "moments": "timestamptz[]"}
    sql = "SELECT " + ", ".join(f"CAST(%({name})s AS {kind}) AS {name}" for name, kind in kinds.items())
    with database.reading() as session:
        (row,) = ask_postgresql(session, sql, texts=texts, numbers=numbers, moments=moments)
    database.close()
    assert (row.texts, row.numbers) == (texts, numbers)
    assert [each and each.astimezone(UTC) for each in row.moments] == moments


def test_what_is_asked_at_once_is_there_when_the_block_ends_and_one_error_undoes_all_of_it(postgresql_url: str):
    database = Database(postgresql_url)
    number = Kept(select(literal(7).label("number")), [], database.engine.dialect)
    with database.writing() as session, at_once(session):
        tell_postgresql(session, "CREATE TABLE told (number integer PRIMARY KEY)")
        tell_postgresql(session, "INSERT INTO told VALUES (1)")
        rows = number.ahead(session, {})
    assert [row.number for row in rows()] == [7]
    with pytest.raises(DBAPIError, match="duplicate key"):
        _insert(database, 2, 1)
    with database.writing() as session:
        assert [row.number for row in ask_postgresql(session, "SELECT number FROM told")] == [1]
        tell_postgresql(session, "DROP TABLE told")
    database.close()


@pytest.mark.parametrize("ask", [ask_postgresql, tell_postgresql])
def test_an_ended_session_is_told_as_sqlalchemy_tells_it_and_never_used_again(postgresql_url: str, ask):
    database = Database(postgresql_url)
    with database.writing() as session:
        with pytest.raises(OperationalError) as told:
            ask(session, "SELECT pg_terminate_backend(pg_backend_pid())")
        assert told.value.connection_invalidated
        session.rollback()
    with database.reading() as session:
        assert ask_postgresql(session, "SELECT 1 AS one")[0].one == 1
    database.close()


def _insert(database: Database, *numbers: int) -> None:
    with database.writing() as session, at_once(session):
        for number in numbers:
            tell_postgresql(session, "INSERT INTO told VALUES (%(number)s)", number=number)
