"""A name is held by one living process at most, and is free again when that process is killed."""

import os
import signal
import subprocess
import sys

from sqlalchemy import text

from core.database import Database
from core.holding import Holding, is_held

HOLDER = """
import sys, time
from core.database import Database
from core.holding import Holding
holding = Holding(Database(sys.argv[1]), "clock")
print(holding.take(), flush=True)
time.sleep(60)
"""


def test_only_one_holds_and_the_next_gets_it_when_given_back(database: Database):
    first, second = Holding(database, "clock"), Holding(database, "clock")
    assert first.take()
    assert first.take()
    assert not second.take()
    assert is_held(database, "clock")
    assert not is_held(database, "another")
    first.give_back()
    assert second.take()
    second.give_back()


def test_a_killed_holder_holds_nothing(database: Database, database_url: str):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, database_url], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder.stdout as said:
        assert said.readline().strip() == "True"
        assert is_held(database, "clock")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with Holding(database, "clock") as mine:
        assert any(mine.take() for _ in range(200))


def test_a_holder_whose_session_was_ended_knows_it(postgresql_url: str):
    database = Database(postgresql_url)
    with Holding(database, "clock") as holding:
        assert holding.take()
        with database.writing() as session:
            session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        assert not holding.holds()
    database.close()
