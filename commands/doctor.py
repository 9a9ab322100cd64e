"""`heedful doctor`: what would keep mail from leaving, or opt-outs from holding, and what to do about it."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from campaigns.domain.providers import read_rates
from campaigns.mail.assurances import read_fleet
from campaigns.mail.relay_urls import Line
from campaigns.storage.senders import overtaken, running_senders
from commands.keying import examined_keys
from commands.relaying import troubles_of
from commands.terminal import json_option, lacks_right, report
from contacts.domain.addresses import PepperRing, read_address
from contacts.storage.contact_edits import stopped_edits
from contacts.storage.imports import stopped_imports
from contacts.storage.ledger import LedgerHead
from contacts.storage.peppers import generations
from core.clock import now
from core.database import Database
from core.errors import Conflict, HeedfulError, Misconfigured
from core.schema import require_current_schema
from core.settings import LOOPBACK, Settings, load_settings, unknown_settings
from migrations.standing_guards import guard_faults

LEAST_DISK = 500 * 1024 * 1024
SILENT = timedelta(seconds=30)
MOST_SKEW = timedelta(seconds=5)

Check = Callable[[Settings, Database], str]
"""Answers with what is well, or raises a HeedfulError with what is not."""


@click.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Check database, mail server, base URL, secrets, sender, postal address, disk and time; exit code 1 on a fault.

    Example: heedful doctor
    """
    settings = load_settings()
    database = Database(settings.database_url)
    found = dict(_examine(settings, database))
    database.close()
    facts = {name: said if well else f"FAULT: {said}" for name, (well, said) in found.items()}
    report(facts, as_json=as_json)
    if not all(well for well, _ in found.values()):
        raise Conflict("Not everything is well.", remedy="Mend what is named above.")


def _examine(settings: Settings, database: Database) -> Iterator[tuple[str, tuple[bool, str]]]:
    for check in CHECKS:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            yield name, (True, check(settings, database))
        except HeedfulError as error:
            yield name, (False, str(error))
        except OperationalError as error:
            reason = str(error.orig).splitlines()[0] if error.orig else "no answer"
            yield name, (False, f"it does not answer: {reason}. Check HEEDFUL_DATABASE_URL, its folder and rights.")
        except DBAPIError as error:
            lacking = "this role may not look. Run `heedful database roles` and its SQL again, as the tables' owner."
            yield name, (False, lacking if lacks_right(error) else type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the doctor tells of every fault and goes on
            yield name, (False, type(error).__name__)


def _settings_names(_settings: Settings, _database: Database) -> str:
    if slips := unknown_settings(os.environ):
        raise Misconfigured(f"{', '.join(slips)} means nothing.", remedy="The README lists all settings.")
    return "every HEEDFUL_ name is known"


def _database(_settings: Settings, database: Database) -> str:
    require_current_schema(database)
    with database.writing() as session:
        session.execute(select(LedgerHead.id).with_for_update())  # every role may, and none that only reads
    with database.reading():
        return f"{database.dialect}, of this version, can be written"


def _guards(_settings: Settings, database: Database) -> str:
    require_current_schema(database)
    with database.reading() as session:
        faults = guard_faults(session.connection())
    if faults:
        raise Misconfigured(" ".join(faults), remedy="Run `heedful ledger guard`, then `heedful verify`.")
    return "the database itself refuses to change events and blocks"


def _rights(_settings: Settings, database: Database) -> str:
    """Whether others on this machine can read the file; on PostgreSQL, whether the role is wider than its task."""
    if database.dialect == "postgresql":
        require_current_schema(database)
        with database.reading() as session:
            wide = session.scalar(text("SELECT has_table_privilege('event', 'UPDATE')"))
        return "a role that owns the tables: `heedful database roles` makes narrower ones" if wide else "a narrow role"
    path = Path(str(database.engine.url.database))
    files = [each for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))) if each.exists()]
    open_to_others = [each.name for each in files if each.stat().st_mode & 0o077]
    if open_to_others:
        raise Misconfigured(f"others can read {', '.join(open_to_others)}.", remedy=f"chmod 600 {path}*")
    return "the file can be read by its owner alone"


def _pepper(settings: Settings, database: Database) -> str:
    require_current_schema(database)
    with database.reading() as session:
        known = generations(session, ring := PepperRing.of(settings))
    waiting = "" if ring.peppers[0] in known else "; the newest keys nobody until `heedful pepper rotate`"
    return f"all that this database knows ({len(known)}); keep a copy apart from it{waiting}"


