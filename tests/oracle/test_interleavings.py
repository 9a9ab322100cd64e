"""Every order of the protocol's steps: nothing is wrong in any, and without any one of its parts something is (G1)."""

import pytest

from tests.oracle.exploring import explored
from tests.oracle.permit_world import PARTS, Story

ANN, BEN, ERASED, MERGED = ("opt-out", 0), ("opt-out", 1), ("erase", 0), ("merge", 0)
STORIES = {
    "a sender and an erasure": Story(1, (ERASED,), people=1),
    "a sender, an opt-out and a merge": Story(1, (BEN, MERGED)),
    "two senders, an opt-out, and every misfortune": Story(2, (ANN,), crashes=1, cuts=1, naps=1, people=1),
    "two senders, two opt-outs, a crash": Story(2, (ANN, BEN), crashes=1),
    "two senders, an opt-out and an erasure, a crash": Story(2, (BEN, ERASED), crashes=1),
    "two senders, an opt-out and a merge": Story(2, (BEN, MERGED)),
    "a sender, an opt-out, a merge, an erasure": Story(1, (BEN, MERGED, ERASED)),
}


@pytest.mark.parametrize("named", STORIES)
def test_g1_g6_g7_no_order_of_steps_is_wrong(named):
    found = explored(STORIES[named])
    print(f"{named}: {found.states} states")
    assert found.broken == "", found.prose


@pytest.mark.parametrize("part", PARTS)
def test_g1_g6_g7_without_any_one_part_some_order_of_steps_is_wrong(part):
    without = (explored(story._replace(without=frozenset({part}))) for story in STORIES.values())
    broken = next((found for found in without if found.broken), None)
    assert broken, f"nothing needs it that {PARTS[part]}"
    print(f"Without it that {PARTS[part]}:\n{broken.prose}")
    assert broken.broken.startswith(("G1: ", "G6: ", "G7: ", "somebody waits"))
