"""Triggers that tie blocks, consents and the ledger's head to the events behind them (G9, G18), for both databases.

A table may be read under any search_path and beside any temporary table of the same name: on PostgreSQL the functions
name the schema that they were made in, and nothing else is looked up.
"""

from migrations.guards import FROZEN, sqlite_guards

_BLOCK_ORDERED = """EXISTS (
  SELECT 1 FROM {schema}event AS e
  WHERE e.sequence = NEW.event_sequence AND e.address_key = NEW.address_key AND e.family_key = NEW.family_key
    AND e.kind = NEW.reason AND (e.scope = NEW.scope OR NEW.scope IN ('everything', 'tracking', 'sharing')))"""
_BLOCK_RELEASED = """EXISTS (
  SELECT 1 FROM {schema}event AS e
  WHERE e.address_key = OLD.address_key AND e.sequence > OLD.event_sequence AND e.kind = 'release'
    AND e.scope = OLD.scope AND {names_reason} AND (e.confirmed OR OLD.reason IN ('child', 'hold')))"""
_CONSENT_GIVEN = """EXISTS (
  SELECT 1 FROM {schema}event AS e
  WHERE e.sequence = NEW.event_sequence AND e.address_key = NEW.address_key AND e.scope = NEW.scope
    AND e.kind = NEW.basis AND e.confirmed = NEW.confirmed AND {same_source} AND {same_version})"""
_CONSENT_ANEW = f"NEW.event_sequence > OLD.event_sequence AND {_CONSENT_GIVEN}"
_NEXT_NUMBER = "NEW.sequence {same} (SELECT coalesce(max(e.sequence), 0) + 1 FROM {schema}event AS e)"
_HEAD_IS_LAST = """NEW.id = OLD.id AND NEW.sequence > OLD.sequence
  AND EXISTS (SELECT 1 FROM {schema}event AS e WHERE e.sequence = NEW.sequence AND e.hash = NEW.hash)
  AND NOT EXISTS (SELECT 1 FROM {schema}event AS e WHERE e.sequence > NEW.sequence)"""
_HEAD_IS_FIRST = """NEW.sequence = 0 AND NOT EXISTS (SELECT 1 FROM {schema}ledger_head)
  AND NOT EXISTS (SELECT 1 FROM {schema}event)"""

BLOCK_KEPT = "a block is only lifted, and by a release that is recorded"
BLOCK_ORDERED = "no event orders this block"
CONSENT_GIVEN = "no event gives this consent"
NUMBERED = "events are numbered one after the other"
HEAD_KEPT = "the head names the last event, and only goes forward"


def _function(name: str, allowed: dict[str, tuple[str, str]], otherwise: str) -> str:
    """A trigger function that lets pass what an act's condition allows; made by DO, to learn the schema's name."""
    cases = "".join(
        f"  IF TG_OP = '{act}' THEN\n"
        f"    IF {condition} THEN RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END IF;\n"
        f"    RAISE EXCEPTION '{act} on % is refused: {why}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';\n"
        f"  END IF;\n"
        for act, (condition, why) in allowed.items()
    ).format(
        schema="@schema@.",
        names_reason="e.details->>'reason' = OLD.reason",
        same_source="e.source IS NOT DISTINCT FROM NEW.source",
        same_version="e.policy_version IS NOT DISTINCT FROM NEW.policy_version",
        same="=",
    )
    refuse = f"'% on % is refused: {otherwise}', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'"
    return (
        f"DO $do$ BEGIN EXECUTE replace($make$\nCREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql\n"
        f"SET search_path = pg_catalog, pg_temp AS $body$\nBEGIN\n{cases}  RAISE EXCEPTION {refuse};\nEND $body$\n"
        "$make$, '@schema@', quote_ident(current_schema())); END $do$"
    )


_FUNCTIONS = {
    "heedful_guard_block": _function(
        "heedful_guard_block",
        {"INSERT": (_BLOCK_ORDERED, BLOCK_ORDERED), "DELETE": (_BLOCK_RELEASED, BLOCK_KEPT)},
        BLOCK_KEPT,
    ),
    "heedful_guard_consent": _function(
        "heedful_guard_consent",
        {"INSERT": (_CONSENT_GIVEN, CONSENT_GIVEN), "UPDATE": (_CONSENT_ANEW, CONSENT_GIVEN)},
        CONSENT_GIVEN,
    ),
    "heedful_guard_event": _function("heedful_guard_event", {"INSERT": (_NEXT_NUMBER, NUMBERED)}, NUMBERED),
    "heedful_guard_head": _function(
        "heedful_guard_head", {"INSERT": (_HEAD_IS_FIRST, HEAD_KEPT), "UPDATE": (_HEAD_IS_LAST, HEAD_KEPT)}, HEAD_KEPT
    ),
}
_POSTGRESQL_TRIGGERS = (
    ("block_tied", "INSERT OR UPDATE OR DELETE", "block", "heedful_guard_block"),
    ("consent_tied", "INSERT OR UPDATE", "consent", "heedful_guard_consent"),
    ("event_numbered", "INSERT", "event", "heedful_guard_event"),
    ("ledger_head_forward", "INSERT OR UPDATE OR DELETE", "ledger_head", "heedful_guard_head"),
)
_WHOLE = (("block", "heedful_guard_block"), ("ledger_head", "heedful_guard_head"))


