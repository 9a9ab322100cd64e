"""Every order of the steps of two senders, two opt-outs, a merge, an erasure and crashes; one JSON line."""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.oracle.exploring import explored
from tests.oracle.permit_world import Story

ACTS = (("opt-out", 0), ("opt-out", 1), ("merge", 0), ("erase", 0))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crashes", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=0, help="sessions that the database ends while their sender lives")
    parser.add_argument("--naps", type=int, default=0, help="senders that sleep until their lease is over")
    parser.add_argument("--without", nargs="*", default=[], help="parts of the protocol to leave out")
    given = parser.parse_args()
    began = time.monotonic()
    misfortunes = (given.crashes, given.cuts, given.naps)
    found = explored(Story(2, ACTS, *misfortunes, without=frozenset(given.without)))
    told = {"bench": "all_orders", "misfortunes": misfortunes, "without": given.without, "states": found.states}
    print(json.dumps(told | {"violations": int(bool(found.broken)), "seconds": round(time.monotonic() - began, 1)}))
    if found.broken:
        print(found.prose, file=sys.stderr)
    return int(bool(found.broken))


if __name__ == "__main__":
    sys.exit(main())
