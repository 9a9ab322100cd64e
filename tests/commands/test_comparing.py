"""Variants in the terminal: carried by a file and given back, previewed, and chosen only while they compete."""

import json
from pathlib import Path

import pytest

from campaigns.services.launch import launch
from campaigns.storage.campaigns import find_campaign
from campaigns.storage.mailings import mailings_of
from contacts.services.open_house import open_house
from core.clock import now

CAMPAIGN = """
name = "spring"
title = "Spring update"
topic = "announcements"
template = "announcement"
subject = "What is new this spring"
preheader = "Three things"
[content]
headline = "What is new this spring"
body = "Text."
button_label = "Read on"
button_url = "https://www.example.org/spring"
[trial]
share = 50
[[trial.variants]]
subject = "Is it spring?"
content = { headline = "Spring!" }
"""


@pytest.fixture
def team(house, tmp_path: Path):
    people = "".join(f"reader{number}@example.org,announcements;tracking\n" for number in range(4))
    (tmp_path / "people.csv").write_text(f"email,topics\n{people}")
    (tmp_path / "spring.toml").write_text(CAMPAIGN)
    given = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    assert house("import", "people.csv", *given).exit_code == 0
    assert house("campaign", "apply", "spring.toml").exit_code == 0
    return house


def test_a_file_with_variants_comes_back_as_it_was(team, tmp_path: Path):
    shown = team("campaign", "show", "spring").output
    assert "Is it spring?" in shown
    (tmp_path / "again.toml").write_text(shown)
    assert team("campaign", "apply", "again.toml").exit_code == 0
    assert team("campaign", "show", "spring").output == shown


def test_a_variant_is_previewed_and_tested_by_its_letter(team):
    assert "Spring!" in team("campaign", "preview", "spring", "--variant", "b").output
    assert "Spring!" not in team("campaign", "preview", "spring").output
    refused = team("campaign", "preview", "spring", "--variant", "C")
    assert "There are: A, B." in refused.output
    assert team("campaign", "test", "spring", "reader1@example.org", "--variant", "B").exit_code == 0


def test_the_rest_is_told_of_and_gets_what_is_chosen(team):
    assert "No variants of this campaign compete now" in team("campaign", "choose", "spring", "B").output
    assert team("campaign", "schedule", "spring", "--at", "now").exit_code == 0
    opened = open_house()
    with opened.database.writing() as session:
        number = mailings_of(session, find_campaign(session, "spring").id)[-1].id
        assert launch(session, number, opened.settings, opened.keyring, at=now()) is not None
    opened.database.close()
    told = json.loads(team("campaign", "report", "spring", "--json").output)
    assert told["variant A"] == "0 of 0 (0.0 % to 100.0 %)"
    assert told["waiting for the choice of a variant"] == 2
    explained = [team("explain", f"reader{each}@example.org").output for each in range(4)]
    assert sum("waits until it is decided which variant it gets" in each for each in explained) == 2
    assert "9999" not in team("explain", "reader1@example.org", "--json").output
    chosen = json.loads(team("campaign", "choose", "spring", "b", "--json").output)
    assert chosen == {"name": "spring", "chosen": "B", "waiting": 2}
    assert json.loads(team("campaign", "report", "spring", "--json").output)["the rest got"] == "B"
    assert team("campaign", "choose", "spring", "A").exit_code == 1
