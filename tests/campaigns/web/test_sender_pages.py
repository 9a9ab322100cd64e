"""The page of senders: who runs, what each does and how fast, who went, and the count that must stay at nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from campaigns.storage.senders import SenderState, Sign, beat, note_overtaken, start_sender, stop_sender
from core.clock import now
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.web import browser, sign_in

PAGE = "/console/senders"


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    with browser(settings, database) as visitor:
        yield visitor


def test_senders_are_shown_with_machine_state_and_rate(client: TestClient, database: Database):
    at = now()
    with database.writing() as session:
        busy = start_sender(session, "north.example.org:41", at)
        beat(session, busy, at, Sign(SenderState.SENDING, 1234.56, 20_000))
        away = start_sender(session, "south.example.org:7", at)
        beat(session, away, at, Sign(SenderState.AWAY))
        start_sender(session, "west.example.org:8", at - timedelta(minutes=5))
        gone = start_sender(session, "east.example.org:9", at - timedelta(hours=2))
        stop_sender(session, gone, at)
        old = start_sender(session, "old.example.org:9", at - timedelta(hours=60))
        stop_sender(session, old, at - timedelta(hours=50))
    sign_in(client, database, Role.ANALYST)
    page = client.get(PAGE).text
    for told in ("north.example.org:41", "1,234.6", "20,000", "sending", "no server answers", "silent", "Together"):
        assert told in page
    assert page.index("east.example.org") > page.index("Gone in the last day")
    assert "old.example.org" not in page
    assert "No message was ever handed over" in page


def test_a_message_that_was_handed_over_after_a_burial_is_told(client: TestClient, database: Database):
    with database.writing() as session:
        note_overtaken(session, start_sender(session, "north.example.org:41", now()), 2)
    sign_in(client, database, Role.ANALYST)
    assert "2 messages were handed over by senders that others had already taken for dead" in client.get(PAGE).text


def test_without_a_sender_the_page_says_how_to_start_one(client: TestClient, database: Database):
    sign_in(client, database, Role.ANALYST)
    assert "heedful send" in client.get(PAGE).text
