from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns.domain.campaign_files import read_campaign
from campaigns.services.apply_campaign import apply_draft
from campaigns.storage.campaigns import find_campaign, get_campaign
from campaigns.web.campaign_pages import name_from
from contacts.storage.segments import save_segment
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import add_contact, add_readers, sending
from tests.forms import fields
from tests.web import csrf, sign_in

LIST = "/console/campaigns"
EDIT = f"{LIST}/1/edit"
DEMO = Path(__file__).resolve().parents[3] / "demo" / "announcement.toml"


@pytest.fixture
def draft(database: Database, noon: datetime) -> int:
    with database.writing() as session:
        return apply_draft(session, read_campaign(DEMO.read_text()), at=noon).campaign.id


def test_an_empty_list_says_what_to_do_next(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    assert f"{LIST}/new" in client.get(LIST).text


def test_a_campaign_is_begun_under_a_name_made_from_its_title(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, f"{LIST}/new"), "title": "Über-Klänge 6!", "topic": "updates", "template": "update"}
    answer = client.post(f"{LIST}/new", data=form)
    assert answer.headers["location"] == EDIT
    with database.reading() as session:
        assert find_campaign(session, "uber-klange-6").title == "Über-Klänge 6!"
    again = client.post(f"{LIST}/new", data=form)
    assert again.status_code == 422
    assert "There is a campaign of that name already." in again.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Give it a title."),
        ({"topic": "weather"}, "Choose a topic."),
        ({"template": "letter"}, "Choose a template."),
        ({"name": "Not A Name"}, "cannot be the name of a campaign"),
    ],
)
def test_what_is_wrong_with_a_new_campaign_stands_beside_the_field(
    client: TestClient, database: Database, change: dict[str, str], said: str
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, f"{LIST}/new"), "title": "Six", "topic": "updates", "template": "update"} | change
    answer = client.post(f"{LIST}/new", data=form)
    assert answer.status_code == 422
    assert said in answer.text


def test_saving_the_form_as_it_is_shown_changes_nothing(client: TestClient, database: Database, draft: int) -> None:
    sign_in(client, database, Role.EDITOR)
    with database.reading() as session:
        before = get_campaign(session, draft).draft
    answer = client.post(EDIT, data=fields(client.get(EDIT).text))
    assert answer.headers["location"] == f"{EDIT}?said=saved"
    with database.reading() as session:
        after = get_campaign(session, draft).draft
    assert after.content["sections"] == [
        {key: text.strip() for key, text in section.items()} for section in before.content["sections"]
    ]
    assert (after.subject, after.sender, after.schedule, after.tracking, after.audience) == (
        before.subject,
        before.sender,
        before.schedule,
        before.tracking,
        before.audience,
    )


def test_what_was_written_is_kept(client: TestClient, database: Database, draft: int) -> None:
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text) | {
        "subject": "A new subject",
        "when": "at",
        "at": "2099-03-01T09:00",
        "zone": "Asia/Tokyo",
        "rule_field": ["locale"],
        "rule_op": ["is_one_of"],
        "rule_value": ["ja, ko"],
        "more": 'colour = "red"',
        "then": "preview",
    }
    assert client.post(EDIT, data=form).headers["location"] == f"{LIST}/1/preview"
    with database.reading() as session:
        kept = get_campaign(session, draft).draft
    assert kept.subject == "A new subject"
    assert (kept.schedule.at, kept.schedule.zone) == ("2099-03-01 09:00", "Asia/Tokyo")
    assert kept.audience == {"match": "all", "rules": [{"field": "locale", "op": "is_one_of", "value": ["ja", "ko"]}]}
    assert kept.content["colour"] == "red"


def test_a_saved_segment_is_meant_by_its_name(
    client: TestClient, database: Database, draft: int, noon: datetime
) -> None:
    with database.writing() as session:
        save_segment(session, "Germans", {"match": "all", "rules": []}, at=noon)
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text) | {"segment": "Germans"}
    assert client.post(EDIT, data=form).status_code == 303
    with database.reading() as session:
        assert get_campaign(session, draft).audience == {"segment": "Germans"}
    assert "the segment “Germans”" in client.get(f"{LIST}/1").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Give it a title."),
        ({"more": "colour = red"}, "This is not TOML"),
        ({"zone": "Mars/Base"}, "There is no such time zone."),
        ({"sender_email": "nobody"}, 'id="e-sender_email"'),
        ({"when": "at", "at": "2001-01-01T00:00"}, "has passed"),
        ({"rule_field": ["shoes"], "rule_op": ["is"], "rule_value": ["44"]}, "There is no such field."),
        ({"segment": "Nobody"}, "There is no segment"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_every_value_is_kept(
    client: TestClient, database: Database, draft: int, change: dict[str, Any], said: str
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text) | {"subject": "Not lost"} | change
    answer = client.post(EDIT, data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Not lost" in answer.text
    with database.reading() as session:
        assert get_campaign(session, draft).subject == "Cadenza 6 is here"


def test_what_is_being_sent_cannot_be_rewritten(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        add_readers(session, 2)
        sending(session)
    sign_in(client, database, Role.EDITOR)
    page = client.get(EDIT).text
    assert "Only a draft can be changed" in page
    answer = client.post(EDIT, data=fields(page) | {"subject": "Too late"})
    assert answer.status_code == 422
    assert "only a draft can be changed" in answer.text


def test_the_live_count_follows_the_rules_in_the_form(client: TestClient, database: Database, draft: int) -> None:
    with database.writing() as session:
        add_readers(session, 3)
        add_contact(session, "never@example.org", locale="de")
    sign_in(client, database, Role.ANALYST)
    whole = client.get(f"{LIST}/1/count").text
    assert "3 people would get it" in whole
    assert "never gave permission for this topic" in whole
    asked = {"match": "all", "rule_field": "locale", "rule_op": "is", "rule_value": "de", "topic": "announcements"}
    assert "0 people would get it" in client.get(f"{LIST}/1/count", params=asked).text
    asked["rule_field"] = "nothing"
    assert "There is no such field." in client.get(f"{LIST}/1/count", params=asked).text


def test_the_list_shows_states_and_figures(client: TestClient, database: Database, draft: int) -> None:
    with database.writing() as session:
        add_readers(session, 2)
        sending(session)
    sign_in(client, database, Role.ANALYST)
    page = client.get(LIST).text
    assert "Cadenza 6 is here" in page
    assert "Spring" in page
    only = client.get(LIST, params={"state": "sending"}).text
    assert "Spring" in only
    assert "Cadenza 6 is here" not in only
    assert "No campaign in this state" in client.get(LIST, params={"state": "paused"}).text


@pytest.mark.parametrize(("title", "name"), [("Été: 50 % !", "ete-50"), ("  ", ""), ("x" * 200, "x" * 80)])
def test_a_name_from_a_title_has_small_letters_digits_and_hyphens(title: str, name: str) -> None:
    assert name_from(title) == name


def test_content_that_no_field_can_show_is_kept_as_toml(client: TestClient, database: Database, draft: int) -> None:
    odd = {"headline": "Six", "body": ["a", "b"], "sections": 3}
    with database.writing() as session:
        get_campaign(session, draft).content = odd
    sign_in(client, database, Role.EDITOR)
    assert client.post(EDIT, data=fields(client.get(EDIT).text)).status_code == 303
    with database.reading() as session:
        assert get_campaign(session, draft).content == odd