def _mail_server(settings: Settings, _database: Database) -> str:
    read_rates(settings.provider_rates)
    relays = read_fleet(settings.smtp_url.get_secret_value())
    if relays[0].line is Line.CAPTURE:
        return "capture: the built-in mailbox; nothing leaves this machine"
    if troubles := troubles_of(relays):
        told = troubles.values() if len(relays) == 1 else (f"{name}: {said}" for name, said in troubles.items())
        raise Misconfigured("; ".join(told), remedy="Check HEEDFUL_SMTP_URL and the network.")
    return f"{', '.join(relay.shown for relay in relays)} {'answers' if len(relays) == 1 else 'answer'}"


def _base_url(settings: Settings, _database: Database) -> str:
    parts = urlsplit(settings.base_url)
    host = parts.hostname
    if host in LOOPBACK and parts.port != settings.port:
        raise Misconfigured(
            f"links lead to {settings.base_url}, but the web server listens on port {settings.port}.",
            remedy="Set HEEDFUL_BASE_URL and HEEDFUL_PORT to one another.",
        )
    return settings.base_url + (": only this machine can open its links" if host in LOOPBACK else "")


def _sender(settings: Settings, _database: Database) -> str:
    if not settings.sender_email:
        raise Misconfigured("there is none.", remedy="Set HEEDFUL_SENDER_EMAIL and HEEDFUL_SENDER_NAME.")
    read_address(settings.sender_email)
    return f"{settings.sender_name} <{settings.sender_email}>"


def _signatures(settings: Settings, _database: Database) -> str:
    return examined_keys(settings.dkim_keys)


def _postal_address(settings: Settings, _database: Database) -> str:
    if not settings.sender_postal_address:
        raise Misconfigured("there is none; the law asks for one.", remedy="Set HEEDFUL_SENDER_POSTAL_ADDRESS.")
    return settings.sender_postal_address


def _privacy_policy(settings: Settings, _database: Database) -> str:
    if not settings.privacy_url:
        raise Misconfigured("no mail links one.", remedy="Set HEEDFUL_PRIVACY_URL.")
    return settings.privacy_url


def _way_out_by_mail(settings: Settings, _database: Database) -> str:
    return settings.unsubscribe_mailto or "none; the header names the web address alone"


def _data_folder(settings: Settings, _database: Database) -> str:
    remedy = "Let this user write there, or set HEEDFUL_DATA_DIR to a folder of its own."
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Misconfigured(f"{settings.data_dir} cannot be made: {error.strerror}.", remedy=remedy) from None
    free = shutil.disk_usage(settings.data_dir).free
    if not os.access(settings.data_dir, os.W_OK):
        raise Misconfigured(f"{settings.data_dir} cannot be written.", remedy=remedy)
    if free < LEAST_DISK:
        raise Misconfigured(f"only {free // 2**20} MiB are free.", remedy="Make room, or set HEEDFUL_DATA_DIR.")
    return f"{settings.data_dir}, {free // 2**30} GiB free"


def _long_work(_settings: Settings, database: Database) -> str:
    require_current_schema(database)
    with database.reading() as session:
        stopped = [f"import {number}" for number in stopped_imports(session, at=now())]
        stopped += [f"edit {number}" for number in stopped_edits(session, at=now())]
    if stopped:
        again = "Run it again" if len(stopped) == 1 else "Run each again"
        raise Misconfigured(f"{', '.join(stopped)} stopped in the middle.", remedy=f"{again}: what was done stays.")
    return "no import and no edit of many contacts stopped in the middle"


def _senders(_settings: Settings, database: Database) -> str:
    require_current_schema(database)
    with database.reading() as session:
        running, after = [(each.name, each.seen_at) for each in running_senders(session)], overtaken(session)
    silent = [name for name, seen_at in running if seen_at < now() - SILENT]
    if silent:
        raise Misconfigured(f"{', '.join(silent)} gave no sign of life for a while.", remedy="Look at its log there.")
    told = f"; {after} handed over after others had taken their sender for dead" if after else ""
    return (f"{len(running)} at work" if running else "none runs now; nothing is sent until one does") + told


def _time(_settings: Settings, database: Database) -> str:
    if database.dialect == "sqlite":
        return f"{now():%Y-%m-%d %H:%M:%S} UTC"
    with database.reading() as session:
        theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = abs(now() - theirs.astimezone(UTC))
    if skew > MOST_SKEW:
        raise Misconfigured(f"this machine's clock and the database's differ by {skew.total_seconds():.0f} s.")
    return f"{now():%Y-%m-%d %H:%M:%S} UTC, the database agrees"


CHECKS: tuple[Check, ...] = (
    _settings_names, _database, _rights, _guards, _pepper, _mail_server, _base_url, _sender, _signatures,
    _postal_address, _privacy_policy, _way_out_by_mail, _data_folder, _long_work, _senders, _time,
)  # fmt: skip
