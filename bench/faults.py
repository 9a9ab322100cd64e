"""Seeded runs of sending in a bad world, judged by the mail server's own log; one JSON line, and what was wrong.

python bench/faults.py --database postgresql --runs 100
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.oracle.estates import Estate
from tests.oracle.faulty_trials import FAULTS, FRESH, Faulty, suffered
from tests.oracle.fragile_databases import Disk, Server, small_disk
from tests.oracle.sending_trials import Plan, Trial, token_of

DISK = {"postgresql": 400, "sqlite": 120}
LOCAL = {"restarted", "asleep_and_restarted"}


@contextmanager
def a_house(kind: str, plan: Plan) -> Iterator[Faulty]:
    """A house on a small disk, whose database can be restarted, with senders and a clock."""
    with tempfile.TemporaryDirectory(prefix="heedful-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with small_disk(folder / "disk", DISK[kind]) as disk, _database(kind, disk) as (url, server):
            estate = Estate(folder, url, {"HEEDFUL_SENDER_RATE": str(plan.rate)})
            estate.heedful("init")
            trial = Trial(estate, plan)
            with trial.open(), estate.serving():
                trial.token = token_of(estate)
                house = Faulty(trial, random.Random(plan.seed), server, disk, names=os.getuid() == 0)
                house.begin()
                try:
                    yield house
                except AssertionError:
                    print(estate.log.read_text(encoding="utf-8")[-5000:], file=sys.stderr)
                    raise


@contextmanager
def _database(kind: str, disk: Disk) -> Iterator[tuple[str, Server | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{disk.folder}/house.db", None
        return
    server = Server(disk.folder)
    server.make()
    server.start()
    try:
        yield server.url, server
    finally:
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--people", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no further run after so many")
    given = parser.parse_args()
    plan = Plan(given.seed, given.people, 0, 2 if given.database == "postgresql" else 1, 60.0, patience=90)
    possible = [fault for fault in FAULTS if given.database == "postgresql" or fault.__name__ not in LOCAL]
    began, met, states, wrong, runs = time.monotonic(), Counter[str](), Counter[str](), list[str](), 0
    with a_house(given.database, plan) as house:
        people = [f"reader{number}@example.org" for number in range(given.people)]
        house.trial.bring(people)
        for run in range(given.seed, given.seed + given.runs):
            if time.monotonic() - began > given.minutes * 60:
                break
            fresh = [f"leaver{run}n{number}@example.org" for number in range(FRESH)]
            house.trial.bring(fresh)
            people += fresh
            house.chance.seed(run)
            faults = house.chance.sample(possible, house.chance.choice((1, 2)))
            found = suffered(house, f"run{run}", people, faults)
            named = ", ".join(fault.__name__ for fault in faults)
            wrong += [f"seed {run} ({named}): {each}" for each in found.wrong]
            met.update(fault.__name__ for fault in faults)
            states.update(found.counted["states"])
            states.update({"late": found.counted["late"], "not_recorded": found.counted["not_recorded"]})
            runs += 1
            counts = found.counted["states"]
            print(f"{time.monotonic() - began:.0f} s: seed {run}: {named}: {counts}", file=sys.stderr, flush=True)
            for each in found.wrong:
                print(f"WRONG {each}", file=sys.stderr, flush=True)
    told = {"bench": "faults", "database": given.database, "runs": runs, "first_seed": given.seed, "faults": dict(met)}
    told |= {"states": dict(states), "wrong": len(wrong), "seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(told, sort_keys=True))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
