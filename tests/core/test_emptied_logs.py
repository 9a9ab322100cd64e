"""SQLite's log holds nothing of what was deleted once that is committed, and nobody waits for it."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

from core.emptied_logs import empty_log_when_committed

WORDS = b"what nobody may find again"


def lying(database: Any) -> bool:
    """Whether the words are in any file of a SQLite database; PostgreSQL keeps its files to itself."""
    if database.dialect != "sqlite":
        return False
    path = Path(str(database.engine.url.database))
    return any(WORDS in each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def forgotten(database: Any) -> bool:
    """Write the words and delete them; whether they are gone."""
    with database.writing() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS said (words text)"))
        session.execute(text("INSERT INTO said VALUES (:words)"), {"words": WORDS.decode()})
    with database.writing() as session:
        session.execute(text("DELETE FROM said"))
        for _ in range(2):
            empty_log_when_committed(session)
    return not lying(database)


def test_g13_what_was_deleted_leaves_the_log_with_the_commit_and_nobody_is_waited_for(database: Any):
    assert forgotten(database)
    with database.reading() as session:
        session.execute(text("SELECT * FROM said")).all()
        if database.dialect == "sqlite":
            assert not forgotten(database), "somebody is reading: the transaction ends all the same"
    assert forgotten(database)
    with database.writing() as session:
        session.execute(text("DROP TABLE said"))
