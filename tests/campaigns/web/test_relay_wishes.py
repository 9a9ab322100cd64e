"""A campaign asks for a mail server in its file or on its form, and cannot be scheduled where there is none."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from campaigns.domain.campaign_files import CampaignDraft, read_campaign, write_campaign
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.check_campaign import check_campaign
from campaigns.storage.campaigns import get_campaign, put_draft, revision
from core.database import Database
from core.operators import Role
from core.settings import Settings
from core.tokens import Keyring
from tests.campaigns.scenes import add_readers, make_draft
from tests.forms import fields
from tests.web import browser, sign_in

EDIT = "/console/campaigns/1/edit"
TWO = "smtp://127.0.0.1:26?name=mx1 smtp://127.0.0.1:27?name=mx2&from=example.com"


@pytest.fixture
def draft(database: Database, noon: datetime) -> CampaignDraft:
    with database.writing() as session:
        add_readers(session, 1)
        return apply_draft(session, make_draft(), at=noon).campaign.draft


@pytest.fixture
def form(settings: Settings, database: Database, draft: CampaignDraft) -> Iterator[Callable[[str], TestClient]]:
    with ExitStack() as opened:

        def of(urls: str) -> TestClient:
            client = opened.enter_context(browser(settings.model_copy(update={"smtp_url": SecretStr(urls)}), database))
            sign_in(client, database, Role.EDITOR)
            return client

        yield of


def test_a_file_keeps_the_server_and_a_change_of_it_is_a_change(
    database: Database, draft: CampaignDraft, noon: datetime
):
    wished = replace(draft, relay="mx2")
    assert read_campaign(write_campaign(wished)) == wished
    assert "relay" not in write_campaign(draft)
    with database.writing() as session:
        before = revision(get_campaign(session, 1))
        assert revision(put_draft(session, wished, noon)) != before
        assert get_campaign(session, 1).draft == wished


def test_the_form_offers_the_servers_where_there_are_several(form, database: Database) -> None:
    assert 'name="relay"' not in form("smtp://127.0.0.1:26").get(EDIT).text


def test_the_form_keeps_the_choice_and_shows_a_server_that_is_gone(form, database: Database) -> None:
    client = form(TWO)
    assert client.post(EDIT, data=fields(client.get(EDIT).text) | {"relay": "mx2"}).status_code == 303
    with database.writing() as session:
        campaign = get_campaign(session, 1)
        assert campaign.relay == "mx2"
        campaign.relay = "mx9"
    assert '<option value="mx9" selected' in client.get(EDIT).text


@pytest.mark.parametrize(("relay", "faults"), [("", []), ("mx2", []), ("mx9", ["relay"])])
def test_a_server_that_is_not_there_forbids_scheduling(
    database: Database, settings: Settings, draft: CampaignDraft, noon: datetime, relay: str, faults: list[str]
) -> None:
    house = settings.model_copy(update={"smtp_url": SecretStr(TWO)})
    keyring = Keyring(settings.secret_key.get_secret_value().split(","))
    with database.writing() as session:
        campaign = put_draft(session, replace(draft, relay=relay), noon)
        checked = check_campaign(session, campaign, house, keyring, at=noon)
    assert [found.where for found in checked.findings if found.where in {"relay", "sender"}] == faults
    assert (checked.clearance is None) == bool(faults)
