"""Four machines: a sender host is cut off, healed and lost, and its letters in the wire do not come afterwards (G1)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("story", ["cut", "hole"])
def test_g1_g6_g7_a_sender_host_is_cut_off_and_lost_and_nothing_arrives_that_should_not(story, tmp_path):
    """In a process of its own: no test of this one reaches another machine, not even one of this machine's own."""
    asked = ["--people", "60", "--leaving", "8", "--cut", "2", "--story", story]
    done = subprocess.run(
        [sys.executable, PROJECT / "bench" / "machines.py", *asked],
        cwd=PROJECT, check=False, capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    assert done.stdout, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    if "skipped" in told:
        pytest.skip(told["skipped"])
    print(told)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (told["after"], told["doubles"], told["lost"]) == (0, 0, 0)
    assert told["in_the_hole"] > 0 or story == "cut"
