"""`heedful bench send`: a campaign to invented people through ordinary senders, measured; never to another machine."""

import json
import sqlite3
import threading
from asyncio import Event, new_event_loop
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bench.rehearsals import house_of, settings_for
from contacts.storage.topics import Topic
from core.database import Database
from core.schema import migrate
from manage import main
from tests.campaigns.scenes import add_contact
from tests.campaigns.scripted import ScriptedServer, scripted


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A mail server in a thread of its own."""
    loop, ended, began = new_event_loop(), Event(), threading.Event()
    servers: list[ScriptedServer] = []

    async def serve() -> None:
        async with scripted() as served:
            servers.append(served)
            began.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert began.wait(10)
    yield servers[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join(10)
    loop.close()


def bench(*more: str, smtp: str, database: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["bench", "send", "--database", database, "--smtp", smtp, *more])
    return done.exit_code, f"{done.output}{done.exception or ''}"


def test_a_small_campaign_is_sent_and_measured_and_its_database_serves_a_second_time(
    server: ScriptedServer, tmp_path: Path
):
    place = {"database": f"sqlite:///{tmp_path}/bench.db", "smtp": f"127.0.0.1:{server.port}"}
    code, said = bench("--messages", "40", "--links", "3", "--bytes", "5000", "--connections", "4", "--json", **place)
    assert code == 0, said
    told = json.loads(said)
    assert (told["sent"], told["failed"], told["withheld"], told["unknown"]) == (40, 0, 0, 0)
    assert (told["audience"], told["people_built"], told["settled"], told["warnings"]) == (40, 40, 40, {})
    assert told["permits_and_settlements"] == 80
    assert 0 < told["transactions"] <= 80
    assert told["messages_per_second"] > 0
    assert told["peak_memory_mib"] > 10
    assert {message.replace(b"=\r\n", b"").count(b"/c/") for message in server.messages} == {6}
    assert all(abs(len(message) - 5000) < 700 for message in server.messages)
    code, said = bench("--messages", "40", "--connections", "4", **place)
    assert json.loads(said)["people_built"] == 0
    code, said = bench("--messages", "39", **place)
    assert (code, "more people" in said) == (1, True)


def test_load_goes_to_this_machine_only(tmp_path: Path):
    for elsewhere in ("mail.example.org:25", "192.0.2.7:25", "127.0.0.1"):
        code, said = bench(smtp=elsewhere, database=f"sqlite:///{tmp_path}/bench.db")
        assert (code, "this machine only" in said) == (1, True), elsewhere
    assert not (tmp_path / "bench.db").exists()


def test_a_database_with_anybody_real_is_left_alone(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/heedful.db"
    database, _ = house_of(settings_for(url), 1)
    with database.writing() as session:
        add_contact(session, "ann@example.org")
    database.close()
    code, said = bench(smtp="127.0.0.1:1", database=url)
    assert (code, "no benchmark put there" in said) == (1, True)


def test_tables_of_another_version_or_of_somebody_else_are_not_touched(tmp_path: Path):
    place = tmp_path / "old.db"
    with closing(sqlite3.connect(place)) as old:
        old.execute("CREATE TABLE theirs (id INTEGER)")
        old.commit()
    code, said = bench(smtp="127.0.0.1:1", database=f"sqlite:///{place}")
    assert (code, "heedful migrate" in said or "init" in said) == (1, True), said
    with closing(sqlite3.connect(place)) as old:
        assert old.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_house_that_was_just_made_is_left_alone(tmp_path: Path):
    place = f"sqlite:///{tmp_path}/new.db"
    database = Database(place)
    migrate(database)
    code, said = bench(smtp="127.0.0.1:1", database=place)
    assert (code, "no benchmark put there" in said) == (1, True), said
    with database.reading() as session:
        assert session.scalars(select(Topic.name)).all() == []
    database.close()
