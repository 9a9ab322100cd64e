"""What every command needs: settings, an open database of the right version, and a way to report."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from contacts.services.open_house import House, open_house
from core.database import Database
from core.errors import Forbidden, Unavailable

Terminal = House
"""What a command works with."""
_NO_RIGHT = "42501"
"""PostgreSQL's code for a right that the role has not."""
_OWNER = """
SELECT current_user, pg_get_userbyid(c.relowner) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = 'alembic_version' AND n.nspname = ANY (current_schemas(false))
"""


@contextmanager
def terminal(*, patience: float = 0.0) -> Iterator[Terminal]:
    """An open house, closed at the end; `patience`: for how many seconds its database is waited for.

    Raises:
        HeedfulError: telling what to set, which command to run, or whose right it is.
    """
    opened = None
    try:
        opened = open_house(patience=patience)
        with rights_told(opened.database):
            yield opened
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else "no answer"
        raise Unavailable(
            f"The database does not answer: {reason}.",
            remedy="Try again; what was stored before stays, and nothing is done twice.",
        ) from None
    finally:
        if opened is not None:
            opened.database.close()


@contextmanager
def rights_told(database: Database, *, only_the_owner: str = "") -> Iterator[None]:
    """Tell whose right it is that the database's role has not; ``only_the_owner`` says it better where it is known.

    Raises:
        Forbidden: the role may not do what is inside.
    """
    try:
        yield
    except DBAPIError as error:
        if not lacks_right(error):
            raise
        said = only_the_owner or _whose_right(database)
        raise Forbidden(said, remedy="Run it with the owner's address, as for `heedful migrate`.") from None


def lacks_right(error: DBAPIError) -> bool:
    """Whether the database's role had not the right (PostgreSQL)."""
    return getattr(error.orig, "sqlstate", None) == _NO_RIGHT


def _whose_right(database: Database) -> str:
    with database.reading() as session:
        found = session.execute(text(_OWNER)).first()
    if found is None:
        return "The database does not let this role do that; the owner of the tables may."
    return f"The database does not let the role {found[0]} do that; {found[1]}, the owner of the tables, may."


def report(facts: Mapping[str, Any], *, as_json: bool, title: str = "") -> None:
    """Print facts: aligned lines for people, one object for programs."""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    if title:
        click.echo(title)
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        click.echo(f"  {name:<{width}}  {value}")


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
