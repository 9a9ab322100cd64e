"""docs/guarantees.md: every number is there, each names tests, and each test that is named exists and tests it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
NUMBERS = [f"G{number}" for number in range(1, 21)]


def sections() -> dict[str, list[str]]:
    """The tests that each heading names."""
    found: dict[str, list[str]] = {}
    for block in PAGE.split("\n### ")[1:]:
        heading = block.partition("\n")[0]
        named = re.findall(r"^- (tests/\S+::test_\w+)$", block, re.MULTILINE)
        for number in re.findall(r"\b[GP]\d+\b", heading.partition("·")[0]):
            found[number] = named
    return found


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def test_every_guarantee_is_on_the_page_with_a_test():
    found = sections()
    assert [number for number in NUMBERS if not found.get(number)] == []
    assert [number for number, named in found.items() if not named] == []


@pytest.mark.parametrize("named", sorted({each for named in sections().values() for each in named}))
def test_a_test_that_is_named_exists(named: str):
    path, _, name = named.partition("::")
    assert name in names_in(ROOT / path)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_guarantee_has_a_test_of_its_number(number: str):
    wanted = re.compile(rf"test_(?:[a-z]\d+_)*{number.lower()}_")
    owned = {name for path in (ROOT / "tests").rglob("test_*.py") for name in names_in(path) if wanted.match(name)}
    assert owned, f"no test is named after {number}"
