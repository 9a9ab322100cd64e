"""Guards that are missing, changed or switched off are named, and can be put back."""

import pytest
from sqlalchemy import text

from core.database import Database
from migrations.block_guards import (
    postgresql_block_guards_down,
    sqlite_block_guards_down,
)
from migrations.standing_guards import GUARDED, guard_faults, postgresql_expected, put_guards_back, sqlite_expected
from tests.contacts.intruders import guards, unguard

NOTHING = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
DOINGS: dict[str, dict[str, str]] = {
    "sqlite": {
        "DROP TRIGGER block_no_delete": "The guard block_no_delete is missing.",
        "DROP TRIGGER event_no_update\nCREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END":
            "The guard event_no_update was changed.",
        "CREATE TRIGGER helpful BEFORE INSERT ON block BEGIN SELECT RAISE(IGNORE); END":
            "The trigger helpful is none of Heedful's.",
        "PRAGMA writable_schema=ON\nDELETE FROM sqlite_master WHERE name = 'block_no_update'\n"
        "PRAGMA writable_schema=RESET": "The guard block_no_update is missing.",
        "PRAGMA writable_schema=ON\nUPDATE sqlite_master SET sql = replace(sql, 'RAISE(ABORT', 'max(1') "
        "WHERE name = 'event_no_delete'\nPRAGMA writable_schema=RESET": "The guard event_no_delete was changed.",
        "ALTER TABLE consent RENAME TO consent_old\nCREATE VIEW consent AS SELECT * FROM consent_old":
            "The table consent is missing.",
        "DROP TABLE block": "The table block is missing.",
        "DROP TRIGGER topic_named_once": "The guard topic_named_once is missing.",
    },
    "postgresql": {
        "DROP TRIGGER topic_named_once ON topic": "The guard topic_named_once is missing.",
        NOTHING.format("heedful_keep_topic"): "The function heedful_keep_topic was changed.",
        "DROP TRIGGER block_tied ON block": "The guard block_tied is missing.",
        "ALTER TABLE event DISABLE TRIGGER event_kept": "The guard event_kept is switched off, or can be.",
        "ALTER TABLE event DISABLE TRIGGER ALL\nALTER TABLE event ENABLE TRIGGER ALL":
            "The guard event_kept is switched off, or can be.",
        "ALTER TABLE block ENABLE REPLICA TRIGGER block_tied": "The guard block_tied is switched off, or can be.",
        "DROP TRIGGER event_kept ON event\nCREATE TRIGGER event_kept BEFORE DELETE ON event FOR EACH ROW "
        "EXECUTE FUNCTION heedful_refuse()\nALTER TABLE event ENABLE ALWAYS TRIGGER event_kept":
            "The guard event_kept was changed.",
        "DROP TRIGGER event_kept ON event\nCREATE TRIGGER event_kept BEFORE UPDATE OF kind OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION heedful_refuse()\nALTER TABLE event ENABLE ALWAYS TRIGGER event_kept":
            "The guard event_kept was changed.",
        NOTHING.format("heedful_refuse"): "The function heedful_refuse was changed.",
        NOTHING.format("heedful_guard_block"): "The function heedful_guard_block was changed.",
        "ALTER FUNCTION heedful_guard_head() SET search_path = public": "The function heedful_guard_head was changed.",
        "ALTER FUNCTION heedful_guard_block() RENAME TO other": "The function heedful_guard_block is missing.",
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'\n"
        "CREATE TRIGGER swallow BEFORE INSERT ON block FOR EACH ROW EXECUTE FUNCTION swallow()":
            "The trigger swallow is none of Heedful's.",
        "CREATE RULE swallow AS ON INSERT TO block DO INSTEAD NOTHING":
            "The table block has a rule or a row policy, which can hide what stands in it.",
        "ALTER TABLE block ENABLE ROW LEVEL SECURITY":
            "The table block has a rule or a row policy, which can hide what stands in it.",
        "ALTER TABLE block DROP CONSTRAINT pk_block": "The table block has lost its primary key.",
        "ALTER TABLE consent RENAME TO consent_old\nCREATE VIEW consent AS SELECT * FROM consent_old":
            "The table consent is missing.",
        "DROP TABLE block": "The table block is missing.",
    },
}  # fmt: skip


def test_g18_every_guard_stands_after_the_migrations(database: Database):
    assert guards(database) == []


@pytest.mark.parametrize("doing", [*DOINGS["sqlite"], *DOINGS["postgresql"]])
def test_g18_what_was_done_to_the_guards_is_named(database: Database, doing: str):
    if doing not in DOINGS[database.dialect]:
        pytest.skip("a doing of the other database")
    with database.writing() as session:
        for statement in doing.split("\n"):
            session.connection().exec_driver_sql(statement)
    assert DOINGS[database.dialect][doing] in guards(database)


def test_g18_guards_that_were_switched_off_are_put_back(database: Database):
    with database.writing() as session:
        unguard(session)
    assert guards(database)
    with database.writing() as session:
        put_guards_back(session.connection())
    assert guards(database) == []


def test_g18_what_the_second_migration_made_can_be_taken_away_for_a_later_one_to_rebuild_a_table(database: Database):
    down = sqlite_block_guards_down() if database.dialect == "sqlite" else postgresql_block_guards_down()
    with database.writing() as session:
        for statement in down:
            session.execute(text(statement))
        left = guard_faults(session.connection())
    assert "block_tied" in str(left) or "block_no_delete" in str(left)
    assert not [each for each in left if "permit_settled_once" in each or "changed" in each]


def test_every_guarded_table_has_a_guard_on_both_databases():
    on_sqlite = {sql.partition(" ON ")[2].split()[0] for sql in sqlite_expected().values()}
    on_postgresql = {trigger.table for trigger in postgresql_expected().values()}
    assert on_sqlite == on_postgresql == set(GUARDED)
