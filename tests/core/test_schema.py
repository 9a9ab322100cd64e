"""Migrations: `upgrade head` equals the classes, and another version is told with the command that helps."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from core import schema
from core.database import Base, Database
from core.errors import SchemaMismatch
from core.schema import belongs_to, migrate, newest_revision, require_current_schema


def test_migrations_end_at_the_classes(database: Database):
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "target_metadata": Base.metadata, "include_object": belongs_to(database.dialect)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_has_a_name():
    unnamed = [
        (table.name, each) for table in Base.metadata.sorted_tables for each in table.constraints if not each.name
    ]
    assert unnamed == []


def test_a_current_database_passes_and_migrating_again_does_nothing(database: Database):
    require_current_schema(database)
    migrate(database)
    require_current_schema(database)


def test_an_empty_database_names_init(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(SchemaMismatch, match="heedful init"):
        require_current_schema(database)
    database.close()


@pytest.mark.parametrize(("revision", "command"), [("0000", "newer Heedful"), ("9999", "newer Heedful")])
def test_a_newer_database_names_the_newer_program(database: Database, revision, command):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(SchemaMismatch, match=command):
        require_current_schema(database)


def test_an_older_database_names_migrate(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schema, "newest_revision", lambda: "9998")
    with pytest.raises(SchemaMismatch, match="heedful migrate"):
        require_current_schema(database)


def test_the_head_file_names_the_newest_migration():
    versions = Path(__file__).resolve().parents[2] / "migrations" / "versions"
    assert newest_revision() == max(path.name.split("_")[0] for path in versions.glob("0*.py"))
