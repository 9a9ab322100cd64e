"""Keys are the same bytes on every machine: no locale, encoding or hash seed has a say in them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMPUTE = """
import hashlib, locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from contacts.domain.addresses import Pepper, read_address
from tests.contacts.domain.other_spellings import OTHERS, STRANGERS
from tests.contacts.domain.spellings import FAMILIES, SAME
pepper, digest, number = Pepper("a pepper of the tests, long enough"), hashlib.sha256(), 0
for spellings in (SAME, OTHERS, FAMILIES, STRANGERS):
    for one, others in spellings.items():
        for written in (one, *others):
            read = read_address(written)
            keys = pepper.keys(read)
            digest.update(keys.own + keys.family + read.delivery.encode("utf-8"))
            number += 1
sys.stdout.write(f"{number} {digest.hexdigest()}")
"""


def computed(**environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "COV"))}
    done = subprocess.run(
        [sys.executable, "-c", COMPUTE], env=kept | environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def usual() -> str:
    return computed(LC_ALL="C.UTF-8")


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "tr_TR.UTF-8"},
        {"LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
        {"LC_ALL": "de_DE", "PYTHONUTF8": "0"},
        {"LC_ALL": "de_DE", "PYTHONUTF8": "1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "ja_JP.eucJP", "PYTHONIOENCODING": "latin-1", "PYTHONHASHSEED": "7"},
        {},
    ],
    ids=str,
)
def test_g9_a_key_is_the_same_in_every_locale(environment, usual):
    assert computed(**environment) == usual
    assert int(usual.split()[0]) > 500
