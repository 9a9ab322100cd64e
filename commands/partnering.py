"""`heedful partner`: the registry of partners, what is handed to them, and the opt-out lists that they must heed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.progress import Progress
from sqlalchemy.orm import Session

from commands.terminal import Terminal, json_option, report, terminal
from commands.written_files import begun_file
from contacts.domain.partnerships import MOST_DAYS, Purpose, read_purpose
from contacts.domain.verdicts import SENTENCES
from contacts.services.feed_partner import feed_partner, key_for
from contacts.services.keep_partners import (
    acknowledge_list,
    activate_partner,
    add_partner,
    change_partner,
    deactivate_partner,
)
from contacts.services.share_with_partner import Request, Shared, share_with_partner
from contacts.storage.handouts import CONTACTS, handouts_of
from contacts.storage.partners import Partner, all_partners, partner_named, reminder_for, standstill
from contacts.storage.segments import segment_named
from contacts.storage.shared_people import count_shared
from core.clock import now
from core.errors import BadInput

BY = "terminal"
_OUTPUT = click.Path(dir_okay=False, path_type=Path)
Command = Callable[..., Any]


@click.group()
def partner() -> None:
    """Partner companies: whom you may mail for, and share with.

    Example: heedful partner list
    """


def _terms(*, all_needed: bool) -> Callable[[Command], Command]:
    """The options that say what is agreed."""
    options = [
        click.option("--title", required=all_needed, help="The company's name, as people know it."),
        click.option("--contract", "contract_reference", required=all_needed, help="Where the contract can be found."),
        click.option("--privacy-email", required=all_needed, help="Who answers questions about privacy."),
        click.option("--suppression-email", required=all_needed, help="Who gets the opt-out lists."),
        click.option(
            "--field", "fields", multiple=True, metavar="FIELD",
            help="What they may be given: address, given_name, family_name, locale, time_zone, source, or "
            "attributes.NAME; may be repeated, and stands for the whole list.",
        ),
        click.option(
            "--days", "acknowledge_days", type=click.IntRange(1, MOST_DAYS),
            help="Days in which they must acknowledge an opt-out list; 7 if left out.",
        ),
    ]  # fmt: skip

    def given(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return given


@partner.command("list")
@json_option
def show(*, as_json: bool) -> None:
    """List the partners, whether they are active, and what is due.

    Example: heedful partner list
    """
    with terminal() as opened, opened.database.reading() as session:
        rows = [_facts(session, each, now()) for each in all_partners(session)]
    if as_json:
        report({"partners": rows}, as_json=True)
    for row in [] if as_json else rows:
        due = f", due {row['due_at']:%Y-%m-%d %H:%M} UTC ({row['due']})" if row["due_at"] else ""
        click.echo(f"{row['name']:<16} {row['title']:<30} {row['state']}, {row['shared']} people shared{due}")
    if not rows and not as_json:
        click.echo("No partners yet. Next: heedful partner add --help")


def _facts(session: Session, each: Partner, at: datetime) -> dict[str, Any]:
    why, due = standstill(session, each.name, at=at), reminder_for(session, each, at=at)
    return {
        "name": each.name,
        "title": each.title,
        "state": why.value if why else "active",
        "contract": each.contract_reference,
        "privacy_email": each.privacy_email,
        "suppression_email": each.suppression_email,
        "fields": list(each.fields),
        "acknowledge_days": each.acknowledge_days,
        "shared": count_shared(session, each.id),
        "due": due.what.value if due else None,
        "due_at": due.due_at if due else None,
    }


@partner.command("add")
@click.argument("name")
@_terms(all_needed=True)
def add(name: str, **given: Any) -> None:
    """Add a partner; nobody is mailable for it, nor shared, who does not say yes from now on.

    \b
    Example: heedful partner add acme --title "Acme Sounds" --contract "contract 7 of 2026" \\
      --privacy-email privacy@acme.example --suppression-email lists@acme.example --field address --field given_name
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    with terminal() as opened, opened.database.writing() as session:
        added = add_partner(session, name, _given(given), at=now(), operator=BY)
        topic, sharing = added.topic, added.sharing
    click.echo(f"Added. Its topic is {topic}; sharing needs a yes to {sharing}.")


@partner.command("edit")
@click.argument("name")
@_terms(all_needed=False)
def edit(name: str, **given: Any) -> None:
    """Write down new terms; what is not named stays, and what was agreed before stays readable.

    Example: heedful partner edit acme --days 5
    """
    with terminal() as opened, opened.database.writing() as session:
        change_partner(session, name, _given(given), at=now(), operator=BY)
    click.echo("Changed.")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in {None, ()}}


@partner.command("deactivate")
@click.argument("name")
@click.option("--why", default="", help="Kept with the record.")
def deactivate(name: str, why: str) -> None:
    """Stop all mail for a partner and all sharing with them; campaigns that are running stop as well.

    Example: heedful partner deactivate acme --why "contract ended"
    """
    with terminal() as opened, opened.database.writing() as session:
        deactivate_partner(session, name, at=now(), operator=BY, why=why)
    click.echo("Not active any more: nothing is mailed for them, and nothing handed to them.")


