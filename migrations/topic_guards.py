"""What keeps the lattice of topics as the rules have it, for both databases: each below what its name says."""

LATTICE = (
    "CASE WHEN name IN ('announcements', 'updates', 'offers', 'other') OR substr(name, 1, 10) = 'marketing:' "
    "THEN parent = 'marketing' "
    "WHEN name = 'research' THEN parent = 'everything' "
    "WHEN substr(name, 1, 9) = 'research:' THEN parent = 'research' "
    "WHEN substr(name, 1, 8) = 'partner:' THEN parent = 'partners' "
    "ELSE 1 = 0 END"
)
"""The CHECK of the topic table, as its class has it; `contacts.domain.scopes.parent_of` says the same."""

_CHANGED = "NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.parent <> OLD.parent"


_POSTGRESQL_REFUSE = """
CREATE FUNCTION heedful_keep_topic() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'UPDATE on topic is refused: its name is its identity' USING ERRCODE = 'restrict_violation';
END $$
"""
_POSTGRESQL = f"""
CREATE TRIGGER topic_named_once BEFORE UPDATE ON topic FOR EACH ROW
WHEN ({_CHANGED}) EXECUTE FUNCTION heedful_keep_topic()
"""
_SQLITE = f"""
CREATE TRIGGER topic_named_once BEFORE UPDATE ON topic WHEN {_CHANGED}
BEGIN SELECT RAISE(ABORT, 'UPDATE on topic is refused: its name is its identity'); END
"""


def postgresql_topic_guards() -> list[str]:
    """The statements for PostgreSQL: a topic's name is what people said yes and no to."""
    return [_POSTGRESQL_REFUSE, _POSTGRESQL, "ALTER TABLE topic ENABLE ALWAYS TRIGGER topic_named_once"]


def sqlite_topic_guards() -> list[str]:
    """The statements for SQLite."""
    return [_SQLITE]
