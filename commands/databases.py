"""`heedful database`: what the database's own administrator needs."""

import re

import click
from sqlalchemy import text

from commands.grants import role_statements
from commands.terminal import json_option, report, terminal
from core.errors import BadInput, Conflict

_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,40}")


@click.group()
def database() -> None:
    """What the database's own administrator needs.

    Example: heedful database roles
    """


@database.command("roles")
@click.option("--prefix", default="heedful", show_default=True, help="How the roles' names begin.")
@json_option
def roles(prefix: str, *, as_json: bool) -> None:
    """Print the SQL that makes a narrow role for each door (PostgreSQL); the tables' owner runs it after each migrate.

    Example: heedful database roles | psql mydatabase
    """
    if not _PREFIX.fullmatch(prefix):
        raise BadInput("A role's name begins with a small letter; then a-z, 0-9 and _.", field="prefix")
    with terminal() as opened, opened.database.reading() as session:
        if opened.database.dialect != "postgresql":
            raise Conflict(
                "SQLite has no roles.", remedy="There the file's rights decide: `heedful doctor` looks at them."
            )
        name, schema = session.execute(text("SELECT current_database(), current_schema()")).one()
    statements = list(role_statements(prefix, name, schema))
    if as_json:
        report({"statements": statements}, as_json=True)
        return
    click.echo(f"-- A password for each: \\password {prefix}_web, and so on. `heedful migrate` stays with the owner.")
    for statement in statements:
        click.echo(f"{statement};")
