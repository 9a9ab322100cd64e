"""A handful of runs in a bad world; hundreds are bench/faults.py's (G1, G6, G7)."""

import random
from collections.abc import Iterator

import pytest

from tests.oracle import faulty_trials as world
from tests.oracle.estates import Estate
from tests.oracle.faulty_trials import Faulty, suffered
from tests.oracle.fragile_databases import small_disk
from tests.oracle.sending_trials import Plan, Trial, token_of

PEOPLE = [f"reader{number}@example.org" for number in range(80)]


@pytest.fixture
def house(database_url, tmp_path) -> Iterator[Faulty]:
    """A house over either database, with its senders and its clock."""
    senders = 1 if database_url.startswith("sqlite") else 2
    plan = Plan(7, len(PEOPLE), 0, senders, 60.0)
    estate = Estate(tmp_path, database_url, {"HEEDFUL_SENDER_RATE": str(plan.rate)})
    trial = Trial(estate, plan)
    with trial.open(), estate.serving():
        trial.token = token_of(estate)
        trial.bring(PEOPLE)
        made = Faulty(trial, random.Random(plan.seed))
        made.begin()
        yield made


def test_g1_g6_g7_a_killed_sender_a_mail_server_that_is_away_and_a_stepped_clock_lose_and_double_nothing(house: Faulty):
    found = suffered(house, "spring", PEOPLE, [world.killed, world.post_down, world.clock_stepped])
    print(found.figures)
    assert found.wrong == []


def test_a_disk_is_full_and_then_is_not(tmp_path):
    with small_disk(tmp_path / "disk", 4) as disk:
        if not disk.sized:
            pytest.skip("a small file system can only be mounted by root")
        with disk.full(), pytest.raises(OSError, match="No space left"):
            (disk.folder / "one more").write_bytes(b"\0" * 4096)
        (disk.folder / "one more").write_bytes(b"\0" * 4096)
