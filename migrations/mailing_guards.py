"""Triggers that keep mailings, to which millions of messages point, on both databases; migrations put them there."""


def postgresql_mailing_guards() -> list[str]:
    """The statements for PostgreSQL; ALWAYS, so that session_replication_role does not switch them off."""
    return [
        "CREATE TRIGGER mailing_kept BEFORE DELETE ON mailing FOR EACH ROW EXECUTE FUNCTION heedful_refuse()",
        "CREATE TRIGGER mailing_whole BEFORE TRUNCATE ON mailing EXECUTE FUNCTION heedful_refuse()",
        "ALTER TABLE mailing ENABLE ALWAYS TRIGGER mailing_kept",
        "ALTER TABLE mailing ENABLE ALWAYS TRIGGER mailing_whole",
    ]


def sqlite_mailing_guards() -> list[str]:
    """The statements for SQLite."""
    refused = "SELECT RAISE(ABORT, 'DELETE on mailing is refused: its messages stay')"
    return [f"CREATE TRIGGER mailing_no_delete BEFORE DELETE ON mailing BEGIN {refused}; END"]
