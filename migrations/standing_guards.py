"""Whether every guard stands as the migrations put it there, for `heedful verify` and `heedful doctor` (G18)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from migrations.anonymity_guards import postgresql_anonymity_guards, sqlite_anonymity_guards
from migrations.block_guards import (
    postgresql_block_guards,
    sqlite_block_guards,
)
from migrations.guards import postgresql_guards, sqlite_guards
from migrations.mailing_guards import postgresql_mailing_guards, sqlite_mailing_guards
from migrations.topic_guards import postgresql_topic_guards, sqlite_topic_guards

GUARDED = (
    "event", "block", "consent", "ledger_head", "mailing", "permit", "policy", "policy_rule", "survey_version", "topic",
    "identity", "invitation", "response", "survey",
)  # fmt: skip
_TRIGGER = re.compile(
    r"CREATE TRIGGER (?P<name>\w+) BEFORE (?P<acts>[A-Z ]+?) ON (?P<table>\w+)(?P<row> FOR EACH ROW)?\s*"
    r"(?P<when>WHEN .*?)?\s*EXECUTE FUNCTION (?P<function>\w+)\(\)",
    re.DOTALL,
)
_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\).*? AS (\$\w*\$)(.*?)\2", re.DOTALL)
_BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_ROW, _BEFORE = 1, 2


@dataclass(frozen=True)
class _Trigger:
    """What PostgreSQL's catalogue says of a trigger; `kind` holds its acts as bits."""

    table: str
    kind: int
    function: str
    conditional: bool
    enabled: str = "A"


def guard_faults(connection: Connection) -> list[str]:
    """What is missing, changed, switched off or foreign among the guards, a sentence each; empty if all is well."""
    found = _sqlite_faults if connection.dialect.name == "sqlite" else _postgresql_faults
    return list(found(connection))


def _sqlite_faults(connection: Connection) -> Iterator[str]:
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")).all()
    tables = {row.name for row in rows if row.type == "table"}
    yield from (f"The table {each} is missing." for each in GUARDED if each not in tables)
    stand = {row.name: _plain(row.sql) for row in rows if row.type == "trigger" and row.tbl_name in GUARDED}
    expected = sqlite_expected()
    yield from _compared(set(expected), set(stand))
    changed = (name for name, sql in expected.items() if name in stand and stand[name] != _plain(sql))
    yield from (f"The guard {name} was changed." for name in changed)


def sqlite_expected() -> dict[str, str]:
    """The statement of each trigger, by its name."""
    made = (each.replace(" IF NOT EXISTS", "", 1).strip() for each in _sqlite_statements())
    return {each.split()[2]: each for each in made}


def _sqlite_statements() -> list[str]:
    first = [*sqlite_guards(), *sqlite_block_guards(), *sqlite_topic_guards(), *sqlite_mailing_guards()]
    return [*first, *sqlite_anonymity_guards()]


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _compared(expected: set[str], stand: set[str]) -> Iterator[str]:
    yield from (f"The guard {name} is missing." for name in sorted(expected - stand))
    yield from (f"The trigger {name} is none of Heedful's." for name in sorted(stand - expected))


def _postgresql_faults(connection: Connection) -> Iterator[str]:
    yield from _table_faults(connection)
    rows = [row for row in connection.execute(text(_TRIGGERS)) if row.relname in GUARDED]
    stand = {row.tgname: _Trigger(row.relname, row.tgtype, row.proname, row.conditional, row.tgenabled) for row in rows}
    expected = postgresql_expected()
    yield from _compared(set(expected), set(stand))
    for name in sorted(expected.keys() & stand.keys()):
        if stand[name].enabled != "A":
            yield f"The guard {name} is switched off, or can be."
        elif stand[name] != expected[name]:
            yield f"The guard {name} was changed."
    yield from _function_faults(connection)


_TRIGGERS = """
SELECT t.tgname, c.relname, t.tgtype, p.proname, t.tgenabled::text AS tgenabled,
       t.tgqual IS NOT NULL OR t.tgnargs > 0 OR t.tgattr::text <> '' AS conditional
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
_FUNCTIONS = """
SELECT p.proname, p.prosrc, l.lanname, coalesce(array_to_string(p.proconfig, ';'), '') AS config,
       quote_ident(current_schema()) AS named
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'heedful%'
"""
_TABLES = """
SELECT c.relname, c.relkind::text AS kind, c.relrowsecurity,
       EXISTS (SELECT 1 FROM pg_rewrite AS r WHERE r.ev_class = c.oid) AS ruled,
       EXISTS (SELECT 1 FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary) AS keyed
FROM pg_class AS c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
"""


def _postgresql_statements() -> list[str]:
    first = [*postgresql_guards(), *postgresql_block_guards(), *postgresql_topic_guards(), *postgresql_mailing_guards()]
    return [*first, *postgresql_anonymity_guards()]


def postgresql_expected() -> dict[str, _Trigger]:
    """Each trigger as the catalogue describes it, by its name."""
    found = (_TRIGGER.search(each) for each in _postgresql_statements())
    return {each["name"]: _described(each) for each in found if each}


def _described(found: re.Match[str]) -> _Trigger:
    acts = sum(_BITS[act] for act in found["acts"].split(" OR "))
    return _Trigger(
        found["table"], acts | _BEFORE | (_ROW if found["row"] else 0), found["function"], bool(found["when"])
    )


def _table_faults(connection: Connection) -> Iterator[str]:
    stand = {row.relname: row for row in connection.execute(text(_TABLES))}
    for name in GUARDED:
        row = stand.get(name)
        if row is None or row.kind != "r":
            yield f"The table {name} is missing."
        elif row.ruled or row.relrowsecurity:
            yield f"The table {name} has a rule or a row policy, which can hide what stands in it."
        elif not row.keyed:
            yield f"The table {name} has lost its primary key."


def _function_faults(connection: Connection) -> Iterator[str]:
    stand = {row.proname: row for row in connection.execute(text(_FUNCTIONS))}
    for name, body in postgresql_functions().items():
        row = stand.get(name)
        if row is None:
            yield f"The function {name} is missing."
            continue
        config = "" if name == "heedful_refuse" else "search_path=pg_catalog, pg_temp"
        if (row.prosrc, row.config, row.lanname) != (body.replace("@schema@", row.named), config, "plpgsql"):
            yield f"The function {name} was changed."


def postgresql_functions() -> dict[str, str]:
    """The body of each trigger function, by its name."""
    found = (_FUNCTION.search(each) for each in _postgresql_statements())
    return {each[1]: each[3] for each in found if each}


def put_guards_back(connection: Connection) -> None:
    """Make every guard anew, in the caller's transaction; only the database's owner can."""
    if connection.dialect.name == "sqlite":
        for name, sql in sqlite_expected().items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(sql)
        return
    for name, trigger in postgresql_expected().items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {trigger.table}"))
    for name in postgresql_functions():
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))
    for each in _postgresql_statements():
        connection.execute(text(each))
