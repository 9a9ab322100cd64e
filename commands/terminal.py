"""What every command needs: settings, an open database of the right version, and a way to report."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from contacts.services.open_house import House, open_house
from core.errors import Unavailable

Terminal = House
"""What a command works with."""


@contextmanager
def terminal() -> Iterator[Terminal]:
    """An open house, closed at the end.

    Raises:
        HeedfulError: telling what to set, or which command to run.
    """
    opened = None
    try:
        opened = open_house()
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
