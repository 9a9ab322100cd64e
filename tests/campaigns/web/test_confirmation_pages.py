"""The console and the house's own campaign: its figures can be looked at, and nobody steers it."""

import re
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from campaigns.services.mail_confirmations import mail_confirmations
from campaigns.storage.confirmations import house_campaign
from contacts.domain.addresses import Pepper
from core.database import Database
from core.operators import Role
from tests.contacts.storage.test_askers import asks
from tests.web import csrf, sign_in


@pytest.fixture
def page(client: TestClient, database: Database, pepper: Pepper, noon: datetime) -> str:
    """The page of the house's campaign, with one mail planned."""
    with database.writing() as session:
        asks(session, pepper, "ann@example.org", at=noon)
        mail_confirmations(session, at=noon)
        campaign = house_campaign(session)
        assert campaign is not None
        path = f"/console/campaigns/{campaign.id}"
    sign_in(client, database, Role.ADMIN)
    return path


def test_g7_its_figures_are_shown_by_the_day_and_nobodys_address(client: TestClient, page: str):
    shown = client.get("/console/confirmations")
    assert shown.status_code == 200
    assert re.findall(r'<td class="n">(\d+)</td>', shown.text) == ["1", "0", "1", "0", "0", "0", "0", "0"]
    assert "example.org<" not in shown.text.partition("<main")[2]
    assert page not in client.get("/console/campaigns").text


def test_before_anybody_asked_there_is_nothing_to_look_at(client: TestClient, database: Database):
    sign_in(client, database, Role.EDITOR)
    assert "No confirmation mail yet" in client.get("/console/confirmations").text


@pytest.mark.parametrize("act", ["pause", "cancel", "resume", "unschedule", "delete", "schedule", "test"])
def test_nobody_steers_it(client: TestClient, database: Database, page: str, act: str):
    mark = csrf(client, "/console/forms/new")
    answer = client.post(f"{page}/{act}", data={"csrf": mark, "to": "ann@example.org"})
    assert answer.status_code >= 400
    with database.reading() as session:
        campaign = house_campaign(session)
        assert campaign is not None
        assert campaign.state == "sending"
