"""What is deleted from SQLite is not left in its file or its log; without the guards it is, so the test can see it."""

from pathlib import Path

import pytest
from sqlalchemy import text

import core.database
from core.database import PRAGMAS, Database

SECRET = "Qanary" * 300
ROWS = 50


def left_in(database: Database, folder: Path) -> set[str]:
    """The files in which the secret still stands, after it was written and deleted."""
    with database.writing() as session:
        session.execute(text("CREATE TABLE kept (id INTEGER PRIMARY KEY, said TEXT)"))
        for number in range(ROWS):
            session.execute(text("INSERT INTO kept VALUES (:n, :said)"), {"n": number, "said": SECRET})
        session.execute(text("INSERT INTO kept VALUES (:n, 'short Qanary')"), {"n": ROWS})
    assert database.empty_log()
    with database.writing() as session:
        session.execute(text("DELETE FROM kept WHERE id < :n"), {"n": ROWS})
        session.execute(text("UPDATE kept SET said = ''"))
    return {path.suffix for path in folder.iterdir() if b"Qanary" in path.read_bytes()}


@pytest.fixture
def opened(tmp_path: Path):
    databases: list[Database] = []

    def make(name: str) -> tuple[Database, Path]:
        folder = tmp_path / name
        folder.mkdir()
        databases.append(Database(f"sqlite:///{folder / 'kept.db'}"))
        return databases[-1], folder

    yield make
    for each in databases:
        each.close()


def test_gdpr_17_nothing_deleted_is_left_in_the_file_once_the_log_is_emptied(opened):
    database, folder = opened("guarded")
    assert left_in(database, folder)  # the pages before are still in the file: the log is not emptied yet
    assert database.empty_log()
    assert {path.suffix for path in folder.iterdir() if b"Qanary" in path.read_bytes()} == set()


def test_without_secure_delete_it_would_be_left_there(opened, monkeypatch):
    off = tuple(each.replace("secure_delete=ON", "secure_delete=OFF") for each in PRAGMAS)
    monkeypatch.setattr(core.database, "PRAGMAS", off)
    database, folder = opened("unguarded")
    assert left_in(database, folder)
    assert database.empty_log()
    assert ".db" in {path.suffix for path in folder.iterdir() if b"Qanary" in path.read_bytes()}


def test_a_log_that_somebody_reads_from_is_emptied_later(opened):
    database, folder = opened("read")
    left_in(database, folder)
    with database.reading() as session:
        session.execute(text("SELECT count(*) FROM kept")).scalar()
        assert not database.empty_log()
    assert database.empty_log()


def test_postgresql_keeps_its_log_itself(postgresql_url: str):
    database = Database(postgresql_url)
    assert database.empty_log()
    database.close()
