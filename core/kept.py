"""Statements that are asked thousands of times a second: spelt out once, with nothing left open but named values.

PostgreSQL plans a statement of 35 parameters two to three times as slowly as the same one with its constants written
out, and SQLAlchemy works out anew for each call what it could keep: here the driver is asked, in SQLAlchemy's own
transaction, and what goes wrong is told in its words.

Lists go as one value each, so that a statement stays the same however many are asked about. PostgreSQL reads arrays of
its own; SQLite reads JSON, in which no key can stand: keys go as one BLOB, end to end.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Integer,
    LargeBinary,
    Select,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import QueryableAttribute, Session
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse
from sqlalchemy.types import TypeEngine

from core.database import Moment

Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
KEY_BYTES = 32


class Kept:
    """One statement; `names` are the values that each asking gives, all else in it is a constant."""

    def __init__(self, statement: Question, names: Iterable[str], dialect: Dialect) -> None:
        self._spelt = spelt_out(statement, frozenset(names), dialect)
        kinds = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
        readers = [kind.result_processor(dialect, None) for kind in kinds] if dialect.name == "sqlite" else []
        self._readers = readers if any(readers) else []

    def rows(self, session: Session, given: Mapping[str, Any]) -> Sequence[Any]:
        """Ask; moments are aware, and keys a list."""
        return self.ahead(session, given)()

    def ahead(self, session: Session, given: Mapping[str, Any]) -> "Rows":
        """Ask, and look at the answer later: within `at_once` nothing is waited for before."""
        return told(session, self._spelt, given, self._readers)


def spelt_out(statement: Question, names: frozenset[str], dialect: Dialect) -> str:
    """The statement as the driver takes it: constants as literals, a named place for each of `names`."""

    def opened(element: ExternallyTraversible, **_: Any) -> ExternallyTraversible | None:
        if isinstance(element, BindParameter) and element.key in names:
            return literal_column(_place(element.key), element.type)
        return None

    with_places = replacement_traverse(statement, {}, opened)
    text = str(with_places.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))  # type: ignore[attr-defined]  # a select can be compiled
    for name in names:
        text = text.replace(_place(name), f":{name}" if dialect.name == "sqlite" else f"%({name})s")
    return text


def listed(name: str, kind: TypeEngine[Any], dialect: Dialect) -> FromClause:
    """The list that a kept statement is given as `name`, as a table: each `member`, and its `turn`."""
    given: Any = bindparam(name)
    if dialect.name == "postgresql":
        unfolded = func.unnest(cast(given, ARRAY(kind)))
        return unfolded.table_valued("member", with_ordinality="turn").render_derived(name="asked")
    if isinstance(kind, LargeBinary):
        zeros = func.replace(func.hex(func.zeroblob(func.length(given, type_=Integer) // KEY_BYTES)), "00", "0,")
        each = func.json_each(literal("[") + func.rtrim(zeros, ",") + "]").table_valued("key")
        member: ColumnElement[Any] = func.substr(given, 1 + KEY_BYTES * each.c.key, KEY_BYTES, type_=kind)
    else:
        each = func.json_each(given).table_valued("key", "value")
        member = each.c.value
    return select(member.label("member"), each.c.key.label("turn")).subquery("asked")


def among(column: QueryableAttribute[Any], name: str, dialect: Dialect) -> ColumnElement[bool]:
    """Whether a column is in the list that a kept statement is given as `name`."""
    if dialect.name == "postgresql":
        given: Any = bindparam(name)
        return column == any_(cast(given, ARRAY(column.type)))
    return column.in_(select(listed(name, column.type, dialect).c.member))


Rows = Callable[[], Sequence[Any]]
"""Gives the rows of an answer, with a name for each column."""


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Send what is told and asked ahead in this block without waiting for answers; they are there at its end.

    On PostgreSQL one round trip for all of it. Nothing but `tell`, `tell_postgresql` and `ahead` may be within.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    session.flush()
    with _as_sqlalchemy_says(connection, "at once"), _driver(connection).pipeline():
        yield


def ask_postgresql(session: Session, sql: str, **given: Any) -> Sequence[Any]:
    """Ask what is spelt by hand for PostgreSQL, many rows in one statement; lists go as `array_text`."""
    return told(session, sql, given)()


def tell_postgresql(session: Session, sql: str, **given: Any) -> None:
    """Do what is spelt by hand for PostgreSQL, to many rows in one statement; lists go as `array_text`."""
    told(session, sql, given)


def told(session: Session, sql: str, given: Mapping[str, Any], readers: Sequence["Reader | None"] = ()) -> Rows:
    """Ask the driver; `readers` make of SQLite's values what they mean, a column each."""
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return _told_sqlite(connection, sql, given, readers)
    values = {name: array_text(value) if isinstance(value, list) else value for name, value in given.items()}

    def rows() -> Sequence[Any]:
        with _as_sqlalchemy_says(connection, sql):
            found: Sequence[Any] = cursor.fetchall()
            return found

    with _as_sqlalchemy_says(connection, sql):
        cursor = _driver(connection).cursor(row_factory=_driver_module(connection).rows.namedtuple_row)
        cursor.execute(sql, values)
    return rows


