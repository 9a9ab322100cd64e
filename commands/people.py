"""`heedful import | export`: people, and what they said."""

import gc
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

import click
from rich.progress import Progress, TextColumn

from commands.suppressing import take_hash_list
from commands.terminal import Terminal, json_option, report, terminal
from commands.written_files import output_option, whole_file
from contacts.domain.columns import read_choices
from contacts.domain.dates import read_moment
from contacts.domain.hash_lists import looks_hashed
from contacts.domain.import_modes import ImportMode
from contacts.domain.policy import Source
from contacts.domain.rows import Defaults
from contacts.domain.sheets import TableShape
from contacts.services.export_contacts import export_contacts
from contacts.services.import_contacts import ImportOptions, ImportReport, examine, import_contacts
from contacts.storage.segments import segment_named
from core.clock import now
from core.errors import BadInput

SOURCES = [source.value for source in Source]
MODES = [mode.value for mode in ImportMode]
MODES_TOLD = (
    "add who is new; fill empty fields of who is known as well; update profiles of who is known and add nobody; "
    "restrict: a suppression list, everybody in it is opted out of everything."
)


@click.command("import")
@click.argument("given_file", metavar="FILE", type=click.File("rb"))
@click.option("--map", "pairs", multiple=True, metavar="COLUMN=FIELD", help="Where a column goes; may be repeated.")
@click.option("--source", type=click.Choice(SOURCES), help="Where the addresses came from, where no column says it.")
@click.option("--source-time", "source_time", help="When they came, where no column says it: 2026-03-01.")
@click.option("--evidence", default="", help="How you know: a form's name, a till receipt; where no column says it.")
@click.option(
    "--consent", "consents", multiple=True, metavar="TOPIC", help="What they said yes to; where no column says."
)
@click.option("--opt-out", "opt_outs", multiple=True, metavar="SCOPE", help="What they said stop to, everybody in it.")
@click.option("--encoding", help="The file's encoding; found out if left out.")
@click.option("--delimiter", help="What separates cells; found out if left out.")
@click.option("--header/--no-header", default=None, help="Whether line 1 names the columns; found out if left out.")
@click.option("--mode", type=click.Choice(MODES), default=ImportMode.FILL.value, show_default=True, help=MODES_TOLD)
@click.option("--suppression", is_flag=True, help="The same as --mode restrict.")
@click.option("--partner", default="", help="Whose key made the hashes of a suppression list; none for plain hashes.")
@click.option("--notice", is_flag=True, help="They were told that you will write, where your policy takes that.")
@click.option("--look", is_flag=True, help="Only show how the file would be read.")
@json_option
def import_(given_file: BinaryIO, *, look: bool, as_json: bool, **given: Any) -> None:
    """Import contacts from a CSV file of any size; it can only restrict who is known already.

    Rows that cannot go in are written to a rejects file with line, field and reason.

    Columns understood by their names, in many languages: email, given_name, family_name, name, language, time_zone,
    topics (such as "updates; offers"), opted_out (yes, a day, or scopes), child (yes or no), birth_date, source,
    source_time, evidence. Any other column becomes an attribute.

    A suppression list may hold hashes instead of addresses, one person a line: MD5, SHA-1 or SHA-256 of the lower-case
    address, or HMAC-SHA256 with a partner's key (--partner). Who is on it and arrives later is opted out on arrival.

    \b
    Example: heedful import people.csv --source mailing_list --source-time 2026-03-01 --evidence "newsletter form"
    Example: heedful import stop.csv --mode restrict
    """  # noqa: D301 - \b is click's mark for lines that are kept apart
    gc.freeze()  # what is loaded by now lives as long as the import: a sixth of its time went into looking it over
    with terminal() as opened, _whole(given_file) as file:
        options = _options(opened, file, given)
        if looks_hashed(file):
            _take_hashes(opened, file, options, given["partner"], look=look, as_json=as_json)
            return
        if given["partner"]:
            raise BadInput("The file holds no hashes.", field="--partner", remedy="Leave it out: it has no use here.")
        examined = examine(file, options)
        if look:
            _tell_shape(examined.table.shape, examined.mapping, as_json=as_json)
            return
        file.seek(0)
        with _progress(as_json=as_json) as progress:
            found = import_contacts(opened.database, file, options, ring=opened.ring, at=now(), progress=progress)
    _tell(found, as_json=as_json)


