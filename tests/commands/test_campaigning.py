"""The terminal: a campaign from file to schedule, and a survey from file to figures."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.storage.campaigns import Campaign
from core.database import Database
from surveys.storage.survey_mailings import SurveyCampaign

ANNOUNCEMENT = """
name = "spring"
title = "Spring update"
topic = "announcements"
template = "announcement"
subject = "What is new this spring"
preheader = "Three things"

[content]
headline = "What is new this spring"
body = "Text in **Markdown**."
button_label = "Read on"
button_url = "https://www.example.org/spring"
"""
SCHEDULE = '\n[schedule]\nat = "2030-12-01 09:00"\nzone = "Europe/Berlin"\n'
SURVEY = Path(__file__).resolve().parents[2] / "demo" / "satisfaction.toml"
TABLE = "email,topics\nann@example.org,announcements;research\nbob@example.org,\n"


@pytest.fixture
def team(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text(TABLE)
    given = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
    assert house("import", "people.csv", *given).exit_code == 0
    (tmp_path / "draft.toml").write_text(ANNOUNCEMENT)
    (tmp_path / "planned.toml").write_text(ANNOUNCEMENT + SCHEDULE)
    return house


def facts(result) -> dict:
    assert result.exit_code == 0, result.output
    told: dict = json.loads(result.output)
    return told


def test_a_file_without_a_schedule_makes_a_draft_that_can_be_changed(team):
    assert facts(team("campaign", "apply", "draft.toml", "--json"))["state"] == "draft"
    assert facts(team("campaign", "apply", "draft.toml", "--json"))["created"] is False
    assert "spring" in team("campaign", "list").output
    assert facts(team("campaign", "list", "--json"))["spring"]["topic"] == "announcements"
    assert team("campaign", "check", "spring").exit_code == 0
    assert 'name = "spring"' in team("campaign", "show", "spring").output


@pytest.mark.parametrize(("part", "found"), [("text", "Read on"), ("html", "<html"), ("headers", "List-Unsubscribe")])
def test_a_preview_shows_each_part_as_a_contact_gets_it(team, part, found):
    team("campaign", "apply", "draft.toml")
    assert found in team("campaign", "preview", "spring", "--as", "ann@example.org", "--part", part).output
    assert b"MIME-Version" in team("campaign", "preview", "spring", "--part", "eml").stdout_bytes
    assert team("campaign", "preview", "spring", "--as", "nobody@example.org").exit_code == 1


def test_a_file_with_a_schedule_is_scheduled_and_taken_back(team):
    told = facts(team("campaign", "apply", "planned.toml", "--json"))
    assert (told["state"], told["due"]) == ("scheduled", "2030-12-01T08:00:00+00:00")
    assert team("campaign", "apply", "planned.toml").exit_code == 1
    assert facts(team("campaign", "take-back", "spring", "--json"))["state"] == "draft"
    assert facts(team("campaign", "schedule", "spring", "--at", "2031-01-01 09:00", "--json"))["state"] == "scheduled"
    assert facts(team("campaign", "report", "spring", "--json"))["planned"] == 0
    assert facts(team("campaign", "cancel", "spring", "--json"))["state"] == "cancelled"
    assert team("campaign", "resume", "spring").exit_code == 1


def test_g20_what_lacks_a_postal_address_is_kept_as_a_draft(team, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEEDFUL_SENDER_POSTAL_ADDRESS", "")
    refused = team("campaign", "apply", "planned.toml")
    assert refused.exit_code == 1
    assert "must be mended" in refused.output
    assert facts(team("campaign", "list", "--json"))["spring"]["state"] == "draft"
    assert team("campaign", "check", "spring").exit_code == 1
    assert team("campaign", "schedule", "spring", "--at", "2030-12-01 09:00").exit_code == 1


def test_a_test_goes_only_to_whom_the_topic_may_go(team):
    team("campaign", "apply", "draft.toml")
    assert facts(team("campaign", "test", "spring", "ann@example.org", "--json"))["messages"] == 1
    assert team("campaign", "test", "spring", "bob@example.org").exit_code == 1


@pytest.mark.parametrize("text", ["name = ", 'nam = "x"', "\xff"])
def test_a_broken_file_is_told_with_its_line(team, tmp_path: Path, text):
    (tmp_path / "broken.toml").write_bytes(text.encode("latin-1"))
    done = team("campaign", "apply", "broken.toml")
    assert done.exit_code == 1
    assert "heedful:" in done.output
    assert team("survey", "apply", "broken.toml").exit_code == 1


def test_a_survey_is_applied_opened_invited_read_and_closed(team, tmp_path: Path):
    applied = facts(team("survey", "apply", SURVEY, "--json"))
    name = applied["name"]
    assert facts(team("survey", "open", name, "--json"))["state"] == "open"
    assert name in facts(team("survey", "list", "--json"))
    assert f'name = "{name}"' in team("survey", "show", name).output
    assert team("survey", "invite", name, "--segment", "nothing").exit_code == 1
    invited = facts(team("survey", "invite", name, "--at", "2030-01-01 10:00", "--zone", "Asia/Tokyo", "--json"))
    assert invited["due"] == "2030-01-01T01:00:00+00:00"
    assert (
        facts(team("survey", "remind", name, "--at", "2030-01-08 10:00", "--json"))["campaign"] != invited["campaign"]
    )
    later = ("--at", "2030-01-09 10:00", "--json")
    begun = facts(team("survey", "remind", name, "--whom", "not-begun", *later))["campaign"]
    opened = Database(f"sqlite:///{tmp_path / 'heedful.db'}")
    with opened.reading() as session:
        narrowed = select(SurveyCampaign.whom).join(Campaign, Campaign.id == SurveyCampaign.campaign_id)
        assert session.scalars(narrowed.where(Campaign.name == begun)).all() == ["not_begun"]
    opened.close()
    assert team("survey", "invite", name, "--whom", "begun").exit_code == 2
    told = facts(team("survey", "results", name, "--json"))
    assert told["completed"] == 0
    assert "response rate" in team("survey", "results", name).output
    assert team("survey", "export", name).output.startswith("\ufeff")
    assert facts(team("survey", "close", name, "--json"))["state"] == "closed"
    assert team("survey", "invite", name).exit_code == 1
    assert team("survey", "results", "nothing").exit_code == 1