Reader = Callable[[Any], Any]


def _told_sqlite(connection: Connection, sql: str, given: Mapping[str, Any], readers: Sequence[Reader | None]) -> Rows:
    values = {name: _sqlite_value(value) for name, value in given.items()}
    with _as_sqlalchemy_says(connection, sql):
        cursor = _driver(connection).execute(sql, values)
        found = cursor.fetchall()
    if readers:
        found = [[read(value) if read else value for read, value in zip(readers, row, strict=True)] for row in found]
    named = _row_of(tuple(column[0] for column in cursor.description or ()))
    return lambda: list(map(named, found))


@lru_cache(maxsize=256)
def _row_of(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    row = namedtuple("row", list(names))  # type: ignore[misc]  # noqa: PYI024 - columns, known when they come
    made: Callable[[Iterable[Any]], Any] = row._make
    return made


_SQLITE = sqlite.dialect()
sqlite_moment: Any = Moment().dialect_impl(_SQLITE).bind_processor(_SQLITE)
"""A moment as SQLite keeps it."""


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return sqlite_moment(value)
    if not isinstance(value, list):
        return value
    return end_to_end(value) if value and isinstance(value[0], bytes) else json.dumps(value)


def end_to_end(keys: Sequence[bytes]) -> bytes:
    """Keys as one BLOB, from which SQLite cuts them again."""
    if set(map(len, keys)) - {KEY_BYTES}:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return b"".join(keys)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _driver_module(connection: Connection) -> Any:
    return connection.dialect.loaded_dbapi


@contextmanager
def _as_sqlalchemy_says(connection: Connection, sql: str) -> Iterator[None]:
    """Tell what the driver says as SQLAlchemy does; a connection that is gone is never used again."""
    errors = _driver_module(connection).Error
    try:
        yield
    except errors as error:
        dialect, gone = connection.dialect, False
        if dialect.is_disconnect(error, _driver(connection), None):
            gone = True
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, errors, hide_parameters=True, connection_invalidated=gone, dialect=dialect
        ) from error


def array_text(values: Sequence[Any]) -> str:
    """Values as PostgreSQL writes an array of them: psycopg's own way costs as much as what is asked."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {bytes}:
        return "{" + ",".join([f'"\\\\x{each.hex()}"' for each in values]) + "}"
    spelt = {value: _member(value) for value in set(values)}  # states, replies and moments repeat
    return "{" + ",".join([spelt[each] for each in values]) + "}"


def _member(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, int):
        return str(value)
    said = value.isoformat() if isinstance(value, datetime) else str(value)
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _place(name: str) -> str:
    return f"heedful_place_of_{name}_"
