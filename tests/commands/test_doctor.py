"""`heedful doctor` names what is wrong with the remedy that helps: tables, rights, folders, work cut off."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from campaigns.storage.senders import beat, note_overtaken, start_sender
from contacts.domain.sheets import TableShape
from contacts.storage.contact_edits import ContactEdit, begin_edit, end_edit, stopped_edits
from contacts.storage.imports import begin_import, finish_import, stopped_imports
from core.clock import now
from core.database import Database
from core.settings import Settings
from tests.conftest import NOON, made_settings
from tests.journeys.houses import environment
from tests.journeys.narrow_houses import narrow_house_of

LATER = NOON + timedelta(minutes=6)


@pytest.fixture
def told(settings: Settings, database: Database, empty, monkeypatch: pytest.MonkeyPatch):
    """What the doctor says, over either database."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return lambda: json.loads(empty("doctor", "--json").output.splitlines()[0])


def an_edit(field: str) -> ContactEdit:
    facts = {"operator": "kim@example.org", "segment": "", "condition": {"field": field}, "edit": {"stop": True}}
    return ContactEdit(**facts, state="running", met=9, started_at=NOON, touched_at=NOON)


def an_import(session, at) -> int:
    shape = TableShape("utf-8", ",", header=True, columns=("email",))
    return begin_import(session, operator="kim", file_name="a.csv", shape=shape, mapping=[], size=9, at=at)


def test_an_unmigrated_database_is_to_be_migrated_and_nothing_else(told, database: Database):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    found = told()
    for name in ("database", "guards", "pepper", "long work"):
        assert "run `heedful migrate`" in found[name], found[name]


def test_a_data_folder_that_cannot_be_made_comes_with_a_remedy(told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HEEDFUL_DATA_DIR", str(tmp_path / "file" / "data"))
    assert "set HEEDFUL_DATA_DIR" in told()["data folder"]


def test_work_that_stopped_in_the_middle_is_named_until_it_was_run_to_the_end(told, database: Database):
    assert "FAULT" not in told()["long work"]
    with database.writing() as session:
        number, run = begin_edit(session, an_edit("locale")), an_import(session, NOON)
        begin_edit(session, an_edit("title"))
        assert (stopped_edits(session, at=NOON), stopped_imports(session, at=NOON)) == ([], [])
        assert (stopped_edits(session, at=LATER), stopped_imports(session, at=LATER)) == ([1, 2], [run])
        end_edit(session, begin_edit(session, an_edit("locale")), at=NOON)
        finish_import(session, an_import(session, NOON), counts={}, rejects="", at=NOON)
        assert (stopped_edits(session, at=LATER), stopped_imports(session, at=LATER)) == ([number + 1], [])
    assert now() > LATER
    assert told()["long work"] == "FAULT: edit 2 stopped in the middle. Run it again: what was done stays."


def test_what_only_the_owner_may_is_said_in_a_sentence_and_changes_no_file(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings, env = made_settings(postgresql_url, tmp_path), tmp_path / ".env"
    env.write_text(before := f"HEEDFUL_PEPPER={settings.pepper.get_secret_value()}\n")
    with narrow_house_of(settings, postgresql_url, tmp_path, monkeypatch) as house:
        said = house.heedful("pepper", "rotate", code=1)
        assert "Only the database's owner may take a new pepper into use. Run it with the owner's address" in said
        assert env.read_text() == before
        said = house.heedful("ledger", "guard", code=1)
        assert "the owner of the tables, may." in said


def test_senders_are_counted_and_one_that_fell_silent_is_named(told, database: Database):
    assert "none runs now" in told()["senders"]
    with database.writing() as session:
        number = start_sender(session, "north.example.org:41", now())
        note_overtaken(session, number, 3)
    assert "1 at work; 3 handed over after others had taken their sender for dead" in told()["senders"]
    with database.writing() as session:
        beat(session, number, now() - timedelta(minutes=1))
    assert "north.example.org:41 gave no sign of life" in told()["senders"]
