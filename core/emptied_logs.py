"""Words that must be gone at once: SQLite's write-ahead log is emptied as soon as the transaction is committed."""

import sqlite3
from contextlib import suppress

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import BUSY_MILLISECONDS

_ASKED = "heedful_empty_log"


def empty_log_when_committed(session: Session) -> None:
    """Leave nothing in SQLite's log of what this transaction deletes, once it is committed.

    Nobody is waited for: while somebody reads, the log stays until SQLite itself writes over it.
    """
    engine = session.get_bind()
    if isinstance(engine, Engine) and engine.dialect.name == "sqlite" and not session.info.get(_ASKED):
        session.info[_ASKED] = True
        event.listen(session, "after_commit", lambda _committed: _empty(engine), once=True)


def _empty(engine: Engine) -> None:
    with suppress(sqlite3.Error, SQLAlchemyError):  # all is stored by now: nobody is told otherwise
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            cursor.close()
        finally:
            connection.close()
