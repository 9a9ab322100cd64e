"""`heedful pepper status | rotate`: the secrets that addresses are keyed with, for whoever keeps them."""

import os
import re
import secrets
import stat
import tempfile
from contextlib import suppress
from io import StringIO
from pathlib import Path

import click
from dotenv import dotenv_values

from commands.house import ENV
from commands.terminal import Terminal, json_option, report, rights_told, terminal
from contacts.domain.addresses import PepperRing
from contacts.services.count_generations import count_generations
from contacts.storage.peppers import begin_generation, generations
from core.errors import BadInput
from core.settings import load_settings

NAME = "HEEDFUL_PEPPER"
_LINE = re.compile(rf"^(\s*(?:export\s+)?{NAME}\s*=[ \t]*['\"]?)", re.IGNORECASE | re.MULTILINE)


@click.group()
def pepper() -> None:
    """The secrets that addresses are keyed with; the database knows a person by one of them for ever."""


@pepper.command("status")
@json_option
def status(*, as_json: bool) -> None:
    """Tell how many people are known under each generation, and whether the newest is in use; no secret is shown.

    Example: heedful pepper status
    """
    with terminal() as opened, opened.database.reading() as session:
        found = count_generations(session, opened.ring)
        waits = opened.ring.peppers[0] not in generations(session, opened.ring)
    facts = {
        "generations": {str(number): count for number, count in found.contacts.items()},
        "by_key_alone": found.by_key_alone,
        "under_none": found.under_none,
        "newest_waits": waits,
    }
    if as_json:
        report(facts, as_json=True)
        return
    told = {f"generation {number}": f"{count} contacts" for number, count in found.contacts.items()}
    told["no contact (any more)"] = f"{found.by_key_alone}, of a generation that only their address would tell"
    if found.under_none:
        told["under none"] = f"{found.under_none} contacts: their address was changed by another hand"
    told["newest"] = "keys nobody until `heedful pepper rotate`" if waits else "keys whoever is new"
    report(told, as_json=False)


@pepper.command("rotate")
def rotate() -> None:
    """Key whoever is new with a fresh secret from now on; who is known keeps their key, and the old secrets stay.

    The fresh secret is put in front of HEEDFUL_PEPPER in .env. Where several machines work, or the setting comes
    from elsewhere, first put it in front on each of them and start them anew: it keys nobody yet. Then this command
    takes it into use for all of them at once. On PostgreSQL the owner of the tables runs it.

    Example: heedful pepper rotate
    """
    with terminal() as opened:
        number = _begin(opened, opened.ring)
    if number is None:
        # The file first, the database second. A crash between the two leaves a secret in front that keys nobody,
        # which every door takes and which the next call begins with, as above. The other way round the database
        # could ask for ever for a secret that was never written down.
        _put_in_front(secrets.token_urlsafe(48))
        with terminal() as opened:
            number = _begin(opened, PepperRing.of(load_settings()))
    click.echo(f"Generation {number} keys whoever is new. Copy {NAME} to every machine and to your safe,")
    click.echo("keep the older secrets in it, and start again what runs with the old setting.")


def _begin(opened: Terminal, ring: PepperRing) -> int | None:
    only = "Only the database's owner may take a new pepper into use."
    with rights_told(opened.database, only_the_owner=only), opened.database.writing() as session:
        return begin_generation(session, ring)


def _put_in_front(fresh: str) -> None:
    """Write the fresh secret before the others in .env: the file is whole, with the old line or the new, at any moment.

    Raises:
        BadInput: the setting does not come from there.
    """
    path = ENV.resolve()
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = list(_LINE.finditer(text))
    if not lines or any(name.upper() == NAME for name in os.environ):
        raise BadInput(
            f"{NAME} does not come from {ENV}, so it cannot be changed there.",
            remedy="Where it comes from, put a fresh secret of 32 or more letters and a comma in front of it, start "
            "everything again, and repeat this command.",
        )
    where = lines[-1].end()  # of several lines the last one counts
    changed = f"{text[:where]}{fresh},{text[where:]}"
    before, after = (dotenv_values(stream=StringIO(each)).get(NAME) for each in (text, changed))
    if not before or after != f"{fresh},{before}":
        raise BadInput(f"The line of {NAME} in {ENV} is of an unusual form.", remedy=f"Write it as {NAME}=secret.")
    _replace(path, changed)


def _replace(path: Path, text: str) -> None:
    """Put a new file in the place of a file, with its rights and owner, durable before it is seen."""
    before = path.stat()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".env-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(stat.S_IMODE(before.st_mode))
    with suppress(PermissionError):
        os.chown(name, before.st_uid, before.st_gid)
    Path(name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
