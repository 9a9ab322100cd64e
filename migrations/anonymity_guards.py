"""Triggers that keep a survey's anonymity (G14), for both databases: chosen in time, and no answer beside a person."""

_KNOWN = "NEW.anonymity IN ('identified', 'confidential', 'anonymous')"
_STRICTER = (
    "(NEW.anonymity = 'anonymous' OR OLD.anonymity = 'identified') AND NOT EXISTS ("
    "SELECT 1 FROM {schema}response AS r WHERE r.survey_id = NEW.id) AND NOT EXISTS ("
    "SELECT 1 FROM {schema}anonymous_response AS a WHERE a.survey_id = NEW.id)"
)
_NOBODY_INVITED = "NOT EXISTS (SELECT 1 FROM {schema}invitation AS i WHERE i.survey_id = NEW.id)"
_KEPT = f"NEW.anonymity = OLD.anonymity OR {_KNOWN} AND ({_NOBODY_INVITED} OR {_STRICTER})"
_APART = (
    "EXISTS (SELECT 1 FROM {schema}survey AS s JOIN {schema}invitation AS i ON i.survey_id = s.id "
    "WHERE s.id = NEW.survey_id AND i.id = NEW.invitation_id AND (s.anonymity = 'identified' OR i.contact_id = 0) "
    "AND (s.anonymity <> 'anonymous' OR ({day_of_start} AND {day_of_end})))"
)
_CONFIDENTIAL = (
    "EXISTS (SELECT 1 FROM {schema}survey AS s JOIN {schema}invitation AS p ON p.survey_id = s.id "
    "JOIN {schema}invitation AS i ON i.survey_id = s.id WHERE s.anonymity = 'confidential' "
    "AND p.id = NEW.pseudonym_id AND p.contact_id = 0 AND i.id = NEW.invitation_id AND i.contact_id <> 0)"
)
_NOBODYS = "OLD.contact_id <> 0 OR (NEW.contact_id = 0 AND NEW.address_key = OLD.address_key)"

CHOSEN = (
    "the anonymity of a survey is chosen before anybody is invited, and then only stricter, before the first answer"
)
APART = "answers to this survey are kept apart from people, and of anonymous ones the day alone"
CONFIDENTIAL = "only a confidential survey keeps whose a pseudonym is"
NOBODYS = "a pseudonym stays what it is"
_DAYS = {
    "sqlite": {
        "day_of_start": "substr(NEW.started_at, 12, 15) IN ('', '00:00:00.000000')",
        "day_of_end": "substr(coalesce(NEW.completed_at, ''), 12, 15) IN ('', '00:00:00.000000')",
    },
    "postgresql": {
        "day_of_start": "date_trunc('day', NEW.started_at, 'UTC') = NEW.started_at",
        "day_of_end": "date_trunc('day', NEW.completed_at, 'UTC') IS NOT DISTINCT FROM NEW.completed_at",
    },
}
_RULES = (
    ("survey_anonymity_known", "survey", ("INSERT",), _KNOWN, CHOSEN),
    ("survey_anonymity_kept", "survey", ("UPDATE",), _KEPT, CHOSEN),
    ("response_apart", "response", ("INSERT", "UPDATE"), _APART, APART),
    ("identity_confidential", "identity", ("INSERT", "UPDATE"), _CONFIDENTIAL, CONFIDENTIAL),
    ("invitation_nobodys", "invitation", ("UPDATE",), _NOBODYS, NOBODYS),
)
"""Name, table, acts, what must hold, and what is said where it does not."""


def _function(name: str, unless: str, why: str) -> str:
    """A trigger function; made by DO, to learn the schema's name."""
    condition = unless.format(schema="@schema@.", **_DAYS["postgresql"])
    return (
        f"DO $do$ BEGIN EXECUTE replace($make$\nCREATE FUNCTION heedful_{name}() RETURNS trigger LANGUAGE plpgsql\n"
        f"SET search_path = pg_catalog, pg_temp AS $body$\nBEGIN\n  IF {condition} THEN RETURN NEW; END IF;\n"
        f"  RAISE EXCEPTION '% on % is refused: {why}', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';\n"
        "END $body$\n$make$, '@schema@', quote_ident(current_schema())); END $do$"
    )


def postgresql_anonymity_guards() -> list[str]:
    """The statements for PostgreSQL; ALWAYS, so that session_replication_role does not switch them off."""
    made = []
    for name, table, acts, unless, why in _RULES:
        made.append(_function(name, unless, why))
        made.append(
            f"CREATE TRIGGER {name} BEFORE {' OR '.join(acts)} ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION heedful_{name}()"
        )
        made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return made


def postgresql_anonymity_guards_down() -> list[str]:
    """What takes them away again."""
    return [
        statement
        for name, table, *_ in _RULES
        for statement in (f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS heedful_{name}()")
    ]


def _sqlite() -> list[tuple[str, str]]:
    made = []
    for name, table, acts, unless, why in _RULES:
        condition = unless.format(schema="", **_DAYS["sqlite"])
        for act in acts:
            own = name if len(acts) == 1 else f"{name}_{act.lower()}"
            refuse = f"SELECT RAISE(ABORT, '{act} on {table} is refused: {why}')"
            made.append(
                (own, f"CREATE TRIGGER {own} BEFORE {act} ON {table} WHEN NOT ({condition}) BEGIN {refuse}; END")
            )
    return made


def sqlite_anonymity_guards() -> list[str]:
    """The statements for SQLite."""
    return [statement for _, statement in _sqlite()]


def sqlite_anonymity_guards_down() -> list[str]:
    """What takes them away again."""
    return [f"DROP TRIGGER IF EXISTS {name}" for name, _ in _sqlite()]


def guard_anonymity(dialect: str) -> list[str]:
    """The statements that put the guards there, for a migration."""
    return sqlite_anonymity_guards() if dialect == "sqlite" else postgresql_anonymity_guards()


def unguard_anonymity(dialect: str) -> list[str]:
    """The statements that take them away, for a migration that goes back."""
    return sqlite_anonymity_guards_down() if dialect == "sqlite" else postgresql_anonymity_guards_down()
