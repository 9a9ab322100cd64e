"""What every command needs: settings, an open database of the right version, and a way to report."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from contacts.domain.addresses import Pepper
from contacts.storage.policies import require_same_pepper
from core.database import Database
from core.errors import Unavailable
from core.logs import set_up_logs
from core.schema import require_current_schema
from core.settings import Settings, load_settings
from core.tokens import Keyring


@dataclass
class Terminal:
    """An open house: settings and database."""

    settings: Settings
    database: Database

    @cached_property
    def pepper(self) -> Pepper:
        """The pepper, known to be the database's own."""
        return Pepper.of(self.settings)

    @cached_property
    def keyring(self) -> Keyring:
        """The ring that signs links."""
        return Keyring(self.settings.secret_key.get_secret_value().split(","))


@contextmanager
def terminal() -> Iterator[Terminal]:
    """Settings and a database whose tables and pepper are right.

    Raises:
        HeedfulError: telling what to set, or which command to run.
    """
    settings = load_settings()
    set_up_logs(level=settings.log_level, form=settings.log_format)
    database = Database(settings.database_url)
    opened = Terminal(settings, database)
    try:
        require_current_schema(database)
        with database.reading() as session:
            require_same_pepper(session, opened.pepper)
        yield opened
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else "no answer"
        raise Unavailable(
            f"The database does not answer: {reason}.",
            remedy="Try again; what was stored before stays, and nothing is done twice.",
        ) from None
    finally:
        database.close()


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