def postgresql_block_guards() -> list[str]:
    """The statements for PostgreSQL; ALWAYS, so that session_replication_role does not switch them off."""
    made = list(_FUNCTIONS.values())
    for name, acts, table, function in _POSTGRESQL_TRIGGERS:
        made.append(f"CREATE TRIGGER {name} BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")
        made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    for table, function in _WHOLE:
        made.append(f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {function}()")
        made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_whole")
    return made


def postgresql_block_guards_down() -> list[str]:
    """What takes them away again."""
    triggers = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, _, table, _ in _POSTGRESQL_TRIGGERS]
    triggers += [f"DROP TRIGGER IF EXISTS {table}_whole ON {table}" for table, _ in _WHOLE]
    return [*triggers, *(f"DROP FUNCTION IF EXISTS {name}()" for name in _FUNCTIONS)]


_SQLITE_REASON = """instr(replace(e.details, ' ', ''), '"reason":"' || OLD.reason || '"') > 0"""
"""Read as text: under trusted_schema=OFF, SQLite 3.40 calls json_extract in a trigger unsafe, and refuses."""


def _sqlite_trigger(name: str, act: str, table: str, unless: str, why: str) -> str:
    condition = f" WHEN NOT ({unless})" if unless else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {act} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{act} on {table} is refused: {why}'); END"
    ).format(
        schema="",
        names_reason=_SQLITE_REASON,
        same_source="e.source IS NEW.source",
        same_version="e.policy_version IS NEW.policy_version",
        same="IS",
    )


def _sqlite_replaceless(table: str, key: str) -> str:
    """No INSERT OR REPLACE over a row, neither by its key nor by SQLite's hidden row number."""
    there = f"SELECT 1 FROM {table} WHERE {key} OR rowid = NEW.rowid"  # noqa: S608 - the tables and keys below
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({there}) "
        f"BEGIN SELECT RAISE(ABORT, 'INSERT OR REPLACE on {table} is refused: it would take the place of a row'); END"
    )


_BLOCK_AGAIN = """
CREATE TRIGGER block_again BEFORE INSERT ON block WHEN EXISTS (
  SELECT 1 FROM block WHERE address_key = NEW.address_key AND scope = NEW.scope AND reason = NEW.reason
) BEGIN SELECT RAISE(IGNORE); END
"""
_BLOCK_NO_REPLACE = """
CREATE TRIGGER block_no_replace BEFORE INSERT ON block WHEN EXISTS (SELECT 1 FROM block WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'INSERT OR REPLACE on block is refused: a block is only lifted'); END
"""
_SQLITE = (
    _sqlite_trigger("block_no_update", "UPDATE", "block", "", BLOCK_KEPT),
    _sqlite_trigger("block_no_delete", "DELETE", "block", _BLOCK_RELEASED, BLOCK_KEPT),
    _sqlite_trigger("block_ordered", "INSERT", "block", _BLOCK_ORDERED, BLOCK_ORDERED),
    _BLOCK_AGAIN,
    _BLOCK_NO_REPLACE,
    _sqlite_trigger("consent_given", "INSERT", "consent", _CONSENT_GIVEN, CONSENT_GIVEN),
    _sqlite_trigger("consent_given_anew", "UPDATE", "consent", _CONSENT_ANEW, CONSENT_GIVEN),
    _sqlite_replaceless("consent", "address_key = NEW.address_key AND scope = NEW.scope"),
    _sqlite_trigger("event_numbered", "INSERT", "event", _NEXT_NUMBER, NUMBERED),
    _sqlite_replaceless("event", "sequence = NEW.sequence"),
    _sqlite_replaceless("policy", "version = NEW.version"),
    _sqlite_replaceless("policy_rule", "version = NEW.version AND source = NEW.source AND scope = NEW.scope"),
    _sqlite_replaceless("permit", "id = NEW.id"),
    _sqlite_trigger("ledger_head_once", "INSERT", "ledger_head", _HEAD_IS_FIRST, HEAD_KEPT),
    _sqlite_trigger("ledger_head_forward", "UPDATE", "ledger_head", _HEAD_IS_LAST, HEAD_KEPT),
    _sqlite_trigger("ledger_head_no_delete", "DELETE", "ledger_head", "", HEAD_KEPT),
)


def sqlite_block_guards() -> list[str]:
    """The statements for SQLite; those of the first migration again, for rebuilding a table takes its triggers away.

    A block that stands already is passed over (IGNORE): by ON CONFLICT DO NOTHING and by INSERT OR REPLACE alike.
    """
    again = [each.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1) for each in sqlite_guards(FROZEN)]
    return [*again, *_SQLITE]


def sqlite_block_guards_down() -> list[str]:
    """What takes them away again; also due before a table that they name is rebuilt."""
    return [f"DROP TRIGGER IF EXISTS {each.split()[2]}" for each in _SQLITE]
