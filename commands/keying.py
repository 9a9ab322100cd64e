"""`heedful dkim`: keys that sign the mail, and the records that DNS must hold for them."""

import os
from pathlib import Path

import click
import dns.exception
import dns.resolver

from campaigns.mail.signing import DkimKey
from campaigns.mail.signing_keys import (
    SETTING,
    make_key,
    named_files,
    pem,
    read_keys,
    record_name,
    record_value,
    same_key,
    zone_line,
)
from commands.terminal import json_option, report
from core.errors import Conflict, Misconfigured
from core.settings import load_settings

PATIENCE = 3.0
"""Seconds that DNS may take."""


@click.group()
def dkim() -> None:
    """Keys that sign the mail, so that receivers can tell that it is yours and was not changed.

    Example: heedful dkim new --domain example.org --selector 2026-11
    """


@dkim.command()
@click.option("--domain", required=True, help="The domain of your From address, or one above it.")
@click.option("--selector", required=True, help="The key's name in DNS, such as 2026-11.")
@click.option("--ed25519", is_flag=True, help="A short modern key; as a second one, for not every receiver knows it.")
@click.option(
    "--to", "path", type=click.Path(path_type=Path), help="The file to write; dkim-SELECTOR-DOMAIN.pem if left out."
)
@json_option
def new(domain: str, selector: str, path: Path | None, *, ed25519: bool, as_json: bool) -> None:
    """Make a key, write it to a file that only you can read, and print the record for DNS and the setting.

    Example: heedful dkim new --domain example.org --selector 2026-11
    """
    key = make_key(selector, domain, ed25519=ed25519)
    path = path or Path(f"dkim-{key.selector}-{key.domain}.pem")
    _write(path, pem(key))
    setting = f"{SETTING}={key.selector}:{key.domain}:{path.absolute()}"
    facts = {"file": str(path), **_record(key), "setting": setting}
    report(facts, as_json=as_json, title="Publish the record first, then add the key to the setting:")


@dkim.command()
@json_option
def show(*, as_json: bool) -> None:
    """Print the records of all keys in HEEDFUL_DKIM_KEYS, to be compared with what DNS says.

    Example: heedful dkim show
    """
    keys = read_keys(load_settings().dkim_keys)
    if as_json:
        report({"keys": [_record(key) for key in keys]}, as_json=True)
        return
    for key in keys:
        report(_record(key), as_json=False, title=f"{key.selector} of {key.domain} ({key.kind}):")
    if not keys:
        click.echo(f"{SETTING} names no key; `heedful dkim new` makes one.")


def _record(key: DkimKey) -> dict[str, str]:
    return {"name": record_name(key), "type": "TXT", "value": record_value(key), "zone": zone_line(key)}


def _write(path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        remedy = "Name another with --to; a key in use must not be lost."
        raise Conflict(f"There is a file {path} already.", remedy=remedy) from None
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}.", remedy="Name another with --to.") from None


def examined_keys(written: str, resolver: dns.resolver.Resolver | None = None) -> str:
    """For the doctor: which selectors sign, and whether DNS holds their keys.

    Raises:
        Misconfigured: a key is wrong, others can read its file, or DNS holds another.
    """
    keys = read_keys(written)
    if not keys:
        return "no key signs the mail here (HEEDFUL_DKIM_KEYS)"
    bare = [path for _, _, path in named_files(written) if path.stat().st_mode & 0o077]
    if bare:
        names = " ".join(map(str, bare))
        raise Misconfigured(f"others can read {names}.", remedy=f"chmod 600 {names}")
    return "; ".join(f"{key.selector} of {key.domain} ({key.kind}): {_in_dns(key, resolver)}" for key in keys)


def _in_dns(key: DkimKey, resolver: dns.resolver.Resolver | None) -> str:
    try:
        asked = resolver or dns.resolver.Resolver()
        found = asked.resolve(f"{record_name(key)}.", "TXT", lifetime=PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        published = []
    except dns.exception.DNSException:
        return "DNS does not answer here; compare it with `heedful dkim show`"
    else:
        published = [b"".join(each.strings).decode("ascii", "replace") for each in found]
    if not any(same_key(each, key) for each in published):
        said = "another key" if published else "no key"
        raise Misconfigured(f"DNS holds {said} at {record_name(key)}.", remedy="Publish what `heedful dkim show` says.")
    return "DNS holds its key"