@partner.command("activate")
@click.argument("name")
def activate(name: str) -> None:
    """Take a partner up again; only who permits it may be mailed.

    Example: heedful partner activate acme
    """
    with terminal() as opened, opened.database.writing() as session:
        activate_partner(session, name, at=now())
    click.echo("Active, unless an opt-out list is late: `heedful partner list` tells.")


@partner.command("export")
@click.argument("name")
@click.option("--purpose", type=click.Choice([each.value for each in Purpose]), required=True, help="What it is for.")
@click.option("--reference", required=True, help="Which orders, or which information; kept with the record.")
@click.option("--segment", help="Only this saved segment; everybody who permits it if left out.")
@click.option("--output", type=_OUTPUT, required=True, help="The file to write; there must be none of that name.")
@json_option
def export(name: str, purpose: str, reference: str, segment: str | None, output: Path, *, as_json: bool) -> None:
    """Write the contacts that may be handed to a partner; each is decided, and recorded, before the file appears.

    Example: heedful partner export acme --purpose inform --reference "spring letter" --output acme.csv
    """
    why, said = read_purpose(purpose, reference)
    with terminal() as opened:
        with opened.database.reading() as session:
            condition = segment_named(session, segment).condition if segment else {}
        with _new_file(output) as (file, publish), _bar(as_json=as_json) as progress:
            request = Request(name, why, said, BY, condition)
            shared = share_with_partner(
                opened.database, request, file, ring=opened.ring, read_clock=now, publish=publish, progress=progress
            )
    _tell(shared, output, as_json=as_json)


def _tell(shared: Shared, output: Path, *, as_json: bool) -> None:
    facts: dict[str, Any] = {"handout": shared.handout_id, "file": str(output), "rows": shared.entries}
    facts |= {"sha256": shared.digest, "said stop meanwhile": shared.withdrawn}
    if as_json:
        refused = {reason.value: number for reason, number in shared.refused.items()}
        report(facts | {"refused": refused}, as_json=True)
        return
    report(facts, as_json=False)
    for reason, number in sorted(shared.refused.items(), key=lambda item: -item[1]):
        click.echo(f"  not handed over: {number}, {SENTENCES[reason]}")


@partner.command("opt-outs")
@click.argument("name")
@click.option("--output", type=_OUTPUT, help="The file to write; there must be none of that name.")
@click.option("--only-new", is_flag=True, help="Only what came after the last list that they acknowledged.")
@click.option("--show-key", is_flag=True, help="Print the key of their lists instead, to be handed over once.")
def opt_outs(name: str, output: Path | None, *, only_new: bool, show_key: bool) -> None:
    """Write the opt-out list for a partner: who of those handed to them must not be written to any more.

    Each line is the HMAC-SHA256 of an address, which they compare with those of the addresses they have.

    Example: heedful partner opt-outs acme --output acme-opt-outs.txt
    """
    if (output is None) != show_key:
        raise BadInput("Give either --output or --show-key.")
    with terminal() as opened:
        if output is None:
            _show_key(opened, name)
            return
        with _new_file(output) as (file, publish), opened.database.writing() as session:
            feed = feed_partner(session, name, at=now(), operator=BY, only_new=only_new)
            file.write(feed.content)
            facts = {"list": feed.handout.id, "file": str(output), "entries": feed.handout.entries}
            facts |= {
                "sha256": feed.handout.digest,
                "to be acknowledged by": f"{feed.handout.due_at:%Y-%m-%d %H:%M} UTC",
            }
            publish()
    report(facts, as_json=False)


def _show_key(opened: Terminal, name: str) -> None:
    with opened.database.reading() as session:
        key = key_for(session, opened.ring, name)
    click.echo(key.hex())
    click.echo("Hand it over in person or by another way than the lists; whoever has it can try addresses.", err=True)


@partner.command("acknowledge")
@click.argument("name")
@click.option("--list", "number", type=int, help="The list's number; the newest if left out.")
def acknowledge(name: str, number: int | None) -> None:
    """Note that a partner said they heed an opt-out list, and with it every list before.

    Example: heedful partner acknowledge acme --list 12
    """
    with terminal() as opened, opened.database.writing() as session:
        lists = [each.id for each in handouts_of(session, partner_named(session, name).id) if each.kind != CONTACTS]
        if not lists:
            raise BadInput("This partner was given no opt-out list.")
        waiting = acknowledge_list(session, name, number or lists[0], at=now(), operator=BY)
    click.echo(f"Acknowledged: {waiting}.")


def _new_file(path: Path) -> AbstractContextManager[tuple[BinaryIO, Callable[[], None]]]:
    """A file that only this operator can read, and that gets its name when it is published, whole; else it is gone."""
    if path.exists():
        raise BadInput("There is a file of that name already.", field="--output", remedy="Choose another name.")
    return begun_file(path)


@contextmanager
def _bar(*, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    with Progress(transient=True, disable=as_json) as bar:
        task = bar.add_task("judging")
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
