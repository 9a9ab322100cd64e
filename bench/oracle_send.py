"""The judge of sending at full size: people leave by every door while senders work; one JSON line, and what is wrong.

python bench/oracle_send.py --people 20000 --leaving 2000 --database postgresql
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.towns import a_database
from tests.oracle.estates import Estate
from tests.oracle.sending_trials import Plan, tried


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--leaving", type=int, default=2_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--senders", type=int, help="4 on PostgreSQL, 1 on SQLite")
    parser.add_argument("--rate", type=float, default=0.0, help="letters a second of each sender; 0: as fast as it can")
    parser.add_argument("--seconds", type=float, default=60.0, help="over how long those leave who leave at any time")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    senders = given.senders or (4 if given.database == "postgresql" else 1)
    plan = Plan(given.seed, given.people, given.leaving, senders, given.rate, patience=1800, seconds=given.seconds)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="heedful-oracle-") as folder, a_database(given.database) as url:
        estate = Estate(Path(folder), url)
        estate.heedful("init")
        found = tried(estate, plan)
    took = round(time.monotonic() - began, 1)
    told = {"bench": "oracle_send", "database": given.database, "senders": senders, "seed": given.seed}
    print(json.dumps(told | {"people": given.people, "took_seconds": took} | found.figures, sort_keys=True))
    for each in found.wrong[:50]:
        print(each, file=sys.stderr)
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
