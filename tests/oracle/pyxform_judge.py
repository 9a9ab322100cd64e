"""PyPI pyxform as a judge of XLSForms, in an interpreter of its own: it is no part of what the product stands on."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_JUDGE = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert
for path in sys.argv[1:]:
    try:
        convert(path)
        why = ""
    except PyXFormError as refused:
        why = str(refused) or "refused"
    print(json.dumps(why))
"""


def interpreter() -> str:
    """The Python that has pyxform: `HEEDFUL_TEST_PYXFORM`, or this one; skips where there is none."""
    if named := os.environ.get("HEEDFUL_TEST_PYXFORM"):
        return named
    if importlib.util.find_spec("pyxform") is None:
        pytest.skip("pyxform: not installed here, and HEEDFUL_TEST_PYXFORM names no interpreter that has it")
    return sys.executable


def refusals(files: Sequence[Path]) -> list[str]:
    """Why pyxform refuses each of the files; nothing where it takes one."""
    command = [interpreter(), "-c", _JUDGE, *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]
