"""Rates hold for all senders together, and over restarts."""

import threading
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from campaigns.storage.buckets import all_buckets, close_buckets, forget_buckets, open_buckets
from core.database import Database
from tests.conftest import NOON

RATES = {"relay:one": 20.0, "provider:gmail": 5.0}
STEP = timedelta(milliseconds=50)


def spend(database: Database, at: Any, rates: dict[str, float] = RATES, most: int = 1000) -> dict[str, int]:
    with database.writing() as session:
        opened = open_buckets(session, rates, at=at)
        spent = {name: min(each.left, most) for name, each in opened.items()}
        for name, number in spent.items():
            for _ in range(number):
                opened[name].take()
        close_buckets(session, opened)
    return spent


def test_senders_together_never_spend_more_than_rate_times_time_and_a_burst(database):
    steps, spent = count(), dict.fromkeys(RATES, 0)
    pen = threading.Lock()

    def sender() -> None:
        while (step := next(steps)) < 60:
            for name, number in spend(database, NOON + step * STEP).items():
                with pen:
                    spent[name] += number

    threads = [threading.Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = 59 * STEP.total_seconds()
    for name, rate in RATES.items():
        assert 0.8 * rate * elapsed <= spent[name] <= rate * elapsed + rate, name


def test_nobody_else_looks_into_a_bucket_that_is_open(postgresql_url):
    one, other = Database(postgresql_url), Database(postgresql_url)
    spend(one, NOON)
    with one.writing() as session, other.writing() as waiting:
        open_buckets(session, RATES, at=NOON)
        waiting.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError):
            open_buckets(waiting, RATES, at=NOON)
    one.close()
    other.close()


def test_a_restart_gives_no_second_burst(database, database_url):
    assert spend(database, NOON) == {"relay:one": 20, "provider:gmail": 5}
    again = Database(database_url)
    assert spend(again, NOON) == {"relay:one": 0, "provider:gmail": 0}
    assert spend(again, NOON + timedelta(seconds=0.4)) == {"relay:one": 8, "provider:gmail": 2}
    again.close()


def test_a_clock_stepped_by_an_hour_either_way_gives_a_burst_at_most(database):
    spend(database, NOON)
    assert spend(database, NOON - timedelta(hours=1)) == {"relay:one": 0, "provider:gmail": 0}
    assert spend(database, NOON - timedelta(hours=1) + timedelta(seconds=1)) == {"relay:one": 20, "provider:gmail": 5}
    assert spend(database, NOON + timedelta(hours=1)) == {"relay:one": 20, "provider:gmail": 5}
    assert spend(database, NOON + timedelta(hours=1)) == {"relay:one": 0, "provider:gmail": 0}


def test_promises_and_changed_rates_are_kept(database):
    spend(database, NOON)
    with database.writing() as session:
        opened = open_buckets(session, RATES, at=NOON)
        moment = opened["provider:gmail"].promise(NOON, 0.5)
        close_buckets(session, opened)
    with database.writing() as session:
        opened = open_buckets(session, RATES | {"relay:one": 2.0}, at=NOON)
        assert opened["provider:gmail"].promise(NOON, 0.5) == moment + timedelta(seconds=0.2)
        assert opened["relay:one"].rate == 2


def test_what_nobody_uses_is_forgotten(database):
    spend(database, NOON, {"relay:old": 1.0})
    spend(database, NOON + timedelta(days=1), {"relay:new": 1.0})
    with database.writing() as session:
        close_buckets(session, {})
        forget_buckets(session, NOON + timedelta(hours=1))
        assert [each.name for each in all_buckets(session)] == ["relay:new"]
