"""Two clocks on one PostgreSQL: one ticks, and when it is killed the other does within ten seconds."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerProcess

from sqlalchemy import text

from campaigns.domain.states import MailingState
from campaigns.storage.mailings import Mailing
from core.clock import now
from core.database import Database
from core.holding import is_held
from tests.campaigns.scenes import make_draft, scheduled
from tests.journeys.test_killed_sender import environment

TAKES_OVER_WITHIN = 10.0
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["scheduler", "sender", "sqlalchemy.dialects.sqlite", "psycopg"])


def start_clock(settings: Mapping[str, str]) -> ForkServerProcess:
    process = _processes.Process(target=_keep_time, args=(dict(settings),))
    process.start()
    return process


def _keep_time(settings: dict[str, str]) -> None:
    import scheduler

    os.environ.update(settings)
    sys.exit(scheduler.main())


def wait_for(condition: Callable[[], bool], seconds: float) -> float:
    """How long it took, in seconds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def due(database: Database, name: str) -> Callable[[], bool]:
    """A mailing that is due now; whether a clock has launched it."""
    with database.writing() as session:
        mailing_id = scheduled(session, make_draft(name), at=now()).id

    def launched() -> bool:
        with database.reading() as session:
            return session.get_one(Mailing, mailing_id).stage is not MailingState.PLANNED

    return launched


def test_when_the_clock_that_ticks_is_killed_the_other_takes_over_within_ten_seconds(postgresql_url: str, tmp_path):
    database = Database(postgresql_url)
    settings = environment(postgresql_url, 1, str(tmp_path))
    clocks = [start_clock(settings)]
    try:
        wait_for(lambda: is_held(database, "clock"), 30)
        wait_for(due(database, "first"), 10)
        clocks.append(start_clock(settings))
        wait_for(lambda: sessions_of(database) > 2, 30)  # the second one has opened the house, and waits
        clocks[0].kill()
        clocks[0].join(10)
        wait_for(due(database, "second"), TAKES_OVER_WITHIN)
        assert clocks[1].is_alive()
    finally:
        for clock in clocks:
            clock.terminate()
            clock.join(20)
    assert clocks[1].exitcode == 0
    database.close()


def sessions_of(database: Database) -> int:
    """How many sessions others have at this database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with database.reading() as session:
        return int(session.execute(text(query)).scalar_one())
