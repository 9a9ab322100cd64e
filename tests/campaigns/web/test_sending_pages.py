"""The page of the sending tells what is known of servers and providers, and lets editors try again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import update
from starlette.testclient import TestClient

from campaigns.domain.rations import WHOLE, Held
from campaigns.storage.buckets import close_buckets, open_buckets
from campaigns.storage.messages import Message
from campaigns.storage.relay_states import Noted, back_offs, note_providers, note_relays, relay_states
from campaigns.storage.warm_ups import count_on, open_day
from core.clock import now
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.campaigns.scenes import add_readers, sending
from tests.web import browser, csrf, sign_in

PAGE = "/console/sending"


@pytest.fixture
def known(settings: Settings, database: Database) -> Iterator[TestClient]:
    """Two servers, one of which rests and warms up; a provider that pushes back, and messages that wait."""
    today = now().date()
    urls = f"smtp://127.0.0.1:26?name=mx1&warmup={today}:50,100&rate=20 smtp://user:pw@localhost:27?name=mx2&from=example.org"
    at = now()
    with database.writing() as session:
        add_readers(session, 2)
        mailing = sending(session)
        session.execute(update(Message).values(reason=Held.PROVIDER.value))
        soon = at + timedelta(minutes=5)
        note_relays(session, [Noted("mx1", 1, 3, 2, soon, "421 4.3.2 going down")], at=at)
        note_providers(session, [Noted("gmail", bad=3, misses=4, paused_until=soon, said="421 4.7.28 slower")], at=at)
        open_day(session, [("mx1", WHOLE)], today)
        count_on(session, {(("mx1", WHOLE), today): 12})
        close_buckets(session, open_buckets(session, {"relay:mx1": 20.0, f"mailing:{mailing.id}": 5.0}, at=at))
    with browser(settings.model_copy(update={"smtp_url": SecretStr(urls)}), database) as client:
        yield client


def test_everything_known_is_shown_and_no_password(known: TestClient, database: Database) -> None:
    sign_in(known, database, Role.ANALYST)
    page = known.get(PAGE).text
    server = ("mx1", "left alone", "going down", "12 / 50", "smtp://localhost:27", "for example.org")
    for told in (*server, "gmail", "slower", "for a provider that pushed back", "spring"):
        assert told in page, told
    assert "pw@" not in page
    assert "Try again now" not in page  # an analyst only looks


@pytest.mark.parametrize(("field", "name"), [("relay", "mx1"), ("provider", "gmail")])
def test_an_editor_tries_again(known: TestClient, database: Database, field: str, name: str) -> None:
    sign_in(known, database, Role.EDITOR)
    mark = csrf(known, PAGE)
    answer = known.post(PAGE, data={"csrf": mark, field: name})
    assert answer.headers["location"] == f"{PAGE}?said=retried"
    with database.reading() as session:
        rest = [each.paused_until for each in (relay_states(session) if field == "relay" else back_offs(session))]
    assert rest in ([None], [])
    assert known.post(PAGE, data={"csrf": mark, field: "nobody"}).status_code == 404


def test_an_analyst_may_not(known: TestClient, database: Database) -> None:
    sign_in(known, database, Role.ANALYST)
    answer = known.post(PAGE, data={"csrf": csrf(known, PAGE), "relay": "mx1"})
    assert answer.status_code == 403


def test_a_house_without_limits_says_so(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.ADMIN)
    page = client.get(PAGE).text
    for told in ("capture", "well", "None at this time", "No rates"):
        assert told in page
