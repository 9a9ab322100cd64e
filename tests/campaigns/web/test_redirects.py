"""The click-through page over real HTTP, on both databases, and with the database away."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from campaigns.domain.click_tokens import click_token
from campaigns.domain.states import MessageState
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.clicks import Click
from campaigns.storage.links import Link, store_links
from campaigns.web.click_keeping import close_keeper, keeper_of
from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.clock import now
from core.database import Database
from core.settings import Settings
from core.tokens import Keyring, TokenKind, pack
from tests.campaigns.scenes import a_sender, add_reader, sending, tell
from tests.web import browser

URL = "https://example.org/new?a=1&b=2"
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    with browser(settings, database) as opened:
        yield opened
    close_keeper(database)


def _sent(session: Session) -> tuple[Contact, int, int]:
    """A message that was handed over an hour ago: the reader, the message, and a link."""
    at = now() - timedelta(hours=1)
    person = add_reader(session, "reader@example.org", at=at)
    mailing = sending(session, at=at)
    sender = a_sender(session)
    number = claim(session, sender, at=at, lease=timedelta(minutes=1), most=1)[0].message_id
    settle(session, sender, [Outcome(number, MessageState.SENT, handed_over_at=at)])
    return person, number, store_links(session, mailing.campaign_id, [URL])[URL]


def _path(keyring: Keyring, message_id: int, link_id: int) -> str:
    return f"/c/{click_token(keyring, message_id, link_id)}"


def _clicks(database: Database) -> list[datetime]:
    with database.reading() as session:
        return list(session.scalars(select(Click.at)))


def _until(done: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_click_leads_on_at_once_and_is_kept(client, database, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
    answer = client.get(_path(keyring, message, link), headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, URL)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert _until(lambda: len(_clicks(database)) == 1)


def test_g11_head_leads_on_and_is_never_kept(client, database, settings, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
    answer = client.head(_path(keyring, message, link), headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, URL)
    client.get(_path(keyring, message, link), headers={"user-agent": "Barracuda Link Scanner"})
    keeper_of(database, settings).store_waiting()
    assert _clicks(database) == []


@pytest.mark.parametrize("token", ["x", "AAAA", "%00", "..%2f..", "https:%2f%2fevil.example"])
def test_what_is_no_token_leads_nowhere(client, token):
    answer = client.get(f"/c/{token}")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_p20_a_signed_link_that_was_never_stored_leads_nowhere(client, database, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
    assert client.get(_path(keyring, message, link + 1)).status_code == 404
    wrong_kind = keyring.sign(TokenKind.PREFERENCES, pack(message, link))
    assert client.get(f"/c/{wrong_kind}").status_code == 404
    stranger = Keyring(["another secret that is long enough too"])
    assert client.get(_path(stranger, message, link)).status_code == 404


def test_g16_a_reader_who_is_not_tracked_is_led_on_and_nothing_is_stored(client, database, settings, keyring):
    with database.writing() as session:
        person, message, link = _sent(session)
        tell(session, person, Kind.OPT_OUT, ["tracking"], at=now())
    answer = client.get(_path(keyring, message, link), headers=BROWSER)
    assert answer.headers["location"] == URL
    keeper_of(database, settings).store_waiting()
    assert _clicks(database) == []
    assert not (settings.data_dir / "clicks.spool").exists()


class Away:
    """Takes a database away, as a server that stopped or a file that is gone, and brings it back."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engines = {name: getattr(database, name) for name in ("engine", "_reader", "_writer")}

    def __enter__(self) -> None:
        gone = Database(
            "postgresql://heedful@127.0.0.1:1/nowhere?connect_timeout=1"
            if self._database.dialect == "postgresql"
            else "sqlite:////nowhere/at/all/heedful.db"
        )
        for name in self._engines:
            setattr(self._database, name, getattr(gone, name))

    def __exit__(self, *_: object) -> None:
        for name, engine in self._engines.items():
            setattr(self._database, name, engine)


def test_a_click_survives_a_database_that_is_away(client, database, settings, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
    path = _path(keyring, message, link)
    spool = settings.data_dir / "clicks.spool"
    keeper_of(database, settings).warm()
    with Away(database):
        answer = client.get(path, headers=BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (302, URL)
        assert _until(lambda: spool.exists() and spool.stat().st_size > 0)
    assert _until(lambda: len(_clicks(database)) == 1)
    assert spool.stat().st_size == 0
    assert now() - _clicks(database)[0] < timedelta(minutes=1)


def test_g16_a_spooled_click_of_somebody_who_left_meanwhile_is_dropped(client, database, settings, keyring):
    with database.writing() as session:
        person, message, link = _sent(session)
    keeper = keeper_of(database, settings)
    keeper.warm()
    spool = settings.data_dir / "clicks.spool"
    with Away(database):
        client.get(_path(keyring, message, link), headers=BROWSER)
        keeper.close()
        assert spool.stat().st_size > 0
    with database.writing() as session:
        tell(session, person, Kind.OPT_OUT, ["tracking"], at=now())
    keeper.store_waiting()
    assert spool.stat().st_size == 0
    assert _clicks(database) == []


def test_an_unknown_link_says_try_again_while_the_database_is_away(client, database, settings, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
    keeper_of(database, settings)._links.clear()
    with Away(database):
        answer = client.get(_path(keyring, message, link), headers=BROWSER)
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "60"), answer.text
    assert client.get(_path(keyring, message, link), headers=BROWSER).status_code == 302


def test_g16_a_scanner_that_follows_every_link_leaves_nothing(client, database, settings, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
        owner = session.scalars(select(Link.campaign_id).where(Link.id == link)).one()
        links = store_links(session, owner, [f"https://example.org/{each}" for each in range(5)])
    for each in links.values():
        assert client.get(_path(keyring, message, each), headers=BROWSER).status_code == 302
    keeper_of(database, settings).store_waiting()
    assert _until(lambda: _clicks(database) == [])


def test_a_keeper_that_closes_stores_what_waits(client, database, settings, keyring):
    with database.writing() as session:
        _person, message, link = _sent(session)
    client.get(_path(keyring, message, link), headers=BROWSER)
    close_keeper(database)
    close_keeper(database)
    assert len(_clicks(database)) == 1
