"""The demo as somebody runs it first: to its end, with the figures it promises."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def _figure(printed: str, words: str) -> int:
    found = re.search(rf"^  {re.escape(words)} +(\S+)", printed, re.MULTILINE)
    assert found, words
    return int(found[1].replace(",", ""))


def test_g1_the_demo_ends_well_and_nobody_who_left_and_no_child_gets_the_second_campaign() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--once"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert _figure(done.stdout, "rows") == 500
    assert _figure(done.stdout, "rejected, with line, field and reason") == 15
    assert _figure(done.stdout, "things changed by it") == 0
    assert _figure(done.stdout, "answered to the end") == 100
    assert _figure(done.stdout, "clicks recorded") > 0
    assert _figure(done.stdout, "of those who had left") == 0
    assert _figure(done.stdout, "of children") == 0
    assert "nobody who had left, no child" in done.stdout
