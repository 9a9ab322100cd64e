"""Statements that are asked thousands of times a second: spelt out once, with nothing left open but named values.

PostgreSQL plans a statement of 35 parameters two to three times as slowly as the same one with its constants written
out, and SQLAlchemy works out anew for each call what it could keep: here the driver is asked, in SQLAlchemy's own
transaction, and what goes wrong is told in its words. SQLite does neither, and is asked as usual.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Select, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


class Kept:
    """One statement; `names` are the values that each asking gives, all else in it is a constant."""

    def __init__(self, statement: Question, names: Iterable[str], dialect: Dialect) -> None:
        self._statement = statement
        self._spelt = spelt_out(statement, frozenset(names), dialect) if dialect.name == "postgresql" else ""

    def rows(self, session: Session, given: Mapping[str, Any]) -> Sequence[Any]:
        """Ask; moments are aware, and keys a list."""
        return self.ahead(session, given)()

    def ahead(self, session: Session, given: Mapping[str, Any]) -> "Rows":
        """Ask, and look at the answer later: within `at_once` nothing is waited for before."""
        if self._spelt:
            return _told(session, self._spelt, given)
        if session.autoflush:
            session.flush()
        return session.connection().execute(self._statement, dict(given)).all


def spelt_out(statement: Question, names: frozenset[str], dialect: Dialect) -> str:
    """The statement as psycopg takes it: constants as literals, `%(name)s` for each of `names`."""

    def opened(element: ExternallyTraversible, **_: Any) -> ExternallyTraversible | None:
        if isinstance(element, BindParameter) and element.key in names:
            return literal_column(_place(element.key), element.type)
        return None

    with_places = replacement_traverse(statement, {}, opened)
    text = str(with_places.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))  # type: ignore[attr-defined]  # a select can be compiled
    for name in names:
        text = text.replace(_place(name), f"%({name})s")
    return text


Rows = Callable[[], Sequence[Any]]
"""Gives the rows of an answer, with a name for each column."""


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Send what is told and asked ahead in this block without waiting for answers; they are there at its end.

    On PostgreSQL one round trip for all of it. Nothing but `tell_postgresql` and `Kept.ahead` may be within.
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
    return _told(session, sql, given)()


def tell_postgresql(session: Session, sql: str, **given: Any) -> None:
    """Do what is spelt by hand for PostgreSQL, to many rows in one statement; lists go as `array_text`."""
    _told(session, sql, given)


def _told(session: Session, sql: str, given: Mapping[str, Any]) -> Rows:
    session.flush()
    values = {name: array_text(value) if isinstance(value, list) else value for name, value in given.items()}
    connection = session.connection()

    def rows() -> Sequence[Any]:
        with _as_sqlalchemy_says(connection, sql):
            found: Sequence[Any] = cursor.fetchall()
            return found

    with _as_sqlalchemy_says(connection, sql):
        cursor = _driver(connection).cursor(row_factory=_driver_module(connection).rows.namedtuple_row)
        cursor.execute(sql, values)
    return rows


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
