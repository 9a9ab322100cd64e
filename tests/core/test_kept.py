"""Statements kept as text: nothing is open in them but their names, and they ask what SQLAlchemy would ask."""

from datetime import UTC, datetime

from sqlalchemy import ARRAY, LargeBinary, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect

from contacts.storage.topics import Topic
from core.database import Database
from core.kept import Kept, array_text, ask_postgresql, spelt_out

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


def test_any_bytes_survive_the_array(database: Database):
    keys = [bytes(range(256)), b"", b'"\\,{}NULL', b"\xff" * 32]
    if database.dialect == "sqlite":
        assert array_text(keys[1:2]) == '{"\\\\x"}'
        return
    statement = Kept(
        select(func.unnest(cast(bindparam("keys"), ARRAY(LargeBinary))).label("key")),
        ["keys"],
        database.engine.dialect,
    )
    with database.reading() as session:
        assert [bytes(row.key) for row in statement.rows(session, {"keys": keys})] == keys


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
