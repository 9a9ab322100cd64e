"""Triggers that keep court facts as they were written (G18), for both databases; migrations put them there."""

FROZEN = ("event", "policy", "policy_rule")
"""Tables whose rows are never changed and never removed."""

_POSTGRESQL_REFUSE = """
CREATE FUNCTION heedful_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: it is only ever added to', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$
"""
_POSTGRESQL_PERMIT = """
CREATE TRIGGER permit_settled_once BEFORE UPDATE ON permit FOR EACH ROW
WHEN (OLD.outcome IS NOT NULL OR NEW.address_key <> OLD.address_key OR NEW.scope <> OLD.scope
      OR NEW.granted_at <> OLD.granted_at OR NEW.message_id <> OLD.message_id)
EXECUTE FUNCTION heedful_refuse()
"""
_POSTGRESQL_VERSION = """
CREATE TRIGGER survey_version_kept BEFORE UPDATE OR DELETE ON survey_version FOR EACH ROW
WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION heedful_refuse()
"""
_SQLITE_VERSION = """
CREATE TRIGGER survey_version_no_{low} BEFORE {act} ON survey_version WHEN OLD.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{act} on survey_version is refused: what was published stays'); END
"""
_SQLITE_PERMIT = """
CREATE TRIGGER permit_settled_once BEFORE UPDATE ON permit
WHEN OLD.outcome IS NOT NULL OR NEW.address_key <> OLD.address_key OR NEW.scope <> OLD.scope
     OR NEW.granted_at <> OLD.granted_at OR NEW.message_id <> OLD.message_id
BEGIN SELECT RAISE(ABORT, 'UPDATE on permit is refused: it is settled once'); END
"""


def postgresql_guards(tables: tuple[str, ...] = FROZEN) -> list[str]:
    """The statements for PostgreSQL; ALWAYS, so that session_replication_role does not switch them off."""
    made = [
        _POSTGRESQL_REFUSE,
        _POSTGRESQL_PERMIT,
        _POSTGRESQL_VERSION,
        "ALTER TABLE permit ENABLE ALWAYS TRIGGER permit_settled_once",
        "ALTER TABLE survey_version ENABLE ALWAYS TRIGGER survey_version_kept",
    ]
    for table in (*tables, "permit"):
        acts = "DELETE" if table == "permit" else "UPDATE OR DELETE"
        made += [
            f"CREATE TRIGGER {table}_kept BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION heedful_refuse()",
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION heedful_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_kept",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_whole",
        ]
    return made


def sqlite_guards(tables: tuple[str, ...] = FROZEN) -> list[str]:
    """The statements for SQLite; `_again` refuses INSERT OR REPLACE even without PRAGMA recursive_triggers."""
    made = [_SQLITE_PERMIT, *(_SQLITE_VERSION.format(act=act, low=act.lower()) for act in ("UPDATE", "DELETE"))]
    for table in (*tables, "permit"):
        made += [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{act} on {table} is refused: it is only ever added to'); END"
            for act in (("DELETE",) if table == "permit" else ("UPDATE", "DELETE"))
        ]
    made.append(
        "CREATE TRIGGER event_again BEFORE INSERT ON event "
        "WHEN EXISTS (SELECT 1 FROM event WHERE sequence = NEW.sequence) "
        "BEGIN SELECT RAISE(ABORT, 'INSERT OR REPLACE on event is refused: it is only ever added to'); END"
    )
    return made
