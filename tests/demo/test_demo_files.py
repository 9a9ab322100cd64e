"""The demo's data: invented people only, and campaign files that can be read."""

import csv
import unicodedata
from pathlib import Path

import pytest

from campaigns.domain.campaign_files import read_campaign
from contacts.domain.addresses import read_address
from contacts.domain.policy import Source
from core.errors import BadInput

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(name="people", scope="module")
def _people() -> list[dict[str, str]]:
    with (DEMO / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _domain(row: dict[str, str]) -> str:
    return row["email"].strip(" >").rpartition("@")[2].casefold()


def test_the_sample_has_500_people_from_many_scripts(people: list[dict[str, str]]) -> None:
    assert len(people) == 500
    letters = {letter for row in people for letter in row["given_name"] if letter.isalpha()}
    scripts = {unicodedata.name(letter).split()[0] for letter in letters}
    assert scripts >= {
        "LATIN",
        "CYRILLIC",
        "GREEK",
        "ARABIC",
        "HEBREW",
        "DEVANAGARI",
        "THAI",
        "HANGUL",
        "HIRAGANA",
        "CJK",
    }
    assert len({row["language"] for row in people}) > 30


def test_every_readable_address_is_under_a_name_that_belongs_to_nobody(people: list[dict[str, str]]) -> None:
    reserved = ("example.org", "example.com", "example.net")
    readable = 0
    for row in people:
        try:
            read_address(row["email"])
        except BadInput:
            continue
        readable += 1
        assert _domain(row) in reserved or _domain(row).endswith(".test")
    assert readable == 493


def test_some_left_some_are_children_and_some_were_never_asked(people: list[dict[str, str]]) -> None:
    assert sum(bool(row["opted_out"]) for row in people) == 41
    assert sum(bool(row["child"]) for row in people) == 13
    assert sum(row["birth_date"] >= "2013" for row in people) == 13
    assert sum(not row["topics"] for row in people) >= 60
    assert sum(row["source"] not in set(Source) for row in people) == 1


@pytest.mark.parametrize("name", ["announcement.toml", "second.toml"])
def test_the_campaign_files_can_be_read(name: str) -> None:
    draft = read_campaign((DEMO / name).read_text(encoding="utf-8"))
    assert draft.sender.email.endswith("example.org")
    assert draft.schedule.at == "now"
