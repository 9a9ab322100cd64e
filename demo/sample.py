"""What the sample file says about its people, read apart from the product, for the demo's own judgement."""

import csv
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import BadInput
from demo.captures import canonical

FOLDER = Path(__file__).parent
PEOPLE = FOLDER / "people.csv"
ANNOUNCEMENT = FOLDER / "announcement.toml"
SURVEY = FOLDER / "satisfaction.toml"
SECOND = FOLDER / "second.toml"
BORN_A_CHILD = "2013"
"""Everybody in the file who was born in this year or later is a child; everybody else is grown up."""


def those_who_left() -> set[str]:
    """The addresses that the file marks as opted out."""
    return _those(lambda row: bool(row["opted_out"]))


def children() -> set[str]:
    """The addresses that the file marks as a child's, by flag or birth date."""
    return _those(lambda row: bool(row["child"]) or row["birth_date"] >= BORN_A_CHILD)


def those_who_want(topic: str) -> set[str]:
    """The addresses that said yes to a topic."""
    return _those(lambda row: topic in row["topics"].split(";"))


def _those(meant: Callable[[dict[str, str]], bool]) -> set[str]:
    found = set()
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if meant(row):
                with suppress(BadInput):
                    found.add(canonical(row["email"]))
    return found
