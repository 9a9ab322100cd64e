"""Many rows in one statement: what is written to them is what SQLAlchemy reads, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core.database import Database, Json, Key, Moment
from core.kept import Kept
from core.many import Many

METADATA = MetaData()
GUESTS = Table(
    "guest",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", Key),
    Column("name", String(40)),
    Column("since", Moment),
    Column("until", Moment),
    Column("said", Json),
)
BRING = Many(
    """
    INSERT INTO guest (id, key, name, since, until)
    SELECT id, own, name, since, %(until)s FROM {given}
    RETURNING id, name
    """,
    id="bigint",
    own="bytea",
    name="varchar",
    since="timestamptz",
)
RENAME = Many("UPDATE guest SET name = given.name FROM {given} WHERE guest.id = given.id", id="bigint", name="varchar")
NAMES = ["", 'a "quoted" one', "back\\slash", "['a', {}]", "NULL", "ümläut • “”", "two\nlines", ":id %(id)s", None]
EAST = timezone(timedelta(hours=9))
SINCE = [datetime(2026, 11, 22, 12, 30, each, each * 5, tzinfo=EAST) for each in range(len(NAMES) - 1)]
KEYS = [bytes([each]) * 32 for each in range(len(NAMES))]
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def guests(database: Database) -> Database:
    METADATA.create_all(database.engine)
    rows: dict[str, list[Any]] = {
        "id": list(range(1, len(NAMES) + 1)),
        "own": KEYS,
        "name": NAMES,
        "since": [*SINCE, None],
    }
    with database.writing() as session:
        brought = BRING.ask(session, rows, until=UNTIL)
        assert {row.id: row.name for row in brought} == dict(enumerate(NAMES, 1))
    return database


def test_what_is_written_is_read_by_sqlalchemy_as_it_was_meant(guests: Database):
    with guests.reading() as session:
        found = session.execute(select(*GUESTS.c["key", "name", "since", "until"]).order_by(GUESTS.c.id)).all()
    expected = zip(KEYS, NAMES, [*SINCE, None], [UNTIL] * len(NAMES), strict=True)
    assert [tuple(row) for row in found] == list(expected)


def test_what_sqlalchemy_wrote_is_read_by_a_kept_statement_as_it_was_meant(guests: Database):
    said = {"a": [1, None, "ü"]}
    kept = Kept(select(*GUESTS.c["since", "said"]).where(GUESTS.c.id == 50), [], guests.engine.dialect)
    with guests.writing() as session:
        session.execute(insert(GUESTS).values(id=50, since=SINCE[3], said=said))
        (row,) = kept.rows(session, {})
    assert (row.since, row.said) == (SINCE[3], said)


def test_rows_that_are_not_there_are_left_alone_and_no_rows_are_nothing(guests: Database):
    with guests.writing() as session:
        RENAME.tell(session, {"id": [2, 99], "name": ["Ann", "Ben"]})
        RENAME.tell(session, {"id": [], "name": []})
        names = list(session.scalars(select(GUESTS.c.name).order_by(GUESTS.c.id)))
    assert names == [NAMES[0], "Ann", *NAMES[2:]]


def test_an_error_is_told_in_sqlalchemys_words_and_undoes_all(guests: Database):
    rows: dict[str, list[Any]] = {"id": [70, 1], "own": KEYS[:2], "name": NAMES[:2], "since": SINCE[:2]}
    with pytest.raises(IntegrityError), guests.writing() as session:
        BRING.ask(session, rows, until=UNTIL)
    with guests.reading() as session:
        assert session.scalar(select(GUESTS.c.id).where(GUESTS.c.id == 70)) is None


def test_naive_moments_and_text_that_is_none_are_refused(guests: Database):
    """Never kept as something else than was meant."""
    with guests.writing() as session:
        with pytest.raises((DBAPIError, UnicodeEncodeError)):
            _rename(session, "\ud800")
        session.rollback()
    if guests.dialect == "sqlite":
        rows: dict[str, list[Any]] = {"id": [70], "own": KEYS[:1], "name": NAMES[:1], "since": [datetime(2026, 11, 22)]}
        with guests.writing() as session, pytest.raises(ValueError, match="time zone"):
            BRING.ask(session, rows, until=UNTIL)


def _rename(session: Session, name: str) -> None:
    RENAME.tell(session, {"id": [1], "name": [name]})
