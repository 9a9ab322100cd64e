"""Bells: on PostgreSQL whoever waits for work is woken by the commit that brings it (LISTEN, NOTIFY).

SQLite has none: there, and wherever the line to the database is away, one looks now and then, as without a bell.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import Database

LISTEN_SECONDS = 0.25
"""How soon a listener that is told to stop does so."""
AGAIN_SECONDS = 1.0

_log = logging.getLogger("heedful.core")


def ring(session: Session, name: str) -> None:
    """Wake all who listen to this name, at this transaction's commit."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_notify(:name, '')"), {"name": name})


class Bell:
    """Listens in a thread, on a line of its own; `heard` is called there, also each time the line was made anew."""

    def __init__(self, database: Database, name: str, heard: Callable[[], None]) -> None:
        self._database = database
        self._name = name
        self._heard = heard
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.works = False

    def hang(self) -> None:
        """Begin to listen; nothing where the database has no bells."""
        if self._database.dialect == "postgresql":
            self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
            self._thread.start()

    def take_down(self) -> None:
        """Listen no more."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        errors = (SQLAlchemyError, self._database.engine.dialect.loaded_dbapi.Error)
        while not self._ended.is_set():
            try:
                with self._line() as line:
                    line.execute(f'LISTEN "{self._name}"')
                    self.works = True
                    self._heard()
                    while not self._ended.is_set():
                        for _ in line.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                            self._heard()
            except errors as error:
                self.works = False
                _log.debug("the bell is silent", extra={"kind": type(error).__name__})
                self._ended.wait(AGAIN_SECONDS)

    @contextlib.contextmanager
    def _line(self) -> Iterator[Any]:
        """A psycopg connection outside the pool, without transactions."""
        kept = self._database.engine.raw_connection()
        line: Any = kept.driver_connection
        kept.detach()
        try:
            line.autocommit = True
            yield line
        finally:
            kept.close()