def _take_hashes(
    opened: Terminal, file: BinaryIO, options: ImportOptions, partner: str, *, look: bool, as_json: bool
) -> None:
    if look:
        report({"hashes": "one hashed address a line; --mode restrict takes them"}, as_json=as_json)
        return
    with _progress(as_json=as_json) as progress:
        take_hash_list(opened, file, options, partner, progress=progress, as_json=as_json)


def _tell(found: ImportReport, *, as_json: bool) -> None:
    if not as_json:
        _tell_shape(found.shape, found.mapping, as_json=False)
    late = {} if found.settled else {"note": "one message that was being handed over may still arrive"}
    report(dict(found.counts) | {"rejects": str(found.rejects or "")} | late, as_json=as_json)
    if not as_json:
        for each in found.first_rejections:
            said = f"{each.reason.removesuffix('.')}. {each.remedy}"
            click.echo(f"  line {each.line}, {each.field or 'row'}: {said}".rstrip(" ."))
    if not found.counts.get("rows"):
        raise BadInput("The file has no row below its header.")
    if found.counts["rows"] == found.counts.get("rejected"):
        raise BadInput("Every row was rejected.", remedy="The rejects file says why, line by line.")


@contextmanager
def _whole(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file that can be read twice: what comes through a pipe is kept beside until the end."""
    if file.seekable():
        yield file
        return
    with SpooledTemporaryFile(max_size=16 * 1024 * 1024) as kept:
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        yield cast(BinaryIO, kept)


def _options(opened: Terminal, file: BinaryIO, given: dict[str, Any]) -> ImportOptions:
    zone = ZoneInfo(opened.settings.time_zone)
    told = given["source_time"]
    source_at = read_moment(told, zone) if told else None
    if told and source_at is None:
        raise BadInput("This is no date, or can be read as two.", field="--source-time", remedy="Write 2026-03-01.")
    return ImportOptions(
        file_name=Path(str(getattr(file, "name", None) or "standard input")).name,
        operator="terminal",
        choices=read_choices(given["pairs"]),
        defaults=Defaults(
            source=Source(given["source"]) if given["source"] else None,
            source_at=source_at,
            evidence=given["evidence"],
            consents=given["consents"],
            opt_outs=given["opt_outs"],
            zone=zone,
        ),
        encoding=given["encoding"],
        delimiter=given["delimiter"],
        header=given["header"],
        age_limit=opened.settings.child_age,
        mode=ImportMode.RESTRICT if given["suppression"] else ImportMode(given["mode"]),
        notice=given["notice"],
        rejects_folder=opened.settings.data_dir / "rejects",
        confirm_seconds=opened.settings.confirm_seconds,
    )


def _tell_shape(shape: TableShape, mapping: list[str], *, as_json: bool) -> None:
    columns = dict(zip(shape.columns, mapping, strict=False))
    facts = {"encoding": shape.encoding, "delimiter": repr(shape.delimiter), "header": shape.header}
    report(facts | ({"columns": columns} if as_json else columns), as_json=as_json, title="The file:")


@contextmanager
def _progress(*, as_json: bool) -> Iterator[Callable[[int, int, Any], None] | None]:
    """A bar on a terminal that somebody looks at; nothing elsewhere."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    with Progress(*Progress.get_default_columns(), TextColumn("{task.fields[rows]} rows"), transient=True) as bar:
        task = bar.add_task("importing", rows=0)
        yield lambda read, size, counts: bar.update(task, completed=read, total=size, rows=counts.get("rows", 0))


@click.command()
@click.option("--segment", help="Only this saved segment; everybody if left out.")
@output_option
def export(segment: str | None, output: Path) -> None:
    """Write contacts as CSV with their consents and blocks; a cell that would run as a formula is defused.

    Example: heedful export --segment germany --output germany.csv
    """
    with whole_file(output) as file, terminal() as opened, opened.database.reading() as session:
        condition = segment_named(session, segment).condition if segment else {}
        for line in export_contacts(session, condition=condition, at=now()):
            file.write(line.encode())
