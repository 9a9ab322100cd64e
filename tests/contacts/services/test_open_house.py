"""A house that is opened while its database is away: those who work all day wait for it, others are told at once."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from contacts.services.open_house import open_house
from tests.conftest import PEPPER, SECRET


@pytest.fixture
def door(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """Where the database is expected, and where it is: who links the two brings it back."""
    where = make_url(postgresql_url)
    if not str(where.query.get("host", "")).startswith("/"):
        pytest.skip("the tests' PostgreSQL is not asked by a socket in a folder")
    with tempfile.TemporaryDirectory(prefix="hf", dir="/tmp") as folder:
        monkeypatch.setenv("HEEDFUL_DATABASE_URL", where.update_query_dict({"host": folder}).render_as_string())
        monkeypatch.setenv("HEEDFUL_SECRET_KEY", SECRET)
        monkeypatch.setenv("HEEDFUL_PEPPER", PEPPER)
        socket = f".s.PGSQL.{where.port or 5432}"
        yield Path(folder) / socket, Path(str(where.query["host"])) / socket


def test_a_process_that_works_all_day_waits_until_its_database_answers(door, capsys, monkeypatch):
    expected, there = door
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 7:
            expected.symlink_to(there)

    monkeypatch.setattr(time, "sleep", wait)
    open_house(patience=60).database.close()
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15]
    told = capsys.readouterr().err.splitlines()
    assert len(told) == len(pauses)
    assert all("the database does not answer; it is asked again" in each and "No such file" in each for each in told)


def test_whoever_has_no_patience_left_is_told(door, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("nobody waits"))
    for patience in (0.0, 0.4):
        with pytest.raises(OperationalError):
            open_house(patience=patience)
