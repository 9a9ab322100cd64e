import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.domain.click_tokens import ClickedLink
from campaigns.domain.machines import Hit
from campaigns.domain.states import MessageState
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.clicks import Click
from campaigns.storage.links import store_links
from campaigns.storage.spools import ClickSpool, FollowedLink
from campaigns.web import click_keeping
from campaigns.web.click_keeping import ClickKeeper, RecentHits, close_keeper, keeper_of
from core.database import Database
from tests.campaigns.scenes import a_sender, add_readers, sending
from tests.conftest import NOON

AGENT = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def keeper(database: Database, tmp_path: Path) -> Iterator[ClickKeeper]:
    made = ClickKeeper(database, ClickSpool(tmp_path / "clicks.spool"), lambda: LATER)
    yield made
    made.close()


def _sent(database: Database, number: int = 1) -> list[ClickedLink]:
    """Messages handed over at noon, each with the one link of their campaign."""
    with database.writing() as session:
        add_readers(session, number)
        mailing = sending(session)
        sender = a_sender(session)
        taken = claim(session, sender, at=NOON, lease=timedelta(minutes=1), most=number)
        settle(session, sender, [Outcome(each.message_id, MessageState.SENT, handed_over_at=NOON) for each in taken])
        link = store_links(session, mailing.campaign_id, ["https://example.org/"])["https://example.org/"]
    return [ClickedLink(each.message_id, link) for each in taken]


def _count(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Click.id)).all())


def test_clicks_wait_until_they_are_stored_in_batches(database, keeper):
    for clicked in _sent(database, 3):
        keeper.note(clicked, Hit("GET", LATER, AGENT))
        keeper.note(clicked, Hit("HEAD", LATER, AGENT))
    assert _count(database) == 0
    assert keeper.store_waiting() == 3
    assert _count(database) == 3


def test_a_flood_is_spooled_and_stored_from_there(database, keeper, monkeypatch):
    monkeypatch.setattr(click_keeping, "MOST_WAITING", 2)
    monkeypatch.setattr(click_keeping, "BATCH", 1)
    for clicked in _sent(database, 5):
        keeper.note(clicked, Hit("GET", LATER, AGENT))
    assert keeper.store_waiting() == 5
    assert _count(database) == 5


def test_the_keepers_thread_survives_what_it_cannot_store(database, keeper, caplog, monkeypatch):
    def broken(*_: object, **__: object) -> bool:
        raise ValueError("somebody@example.org")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "heedful.clicks"):
        patch.setattr(click_keeping, "follow", broken)
        keeper.start()
        keeper.start()
        first, second = _sent(database, 2)
        keeper.note(first, Hit("GET", LATER, AGENT))
        deadline = time.monotonic() + 5
        while not caplog.records and time.monotonic() < deadline:
            time.sleep(0.02)
    assert [record.message for record in caplog.records] == ["clicks could not be kept"]
    assert "somebody" not in caplog.text
    keeper.note(second, Hit("GET", LATER, AGENT))
    keeper.close()
    assert _count(database) == 1


def test_the_cache_of_destinations_has_a_limit(database, keeper, monkeypatch):
    monkeypatch.setattr(click_keeping, "MOST_LINKS", 2)
    with database.writing() as session:
        urls = [f"https://example.org/{each}" for each in range(4)]
        links = store_links(session, sending(session).campaign_id, urls)
    for url, number in links.items():
        assert keeper.destination(number) == url
    assert keeper.destination(999) is None
    assert len(keeper._links) <= 2
    keeper.warm()
    assert keeper._links.keys() >= set(sorted(links.values())[-2:])


def test_a_burst_is_counted_over_the_last_seconds_of_one_message():
    recent = RecentHits()
    assert [recent.others(ClickedLink(1, link), NOON) for link in (1, 2, 2, 3)] == [0, 1, 1, 2]
    assert recent.others(ClickedLink(2, 1), NOON) == 0
    assert recent.others(ClickedLink(1, 9), NOON + timedelta(minutes=1)) == 0


def test_a_door_that_opens_while_the_database_is_away_opens_all_the_same(settings, sqlite_url):
    nowhere = Database("sqlite:////nowhere/at/all/heedful.db")
    keeper = keeper_of(nowhere, settings)
    assert keeper_of(nowhere, settings) is keeper
    spool = ClickSpool(settings.data_dir / "clicks.spool")
    spool.add([FollowedLink(1, 1, NOON)])
    assert keeper.store_waiting() == 0
    close_keeper(nowhere)
    assert spool.empty_into(lambda clicks: None) == 1
