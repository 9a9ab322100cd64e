"""The npm package survey-core as a judge: installed once, asked through one Node process."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

VERSION = "3.1.1"
PATIENCE = 60
"""Seconds for Node and npm to answer; a machine without them, or without a network, skips."""
WALK = Path(__file__).with_name("survey_core_walk.mjs")


def installed() -> Path:
    """The folder with survey-core in its node_modules, outside of the repository; skips where there is none."""
    root = os.environ.get("HEEDFUL_TEST_NODE_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "heedful")
    folder = Path(root).expanduser() / f"survey-core-{VERSION}"
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("survey-core: Node and npm are not on this machine")
    try:
        if not _stands(folder):
            _install(folder)
    except (subprocess.SubprocessError, OSError) as why:
        pytest.skip(f"survey-core: Node and npm did not install it: {type(why).__name__}: {why}")
    return folder


def _stands(folder: Path) -> bool:
    told = folder / "node_modules" / "survey-core" / "package.json"
    return told.exists() and json.loads(told.read_text())["version"] == VERSION


def _install(folder: Path) -> None:
    """Beside its place first: whoever else looks sees all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent))
    wanted = ["npm", "install", "--prefix", str(beside), f"survey-core@{VERSION}"]
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
    try:
        subprocess.run([*wanted, *quiet], capture_output=True, timeout=PATIENCE, check=True)
        if not _stands(folder):
            beside.rename(folder)
    except OSError:
        if not _stands(folder):  # nobody else was faster
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def judged(cases: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What survey-core does with each survey for each of its people."""
    lines = "\n".join(json.dumps(case) for case in cases)
    command = ["node", str(WALK), str(installed())]
    ran = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=3600, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("[")]
