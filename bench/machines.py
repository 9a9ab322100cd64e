"""Four machines (network namespaces): a sender host is cut off, healed and lost, and the campaign ends; one JSON line.

Needs root. python bench/machines.py --people 400
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.oracle.far_trials import cut_healed_killed, far_apart, lost_on_the_way
from tests.oracle.machines import why_not
from tests.oracle.sending_trials import Plan


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--leaving", type=int, default=60)
    parser.add_argument("--rate", type=float, default=12.0, help="letters a second of each sender")
    parser.add_argument("--cut", type=float, default=16.0, help="seconds for which the host is cut off at first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--story", choices=["cut", "hole"], default="cut")
    given = parser.parse_args()
    if reason := why_not():
        print(json.dumps({"bench": "machines", "skipped": reason}))
        return 0
    began, held_up = time.monotonic(), 0
    plan = Plan(given.seed, given.people, given.leaving, 2, given.rate, moods={"slow-dot": 0.3}, patience=300)
    with tempfile.TemporaryDirectory(prefix="heedful-machines-") as name, far_apart(Path(name), plan) as far:
        if given.story == "cut":
            found = cut_healed_killed(far, cut=given.cut, healed=4.0)
        else:
            found, held_up = lost_on_the_way(far)
    told = {"bench": "machines", "story": given.story, "seed": given.seed, "in_the_hole": held_up}
    print(json.dumps(told | found.figures | {"seconds": round(time.monotonic() - began, 1)}, sort_keys=True))
    for each in found.wrong:
        print(each, file=sys.stderr)
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
