"""`heedful verify` and `heedful ledger`: whether the record of permissions is whole, and what proves it later."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.progress import Progress
from sqlalchemy.orm import Session

from commands.given_texts import TextFile
from commands.terminal import json_option, report, terminal
from contacts.domain.anchors import Anchor, read_anchors
from contacts.services.verify_ledger import Told, Verified, ledger_anchor, verify_ledger
from contacts.storage.chains import last_number
from core.clock import now
from core.errors import Conflict
from migrations.standing_guards import guard_faults, put_guards_back

REMEDY = "Keep the database as it is, find out who changed it, and restore the backup from before."


@click.command()
@click.option("--anchor", "lines", multiple=True, metavar="LINE", help="A line that `heedful ledger head` printed.")
@click.option("--anchor-file", type=TextFile(), help="A file with such lines, as a log; all are checked.")
@json_option
def verify(lines: tuple[str, ...], anchor_file: str | None, *, as_json: bool) -> None:
    """Recompute the ledger's chain, derive every block and consent anew, and look for every guard.

    Exit code 1 if anything is wrong. Only an anchor tells whether the end was cut off, or all of it written anew.

    Example: heedful verify --anchor-file anchors.txt
    """
    anchors = [each for line in lines for each in read_anchors(line)]
    anchors += read_anchors(anchor_file) if anchor_file else []
    with terminal() as opened, opened.database.reading() as session:
        guards = guard_faults(session.connection())
        found = _verified(session, anchors, guards, as_json=as_json)
    fault = found.fault or (guards[0] if guards else None)
    facts = {
        "events": found.events,
        "people": found.people,
        "fault": fault or "none",
        "guards": "; ".join(guards) or "all stand",
        "anchors": f"{len(anchors)}, all hold" if anchors and not found.fault else len(anchors),
    }
    report(facts, as_json=as_json)
    if fault:
        raise Conflict(fault, remedy=REMEDY if found.fault else "Run `heedful ledger guard`, then verify again.")


def _verified(session: Session, anchors: list[Anchor], guards: list[str], *, as_json: bool) -> Verified:
    gone = next((each for each in guards if each.startswith("The table") and "missing" in each), None)
    if gone:
        return Verified(0, gone)
    with _progress(session, as_json=as_json) as told:
        return verify_ledger(session, sorted(anchors, key=lambda each: each.events), told)


@contextmanager
def _progress(session: Session, *, as_json: bool) -> Iterator[Told]:
    if as_json or not sys.stderr.isatty():
        yield lambda _: None
        return
    with Progress(transient=True) as bar:
        task = bar.add_task("reading events twice", total=2 * last_number(session))
        yield lambda more: bar.update(task, advance=more)


@click.group()
def ledger() -> None:
    """The ledger of permissions: its end, to be kept elsewhere, and the guards on it.

    Example: heedful ledger head
    """


@ledger.command("head")
@json_option
def head(*, as_json: bool) -> None:
    """Print the anchor: one line to keep where nobody who can reach the database can change it.

    Example: heedful ledger head >> /media/elsewhere/anchors.txt
    """
    with terminal() as opened, opened.database.reading() as session:
        house, events, digest = ledger_anchor(session)
    line = Anchor(house, events, digest, now()).line
    if as_json:
        report({"house": house, "events": events, "hash": digest.hex(), "anchor": line}, as_json=True)
    else:
        click.echo(line)


@ledger.command("guard")
def guard() -> None:
    """Put back guards that `heedful verify` found missing, changed or switched off; the database's owner can.

    It mends no row: verify afterwards. On PostgreSQL, restoring data alone switches guards off.

    Example: heedful ledger guard
    """
    with terminal() as opened, opened.database.writing() as session:
        before = guard_faults(session.connection())
        put_guards_back(session.connection())
        left = guard_faults(session.connection())
    for each in before:
        click.echo(each)
    if left:
        raise Conflict(left[0], remedy="Remove what is none of Heedful's, and put back what only a backup can.")
    click.echo("Every guard stands. Now run `heedful verify`.")
