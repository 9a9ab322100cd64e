"""`heedful init | migrate | operator`: the house itself and who has a key."""

import os
import secrets
import sys
from pathlib import Path

import click

from commands.given_texts import TextFile
from commands.terminal import json_option, report, rights_told, terminal
from contacts.domain.addresses import PepperRing
from contacts.storage.ledger import begin_ledger
from contacts.storage.peppers import remember_pepper
from contacts.storage.policies import has_policy, publish_policy
from contacts.storage.topics import add_standard_topics
from core.clock import now
from core.database import Database
from core.errors import BadInput
from core.operators import Role, add_operator, change_operator, operators
from core.schema import migrate as migrate_tables
from core.settings import load_settings

ENV = Path(".env")


@click.command()
@click.option("--email", help="Address of the first operator, who is admin.")
@click.option("--password-file", type=TextFile(), help="File that holds their password; - for standard input.")
def init(email: str | None, password_file: str | None) -> None:
    """Write a first .env with fresh secrets (an existing one stays), make the tables, add the first operator.

    Example: heedful init --email me@example.org
    """
    if email and password_file is None and not sys.stdin.isatty():
        raise BadInput("There is nobody here to ask for a password.", remedy="Give --password-file.")
    if _write_env():
        click.echo(f"Wrote {ENV} with a fresh secret and pepper. Keep a copy of the pepper apart from the database.")
    settings = load_settings()
    database = Database(settings.database_url)
    with rights_told(database):
        migrate_tables(database)
    at = now()
    with database.writing() as session:
        begin_ledger(session)
        add_standard_topics(session, at=at)
        remember_pepper(session, PepperRing.of(settings))
        if not has_policy(session):
            publish_policy(session, at.strftime("%Y-%m-%d"), settings.policy, at=at)
        nobody = not operators(session)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    click.echo("The tables are in place.")
    if nobody and email:
        _add(database, email, "", Role.ADMIN, _password(password_file))
    elif nobody:
        click.echo("Next: heedful operator add you@example.org --role admin")
    database.close()


def _write_env() -> bool:
    """Write .env unless there is one, or the secrets come from the environment."""
    if ENV.exists() or ("HEEDFUL_SECRET_KEY" in os.environ and "HEEDFUL_PEPPER" in os.environ):
        return False
    text = (
        "# Heedful's settings; the README lists them all.\n"
        f"HEEDFUL_SECRET_KEY={secrets.token_urlsafe(48)}\n"
        "# Keep a copy of the pepper apart from the database: without it no opt-out can be found again.\n"
        f"HEEDFUL_PEPPER={secrets.token_urlsafe(48)}\n"
        "#HEEDFUL_BASE_URL=https://mail.example.org\n"
        "#HEEDFUL_SMTP_URL=smtp+starttls://user:password@smtp.example.org:587\n"
        "#HEEDFUL_SENDER_NAME=Example Audio\n"
        "#HEEDFUL_SENDER_EMAIL=news@example.org\n"
        "#HEEDFUL_SENDER_POSTAL_ADDRESS=Example Audio, 1 Example Street, Exampletown\n"
        "#HEEDFUL_PRIVACY_URL=https://example.org/privacy\n"
    )
    with os.fdopen(os.open(ENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return True


@click.command()
def migrate() -> None:
    """Bring the tables to this version of Heedful. Make a backup first.

    Example: heedful migrate
    """
    database = Database(load_settings().database_url)
    with rights_told(database):
        migrate_tables(database)
    database.close()
    click.echo("The tables are those of this version.")


@click.group()
def operator() -> None:
    """The people of the team: analysts read, editors plan and send, admins also manage operators."""


@operator.command("add")
@click.argument("email")
@click.option("--name", default="", help="How the console calls them.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.EDITOR.value, show_default=True)
@click.option("--password-file", type=TextFile(), help="File that holds the password; - for standard input.")
def add(email: str, name: str, role: str, password_file: str | None) -> None:
    """Add an operator; the password is asked for, or read from a file.

    Example: heedful operator add kim@example.org --role admin
    """
    with terminal() as opened:
        _add(opened.database, email, name, Role(role), _password(password_file))


@operator.command("list")
@json_option
def show(*, as_json: bool) -> None:
    """List the operators.

    Example: heedful operator list
    """
    with terminal() as opened, opened.database.reading() as session:
        facts = {each.email: each.role + (" (closed)" if each.disabled_at else "") for each in operators(session)}
    report(facts, as_json=as_json)


@operator.command("password")
@click.argument("email")
@click.option("--password-file", type=TextFile(), help="File that holds the password; - for standard input.")
def password(email: str, password_file: str | None) -> None:
    """Give an operator a new password; it ends their sign-ins.

    Example: heedful operator password kim@example.org
    """
    with terminal() as opened, opened.database.writing() as session:
        found = next((each for each in operators(session) if each.email == email.strip().lower()), None)
        if found is None:
            raise BadInput("There is no such operator.")
        change_operator(session, found.id, password=_password(password_file), at=now())
    click.echo("Changed.")


def _password(given: str | None) -> str:
    if given is not None:
        return given.strip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _add(database: Database, email: str, name: str, role: Role, word: str) -> None:
    with database.writing() as session:
        add_operator(session, email, name, role, word, at=now())
    click.echo(f"Added {email} as {role.value}.")
