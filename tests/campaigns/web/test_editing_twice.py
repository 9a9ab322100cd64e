"""Two windows with the same campaign: the second save never silently undoes the first."""

from datetime import datetime

import pytest
from starlette.testclient import TestClient

from campaigns.domain.campaign_files import read_campaign
from campaigns.services.apply_campaign import apply_draft
from campaigns.storage.campaigns import get_campaign
from core.database import Database
from core.operators import Role
from tests.campaigns.web.test_campaign_pages import DEMO, EDIT
from tests.forms import fields
from tests.web import sign_in

SAID = "Somebody changed this campaign meanwhile"


@pytest.fixture
def draft(database: Database, noon: datetime) -> int:
    with database.writing() as session:
        return apply_draft(session, read_campaign(DEMO.read_text()), at=noon).campaign.id


def _kept(database: Database, draft: int) -> tuple[str, str, str]:
    with database.reading() as session:
        kept = get_campaign(session, draft).draft
    return kept.subject, kept.preheader, kept.schedule.at


def test_the_second_of_two_windows_is_told_and_loses_nothing(
    client: TestClient, database: Database, draft: int
) -> None:
    sign_in(client, database, Role.EDITOR)
    first = fields(client.get(EDIT).text) | {"subject": "From the first"}
    second = fields(client.get(EDIT).text) | {
        "subject": "From the second",
        "content_body": "Typed in the second",
        "more": 'colour = "red"',
        "rule_field": ["shoes"],
        "rule_op": ["is"],
        "rule_value": ["44"],
    }
    assert client.post(EDIT, data=first).status_code == 303
    refused = client.post(EDIT, data=second)
    assert refused.status_code == 409
    assert SAID in refused.text
    assert f'href="{EDIT}"' in refused.text
    assert all(typed in refused.text for typed in ("From the second", "Typed in the second", "colour = &#34;red&#34;"))
    assert "shoes" in refused.text
    assert _kept(database, draft)[0] == "From the first"


def test_pressing_again_saves_knowingly_unless_it_was_changed_once_more(
    client: TestClient, database: Database, draft: int
) -> None:
    sign_in(client, database, Role.EDITOR)
    first, second = (fields(client.get(EDIT).text) for _window in range(2))
    client.post(EDIT, data=first | {"subject": "One"})
    refused = fields(client.post(EDIT, data=second | {"subject": "Two"}).text)
    with database.writing() as session:
        get_campaign(session, draft).preheader = "Another hand"
    again = client.post(EDIT, data=refused)
    assert again.status_code == 409
    assert _kept(database, draft)[:2] == ("One", "Another hand")
    assert client.post(EDIT, data=fields(again.text)).status_code == 303
    assert _kept(database, draft)[0] == "Two"


def test_a_changed_hour_is_a_change_and_a_form_that_says_no_version_is_refused(
    client: TestClient, database: Database, draft: int
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text)
    with database.writing() as session:
        get_campaign(session, draft).wished_at = "2099-01-01 09:00"
    assert client.post(EDIT, data=form | {"subject": "Late"}).status_code == 409
    form.pop("revision")
    assert client.post(EDIT, data=form | {"subject": "Late"}).status_code == 409
    assert _kept(database, draft)[2] == "2099-01-01 09:00"


def test_a_mistake_does_not_pass_for_knowing(client: TestClient, database: Database, draft: int) -> None:
    sign_in(client, database, Role.EDITOR)
    wrong = client.post(EDIT, data=fields(client.get(EDIT).text) | {"title": ""})
    assert wrong.status_code == 422
    with database.writing() as session:
        get_campaign(session, draft).subject = "Meanwhile"
    assert client.post(EDIT, data=fields(wrong.text) | {"title": "Six"}).status_code == 409


def test_a_template_changed_elsewhere_drops_nothing_that_was_typed(
    client: TestClient, database: Database, draft: int
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = fields(client.get(EDIT).text) | {"content_button_label": "Typed label", "content_headline": "Typed line"}
    with database.writing() as session:
        get_campaign(session, draft).template = ""
    again = fields(client.post(EDIT, data=form).text)
    assert client.post(EDIT, data=again).status_code == 303
    with database.reading() as session:
        kept = get_campaign(session, draft)
        assert (kept.template, kept.content["headline"], kept.content["button_label"]) == (
            "announcement",
            "Typed line",
            "Typed label",
        )
