"""Posts of one moment answered by one transaction: each gets its own answer, and one that fails fails alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app import Door
from core.database import Database
from core.errors import NotFound
from core.web.shared_places import Desk, SharedPlace, together
from tests.patience import until


@pytest.fixture
def table(database):
    with database.writing() as session:
        session.execute(text("CREATE TABLE pressed (word VARCHAR(20) PRIMARY KEY)"))
    return database


def stored(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(text("SELECT word FROM pressed")))


def store(session, batch: Sequence[str]) -> list[str | Exception]:
    said: list[str | Exception] = []
    for word in batch:
        if word == "unknown":
            said.append(NotFound("There is no such word."))
            continue
        if word == "broken":
            raise ValueError(word)
        session.execute(text("INSERT INTO pressed VALUES (:word)"), {"word": word})
        said.append(word.upper())
    return said


PLACE = SharedPlace(
    "/press", lambda visit: visit.text("word"), store, lambda _visit, said: PlainTextResponse(str(said))
)


def test_what_fails_fails_alone_and_is_said_to_that_one(table):
    said = together(PLACE, table, ["one", "unknown", "broken", "two", "one"])
    assert [type(each).__name__ for each in said] == ["str", "NotFound", "ValueError", "str", "IntegrityError"]
    assert stored(table) == {"one", "two"}


def test_of_a_database_that_is_away_everybody_hears_at_once(table):
    tried = []

    def away(_session, batch):
        tried.append(len(batch))
        raise OperationalError("SELECT", {}, Exception("away"))

    said = together(SharedPlace("/press", PLACE.read, away, PLACE.tell), table, ["one", "two"])
    assert [type(each) for each in said] == [OperationalError, OperationalError]
    assert tried == [2]


def test_posts_that_come_while_one_is_stored_are_taken_together(table, settings):
    first, go_on, sizes = Event(), Event(), []

    def slow(session, batch):
        sizes.append(len(batch))
        if not first.is_set():
            first.set()
            assert go_on.wait(20)
        return store(session, batch)

    place = SharedPlace("/press", PLACE.read, slow, lambda _visit, said: lambda: PlainTextResponse(str(said)))
    desk = Desk(place, Door(settings, table))
    app = Starlette(routes=[Route("/press", desk.answer, methods=["POST"])])
    with TestClient(app) as client, ThreadPoolExecutor(9) as pool:
        one = pool.submit(client.post, "/press", data={"word": "w0"})
        assert first.wait(20)
        others = [pool.submit(client.post, "/press", data={"word": f"w{each}"}) for each in range(1, 9)]
        until(lambda: desk.left == 9, "everybody has handed in")
        go_on.set()
        assert one.result(20).text == "W0"
        assert {each.result(20).text for each in others} == {f"W{each}" for each in range(1, 9)}
        assert client.post("/press", data={"word": "unknown"}).status_code == 404
        assert client.post("/press", files={"word": (None, "parts")}).text == "PARTS"
        many = "&".join(["a=1"] * 6000)
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert client.post("/press", content=many, headers=form).status_code == 400
    desk.close()
    assert len(sizes) < 11
    assert stored(table) == {f"w{each}" for each in range(9)} | {"parts"}


def test_a_shared_place_is_a_public_one():
    assert (PLACE.place.role, PLACE.place.methods, PLACE.place.largest) == (None, ("POST",), 2 * 1024 * 1024)
