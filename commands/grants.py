"""Who may do what with which table on PostgreSQL, and the SQL that grants exactly that (P7)."""

from collections.abc import Iterator

WEB, CLOCK, SENDER = "web", "clock", "sender"
DOORS = (WEB, CLOCK, SENDER)
VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_ALL = "SIUD"

RIGHTS: dict[str, tuple[str, str, str]] = {
    # what is kept for court: added to, never changed
    "event": ("SI", "SI", "SI"),
    "ledger_head": ("SU", "SU", "SU"),
    "block": ("SID", "SI", "SI"),
    "consent": (_ALL, "SD", "S"),
    "pause": (_ALL, "SD", "S"),
    "rhythm": (_ALL, "SD", "S"),
    "permit": ("SU", "SU", "SIU"),
    "policy": ("SI", "S", "S"),
    "policy_rule": ("SI", "S", "S"),
    "canary": ("S", "S", "S"),
    "receipt": ("SIU", "SIU", ""),
    "partner_change": ("SI", "S", ""),
    "partner_handout": ("SIU", "S", "S"),
    "partner_duty": ("SI", "SI", "SI"),
    "shared_person": ("SI", "S", "S"),
    # people
    "contact": (_ALL, "SUD", "S"),
    "case_file": ("SIU", "SIU", ""),
    "erasure": (_ALL, _ALL, ""),
    "former_key": (_ALL, "SIUD", "S"),
    "foreign_list": (_ALL, "S", "S"),
    "foreign_entry": (_ALL, "SUD", "S"),
    "import_run": ("SIU", "SU", ""),
    "contact_edit": ("SIU", "SU", ""),
    "legal_hold": ("SIU", "S", ""),
    "proposal": ("SIU", "SU", ""),
    "segment": (_ALL, "S", ""),
    "signup": (_ALL, "SUD", "SU"),
    "address_change": ("SID", "SD", "S"),
    "signup_form": ("SIU", "S", "S"),
    "signup_wording": ("SI", "S", "S"),
    "attempt": (_ALL, "SD", ""),
    # what mail is about
    "topic": ("SIU", "S", "S"),
    "frequency": ("SIU", "S", "S"),
    "closure": ("SIU", "S", "S"),
    "partner": ("SIU", "S", "S"),
    # campaigns
    "campaign": (_ALL, "SIU", "SU"),
    "mailing": (_ALL, "SIU", "SU"),
    "message": (_ALL, _ALL, "SU"),
    "link": (_ALL, "SI", "S"),
    "click": (_ALL, "SD", ""),
    "sender": ("SU", "SU", "SIU"),
    "trial": ("SIU", "SU", "S"),
    "variant": ("SI", "S", "S"),
    "bucket": ("S", "S", _ALL),
    "warm_up_day": ("S", "S", _ALL),
    "relay_state": ("SU", "S", "SIU"),
    "back_off": ("SU", "S", _ALL),
    # surveys
    "survey": (_ALL, "SU", ""),
    "survey_version": (_ALL, "SU", ""),
    "survey_campaign": (_ALL, "SI", ""),
    "invitation": (_ALL, _ALL, ""),
    "response": (_ALL, "SUD", ""),
    "answer": (_ALL, "SUD", ""),
    "upload": (_ALL, "SD", ""),
    "anonymous_response": ("S", "SI", ""),
    "anonymous_answer": ("S", "SI", ""),
    "identity": (_ALL, "SD", ""),
    "spent_mark": ("SI", "S", ""),
    "answer_pack": ("SD", "SID", ""),
    "text_code": (_ALL, "S", ""),
    "text_coding": (_ALL, "SD", ""),
    "weighting": (_ALL, "S", ""),
    "quota_count": ("SIU", "S", ""),
    # the team; nobody but the web server sees a password's hash
    "operator": ("SIU", "", ""),
    "api_token": ("SIU", "", ""),
    "sign_in": (_ALL, "SD", ""),
    "failed_sign_in": (_ALL, "SD", ""),
    "alembic_version": ("S", "S", "S"),
}
"""Table → what the web server (and the terminal), the clock, and a sender may do with it."""

COLUMNS = {"permit": ("outcome", "settled_at"), "ledger_head": ("sequence", "hash")}
"""Where UPDATE is granted on some columns alone."""


def role_statements(prefix: str, database: str, schema: str) -> Iterator[str]:
    """The SQL that makes the roles and grants them exactly their rights, however often it is run.

    One role for each door, and one that is a member of the three, for `heedful run`. They own nothing, so that no
    trigger can be switched off, and may make nothing, not even a temporary table. Names are quoted.
    """
    roles = {door: quoted(f"{prefix}_{door}") for door in DOORS}
    every = ", ".join(roles.values())
    whole = quoted(f"{prefix}_run")
    for role in (*roles.values(), whole):
        yield _made(role)
    yield f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC, {every}"
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {every}"
    yield f"REVOKE ALL ON SCHEMA {quoted(schema)} FROM PUBLIC, {every}"
    yield f"GRANT USAGE ON SCHEMA {quoted(schema)} TO {every}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {quoted(schema)} FROM PUBLIC, {every}"
    for table, each in RIGHTS.items():
        for role, verbs in zip(roles.values(), each, strict=True):
            if verbs:
                yield f"GRANT {_verbs(table, verbs)} ON {quoted(schema)}.{quoted(table)} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {quoted(schema)} TO {every}"
    yield f"GRANT {every} TO {whole}"


def _made(role: str) -> str:
    name = role.strip('"').replace('""', '"').replace("'", "''")
    limits = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    unless = f"IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}')"  # noqa: S608 - quoted above
    return f"DO $$ BEGIN {unless} THEN CREATE ROLE {role} {limits}; END IF; END $$"


def _verbs(table: str, verbs: str) -> str:
    columns = ", ".join(COLUMNS.get(table, ()))
    return ", ".join(f"{VERBS[verb]} ({columns})" if columns and verb == "U" else VERBS[verb] for verb in verbs)


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
