"""Holding a name: at most one living process holds it, and it falls free the moment that process dies.

PostgreSQL: a session-level advisory lock on a connection of its own. SQLite is one machine: a lock on a file beside
the database. Neither depends on a clock, so a paused process that wakes up still knows whether it holds.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Unavailable

SIGNS_OF_LIFE = (
    "tcp_keepalives_idle = 5",
    "tcp_keepalives_interval = 2",
    "tcp_keepalives_count = 3",
    "tcp_user_timeout = 11000",
    "idle_in_transaction_session_timeout = '5s'",
)
"""PostgreSQL asks a machine that has fallen silent, and ends the session of one that does not answer for 11 s.

It asks nothing while an answer of its own is not taken: then the last line alone ends the session, else after minutes.

It also ends that of a process that was stopped within a transaction, whose locks nobody could get past.
"""


class Holding:
    """A name that this process may hold; use it as a context to give it back at the end."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._connection: Connection | None = None
        self._file: int | None = None
        self._lock = threading.RLock()
        self.times = 0
        """How often the name was taken: more than once where the session that held it was ended."""

    def take(self) -> bool:
        """Take the name if nobody alive holds it; whether this process holds it now."""
        with self._lock:
            if self.holds():
                return True
            return self._take_row() if self._database.dialect == "postgresql" else self._take_file()

    def holds(self) -> bool:
        """Whether this process holds the name: on PostgreSQL the session is asked, for it may have been ended."""
        with self._lock:
            if self._file is not None:
                return True
            if self._connection is None:
                return False
            try:
                self._connection.execute(text("SELECT 1"))
                self._connection.commit()
            except OperationalError:
                self._hang_up()
                return False
            return True

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed at the end only if this process held the name all the while.

        PostgreSQL: it is the database session that holds the name; a commit there proves the hold.

        Raises:
            Unavailable: somebody else holds the name, or the session that held it was ended.
        """
        with self._lock:
            if self._file is None and self._connection is None and not self.take():
                raise Unavailable("The name is held by somebody else.")
            connection = self._connection
            if connection is None:
                with self._database.writing() as session:
                    yield session
                return
            try:
                with Session(connection, expire_on_commit=False) as session, session.begin():
                    yield session
            finally:
                if connection.invalidated:
                    self._hang_up()

    def give_back(self) -> None:
        """Let the name go."""
        with self._lock:
            if self._connection is not None:
                with suppress(DBAPIError):  # the session's end frees it as well, only a little later
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            self._hang_up()
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.give_back()

    def _take_row(self) -> bool:
        connection = self._database.engine.connect()
        number = int.from_bytes(sha256(self._name.encode()).digest()[:8], "big", signed=True)
        taken = bool(connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar())
        if taken:
            for sign in SIGNS_OF_LIFE:
                connection.execute(text(f"SET {sign}"))
            self._connection = connection
            self.times += 1
        connection.commit()
        if taken:
            return True
        connection.close()
        return False

    def _take_file(self) -> bool:
        database = Path(self._database.engine.url.database or "")
        place = database.with_name(f"{database.name}.{self._name}.lock")
        file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        self.times += 1
        return True


def is_held(database: Database, name: str) -> bool:
    """Whether some living process holds this name now."""
    with Holding(database, name) as probe:
        return not probe.take()
