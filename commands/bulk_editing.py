"""`heedful contacts`: many contacts changed or restricted at once."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from rich.progress import Progress

from commands.terminal import json_option, report, terminal
from contacts.domain.edits import read_edit
from contacts.domain.facts import Door
from contacts.services.edit_contacts import EditTerms, edit_contacts, preview_edit
from contacts.storage.segments import segment_named
from core.clock import now
from core.errors import BadInput


@click.group()
def contacts() -> None:
    """Many contacts at once.

    Example: heedful contacts edit --segment berlin --set plan=pro
    """


@contacts.command("edit")
@click.option("--segment", help="Whom: a saved segment.")
@click.option("--everybody", is_flag=True, help="Whom: all contacts.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="Set an attribute; may be repeated.")
@click.option("--clear", "cleared", multiple=True, metavar="NAME", help="Remove an attribute; may be repeated.")
@click.option("--language", default="", help="Set the language, such as de or pt-BR.")
@click.option("--time-zone", "time_zone", default="", help="Set the time zone, such as Europe/Berlin.")
@click.option("--opt-out", "opt_outs", multiple=True, metavar="SCOPE", help="Opt them out of it; may be repeated.")
@click.option("--child", is_flag=True, help="Flag them as children; nothing automatic takes it back.")
@click.option("--evidence", default="", help="How you know; needed to stop anybody.")
@click.option("--look", is_flag=True, help="Only count what would change.")
@json_option
def edit(segment: str | None, evidence: str, *, everybody: bool, look: bool, as_json: bool, **given: Any) -> None:
    """Set and clear attributes, language and time zone, or stop people; nothing here can permit mail.

    \b
    Example: heedful contacts edit --segment germany --set country=DE --look
    Example: heedful contacts edit --segment fair --opt-out offers --evidence "the organiser's letter of 3 March"
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    if bool(segment) == everybody:
        raise BadInput("Say whom.", field="--segment", remedy="Give --segment NAME, or --everybody.")
    change = read_edit(**given)
    with terminal() as opened:
        with opened.database.reading() as session:
            condition: Mapping[str, Any] = segment_named(session, segment).condition if segment else {}
            found = preview_edit(session, condition, change, at=now()) if look else None
        if found is not None:
            report({"meant": found.met, "looked at": found.looked_at, **found.counts}, as_json=as_json)
            return
        terms = EditTerms(
            condition=condition,
            edit=change,
            door=Door.TERMINAL,
            segment=segment or "",
            operator="terminal",
            evidence=evidence,
            confirm_seconds=opened.settings.confirm_seconds,
        )
        with _progress(as_json=as_json) as progress:
            done = edit_contacts(opened.database, terms, at=now(), progress=progress)
    late = {} if done.settled else {"note": "one message that was being handed over may still arrive"}
    report({"edit": done.edit_id, **done.counts} | late, as_json=as_json)


@contextmanager
def _progress(*, as_json: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal that somebody looks at; nothing elsewhere."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    with Progress(transient=True) as bar:
        task = bar.add_task("editing")
        yield lambda done, met: bar.update(task, completed=done, total=met)
