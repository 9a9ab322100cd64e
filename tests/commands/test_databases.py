"""Narrow roles: every table has a line, and the command prints what the owner runs."""

import importlib
import pkgutil

import pytest

import campaigns.storage
import contacts.storage
import core
import surveys.storage
from commands.grants import COLUMNS, RIGHTS, VERBS, quoted, role_statements
from core.database import Base
from tests.commands.conftest import Run
from tests.conftest import PEPPER, SECRET


def test_p7_every_table_says_who_may_do_what_with_it():
    for floor in (core, contacts.storage, campaigns.storage, surveys.storage):
        for module in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
            importlib.import_module(module.name)
    tables = Base.metadata.tables
    assert set(RIGHTS) - {"alembic_version"} == set(tables), "commands/grants.py needs a line for each table"
    assert all(set(names) <= set(tables[table].c.keys()) for table, names in COLUMNS.items())


def test_p7_no_role_may_change_or_empty_what_is_kept_for_court():
    for table in ("event", "policy", "policy_rule"):
        assert not set("".join(RIGHTS[table])) & set("UD")
    assert not set("".join(RIGHTS["block"])) & set("U")
    statements = list(role_statements("heedful", "house", "public"))
    granted = " ".join(each for each in statements if each.startswith("GRANT"))
    assert "TRUNCATE" not in granted
    assert "TRIGGER" not in granted
    assert set(VERBS.values()) == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_names_are_quoted_whatever_is_in_them():
    assert quoted('a"b') == '"a""b"'
    assert 'ON DATABASE "my ""house""" TO' in " ".join(role_statements("heedful", 'my "house"', "public"))


def test_the_command_prints_sql_for_postgresql(empty: Run, postgresql_url: str, monkeypatch: pytest.MonkeyPatch):
    for name, value in {"DATABASE_URL": postgresql_url, "PEPPER": PEPPER, "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(f"HEEDFUL_{name}", value)
    told = empty("database", "roles", "--prefix", "acme")
    assert told.exit_code == 0, told.output
    assert 'GRANT SELECT, INSERT ON "public"."event" TO "acme_web";' in told.output.splitlines()
    assert "acme_sender" in empty("database", "roles", "--prefix", "acme", "--json").output
    assert empty("database", "roles", "--prefix", "No!").exit_code == 1


def test_sqlite_has_no_roles(house: Run):
    told = house("database", "roles")
    assert (told.exit_code, "SQLite has no roles" in told.output) == (1, True)
