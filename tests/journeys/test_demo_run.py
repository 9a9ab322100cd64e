"""The demo as somebody runs it first: to its end, with the figures it promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def _figure(printed: str, words: str) -> int:
    found = re.search(rf"^  {re.escape(words)} +(\S+)", printed, re.MULTILINE)
    assert found, words
    return int(found[1].replace(",", ""))


def _printed() -> str:
    """What a demo prints: the one that CI has just run, elsewhere one of this test's own."""
    if kept := os.environ.get("HEEDFUL_TEST_DEMO_PRINTED"):
        return Path(kept).read_text(encoding="utf-8")
    demo = [sys.executable, "-m", "demo", "--once"]
    done = subprocess.run(demo, cwd=PROJECT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_g1_the_demo_ends_well_and_nobody_who_left_and_no_child_gets_the_second_campaign() -> None:
    printed = _printed()
    assert _figure(printed, "rows") == 500
    assert _figure(printed, "rejected, with line, field and reason") == 15
    assert _figure(printed, "things changed by it") == 0
    assert _figure(printed, "answered to the end") == 100
    assert _figure(printed, "clicks recorded") > 0
    assert _figure(printed, "of those who had left") == 0
    assert _figure(printed, "of children") == 0
    assert "nobody who had left, no child" in printed
