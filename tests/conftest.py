"""What every test may ask for: a database of each kind, settings, a still moment, the program's own ring of keys."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import Engine
from starlette.testclient import TestClient

from contacts.domain.addresses import Pepper, PepperRing
from contacts.storage.ledger import begin_ledger
from contacts.storage.peppers import remember_pepper
from contacts.storage.policies import publish_policy
from contacts.storage.topics import add_standard_topics
from core.database import Database
from core.schema import migrate
from core.settings import Settings
from core.tokens import Keyring
from tests.databases import postgresql_server
from tests.web import browser

# a busy machine is no fault of the code; CI tries the same examples in every run, a developer's machine new ones
hypothesis.settings.register_profile("heedful", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("heedful")

MEMORY, ENOUGH = Path("/dev/shm"), 4 * 1024**3
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    # thousands of small databases, each commit of which waits for a disk: in memory they take a quarter of the time
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests-that-is-long-enough"
PEPPER = "a-pepper-of-the-tests-that-is-long-enough"
HERE, STORIES, OF_BOTH = Path(__file__).parent, {"journeys", "oracle"}, {"storage", "core", "migrations"}
_names = count()
_known: dict[str, Engine] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lines are counted where they are shown to hold: not in whole stories, nor twice for pages and services.

    What differs between the databases lies in storage and core, whose tests are counted on both.
    """
    for item in items:
        place = set(item.path.relative_to(HERE).parts)
        given = getattr(item, "callspec", None)
        over = given.params.get("database_url") if given else None
        if (over and place & STORIES) or (over == "postgresql" and not place & OF_BOTH):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """What the program is made of is not looked through again whenever memory is tidied: that took a fifth of a run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test reaches another machine: a connection to anywhere but this one is refused at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(str(address[0])):
            raise ConnectionRefusedError("tests talk to this machine alone")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_are_written_once() -> Iterator[None]:
    """A statement becomes SQL once a run, as it does once a process: not once for the database of each test."""
    opened = Database.__init__

    def sharing(self: Database, url: str, **options: Any) -> None:
        opened(self, url, **options)
        if known := _known.get(self.dialect):
            for engine in (self.engine, self._reader, self._writer):
                engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "__init__", sharing)
        yield


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host in {"localhost", "::1"} or host.startswith("127.")


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder with a short path, for sockets; gone after the run."""
    with tempfile.TemporaryDirectory(prefix="heedful-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_template(scratch: Path) -> Path:
    """A migrated SQLite file that holds what `heedful init` writes."""
    path = scratch / "template.db"
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(scratch: Path) -> Iterator[tuple[str, str]]:
    """A PostgreSQL server's DSN and the name of a migrated database in it."""
    folder = scratch / "pg"
    folder.mkdir()
    with postgresql_server(folder) as dsn:
        name = f"heedful_template_{os.getpid()}"
        _create(dsn, name, "template0")
        _fill(_in(dsn, name))
        yield dsn, name


def _fill(url: str) -> None:
    database = Database(url)
    migrate(database)
    with database.writing() as session:
        begin_ledger(session)
        add_standard_topics(session, at=NOON)
        publish_policy(session, "2026-01", "strict", at=NOON)
        remember_pepper(session, PepperRing([PEPPER]))
    database.close()
    _known[database.dialect] = database.engine


def _in(dsn: str, name: str) -> str:
    before, _, query = dsn.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"


def _create(dsn: str, name: str, template: str) -> None:
    """A copy of a database, file by file where the server can: by its log it takes up to eight times as long."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        copied = sql.SQL(" STRATEGY file_copy" if connection.info.server_version >= 150_000 else "")
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)) + copied
        )


@contextmanager
def a_sqlite_database(template: Path, folder: Path) -> Iterator[str]:
    """The address of a fresh SQLite database."""
    path = folder / "heedful.db"
    shutil.copy(template, path)
    yield f"sqlite:///{path}"


@contextmanager
def a_postgresql_database(template: tuple[str, str]) -> Iterator[str]:
    """The address of a fresh PostgreSQL database; dropped at the end."""
    dsn, original = template
    name = f"heedful_{os.getpid()}_{next(_names)}"
    _create(dsn, name, original)
    yield _in(dsn, name)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh SQLite database."""
    with a_sqlite_database(sqlite_template, tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_template: tuple[str, str]) -> Iterator[str]:
    """The address of a fresh PostgreSQL database; dropped after the test."""
    with a_postgresql_database(postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database of each kind in turn, as `heedful init` leaves it (strict policy, version 2026-01)."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a small company on this machine."""
    return made_settings(database_url, tmp_path)


def made_settings(database_url: str, folder: Path) -> Settings:
    """Settings that a test may change with `model_copy(update=...)`."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        secret_key=SecretStr(SECRET),
        pepper=SecretStr(PEPPER),
        data_dir=folder / "data",
        base_url="http://127.0.0.1:8025",
        sender_name="Halcyon Audio",
        sender_email="news@example.org",
        sender_postal_address="Halcyon Audio, 1 Example Street, Exampletown",
        privacy_url="https://example.org/privacy",
        unsubscribe_mailto="leave@example.org",
    )


@pytest.fixture
def pepper() -> Pepper:
    """The pepper of every test database."""
    return Pepper(PEPPER)


@pytest.fixture
def ring() -> PepperRing:
    """The ring of every test: nothing but its pepper."""
    return PepperRing([PEPPER])


@pytest.fixture
def keyring() -> Keyring:
    """The ring that signs the tests' links."""
    return Keyring([SECRET])


@pytest.fixture
def noon() -> datetime:
    """A still moment."""
    return NOON


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    """A browser without a window, before the real application."""
    with browser(settings, database) as opened:
        yield opened
