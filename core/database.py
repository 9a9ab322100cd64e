"""The database for every floor: SQLite on one machine, PostgreSQL to grow, one synchronous engine for both."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import Misconfigured

BUSY_MILLISECONDS = 10_000
OLDEST_SQLITE = (3, 38, 0)
WRITES = "heedful_writes"
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF", "secure_delete=ON")
PATIENCE_MILLISECONDS = 250
KEEP_ALIVE = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 3; SET tcp_keepalives_count = 3; "
    "SET tcp_user_timeout = 19000"
)
OUR_KEEP_ALIVE = {
    "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 19_000,
}  # fmt: skip
"""The same for us: a server that was cut off while we waited for its answer is not waited for by the system's hours."""
PLANNING = "SET random_page_cost = 1.1; SET jit = off"
"""What is asked often lies in memory: its index is asked row by row, not by bitmaps; and no statement is compiled."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every mapped class; constraints get names, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept and given back in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in; SQLite stores no zone, so all of its moments are UTC by this line."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Day(TypeDecorator[datetime]):
    """A moment of which the day in UTC alone is kept, for the column can hold no more; given back as its beginning."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> date | None:
        """The day alone on the way in."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        return value.astimezone(UTC).date() if value else None

    def process_result_value(self, value: date | None, _dialect: Dialect) -> datetime | None:
        """The day's first moment on the way out."""
        return datetime(value.year, value.month, value.day, tzinfo=UTC) if value else None


Json = JSON().with_variant(JSONB(), "postgresql")
Key = LargeBinary(32)
Number = BigInteger().with_variant(Integer(), "sqlite")
"""The type of row numbers that may pass two thousand million; SQLite counts rows only in its own INTEGER."""


class Database:
    """One database and the two ways to talk to it: reading, and writing."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        parsed = _parsed(url)
        self.dialect = cast(Literal["sqlite", "postgresql"], parsed.get_backend_name())
        self.engine = _sqlite(parsed) if self.dialect == "sqlite" else _postgresql(parsed, pool_size)
        self._writer = self.engine.execution_options(**{WRITES: True})
        self._reader = self.engine
        if self.dialect == "postgresql":
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and leaves nothing behind: closing it rolls it back."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed at the end, whole or not at all.

        SQLite takes its write lock at the start (BEGIN IMMEDIATE): a later upgrade would fail at once, not wait.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def empty_log(self) -> bool:
        """Leave nothing of what was deleted in SQLite's write-ahead log; False if somebody is reading from it now.

        PostgreSQL keeps its own: what is deleted leaves its files with the next VACUUM and checkpoints.
        """
        if self.dialect != "sqlite":
            return True
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MILLISECONDS}")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            cursor.close()
        finally:
            connection.close()
        return not busy

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Misconfigured("HEEDFUL_DATABASE_URL is not a database address.") from None
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise Misconfigured("HEEDFUL_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return parsed


def _postgresql(url: URL, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={name: each for name, each in OUR_KEEP_ALIVE.items() if name not in url.query},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let the server notice within 20 s that this machine is gone, and free the rows that it had locked."""
    cursor = connection.cursor()
    cursor.execute(KEEP_ALIVE)
    cursor.execute(PLANNING)
    cursor.close()
    connection.commit()


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Misconfigured(f"SQLite {sqlite3.sqlite_version} is too old; 3.38 or newer is needed.")
    if not url.database or url.database == ":memory:":
        raise Misconfigured("HEEDFUL_DATABASE_URL must name a file: an opt-out is never kept in memory alone.")
    # isolation_level=None: the driver must not begin transactions by itself; `begin` below does
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "isolation_level": None}, hide_parameters=True
    )
    event.listen(engine, "do_connect", lambda *_: _make_private(Path(str(url.database))))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    """A new database can be read by its owner alone; SQLite gives the files beside it the same rights."""
    with suppress(OSError):  # it is there already; or it cannot be made, which connecting tells best
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Durable at each commit (G2), triggers see INSERT OR REPLACE (G18), and what is deleted is overwritten."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        cursor.execute("PRAGMA journal_mode=WAL")
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_new(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that are not there yet (by any unique constraint); the number inserted."""
    if not rows:
        return 0
    dialect = session.get_bind().dialect.name
    statement: Any = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(
        cast(Any, table.__table__)
    ).on_conflict_do_nothing()
    result = cast(
        CursorResult[Any], session.execute(statement, list(rows), execution_options={"preserve_rowcount": True})
    )
    return max(result.rowcount, 0)
