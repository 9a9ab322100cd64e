"""A company's Heedful as real processes, led through its command line alone; any of them can be killed or sabotaged."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.conftest import PEPPER, SECRET
from tests.journeys.houses import free_port

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
_processes = multiprocessing.get_context("forkserver")
# imported once: a process of the house then starts in a few milliseconds
_processes.set_forkserver_preload(["manage", "sender", "scheduler", "sqlalchemy.dialects.sqlite", "psycopg"])


@dataclass
class Estate:
    """The settings of a house, and the processes that were started of it."""

    folder: Path
    database_url: str
    more: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    processes: list[ForkServerProcess] = field(default_factory=list)
    smtp_port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """The settings as the environment gives them to every process."""
        return {
            "HEEDFUL_DATABASE_URL": self.database_url,
            "HEEDFUL_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "HEEDFUL_SECRET_KEY": SECRET,
            "HEEDFUL_PEPPER": PEPPER,
            "HEEDFUL_DATA_DIR": str(self.folder / "data"),
            "HEEDFUL_HOST": self.host,
            "HEEDFUL_PORT": str(self.port),
            "HEEDFUL_SENDER_EMAIL": "news@example.org",
            "HEEDFUL_SENDER_POSTAL_ADDRESS": "1 Example Street",
            "HEEDFUL_PRIVACY_URL": "https://example.org/privacy",
            "HEEDFUL_UNSUBSCRIBE_MAILTO": "leave@example.org",
            "HEEDFUL_API_RATE": "1000000",
            "HEEDFUL_LOG_LEVEL": "warning",
            "HEEDFUL_PAUSE_AT_FAILURES": "0",  # what is broken here is broken on purpose
            **self.more,
        }

    @property
    def log(self) -> Path:
        """Where every process writes what it has to say."""
        return self.folder / "processes.log"

    def heedful(self, *arguments: str, given: bytes = b"") -> str:
        """Run a command of the terminal; what it printed."""
        here, there = _processes.Pipe(duplex=False)
        process = _processes.Process(target=_command, args=(self._told(), arguments, given, there))
        process.start()
        there.close()
        try:
            code, said = here.recv()
        except EOFError:
            code, said = -1, "it died"
        process.join(PATIENCE)
        assert code == 0, f"{arguments}: {code} {said}"
        return str(said)

    def told(self, *arguments: str, given: bytes = b"") -> dict[str, Any]:
        """What a command reports with --json."""
        facts: dict[str, Any] = json.loads(self.heedful(*arguments, "--json", given=given).splitlines()[0])
        return facts

    def start(
        self, door: str, *options: str, sabotage: Sequence[str] = (), machine: str = "", **more: str
    ) -> ForkServerProcess:
        """Start a door of the house (`sender`, `scheduler`) as a process of its own.

        `machine`: the network namespace that it runs in; `more`: settings of its own.
        """
        told = self._told() | more | {"ESTATE_MACHINE": machine}
        process = _processes.Process(target=_door, args=(told, door, options, tuple(sabotage)))
        process.start()
        self.processes.append(process)
        return process

    def _told(self) -> dict[str, str]:
        return self.environment | {"ESTATE_FOLDER": str(self.folder), "ESTATE_LOG": str(self.log)}

    @contextmanager
    def serving(self, *prefix: str, sabotage: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """The web server, from its first answer until the block ends; `prefix`: what starts it elsewhere."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEEDFUL_")}
        program = ["manage", "serve"]
        if sabotage:
            program = ["granian", "--interface", "asgi", "--factory", "--host", self.host, "--port", str(self.port)]
            program += ["--log-level", "warning", "--no-ws", "tests.oracle.sabotaged_web:application"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*prefix, sys.executable, "-m", *program],
                cwd=self.folder,
                env=kept | self.environment | {"PYTHONPATH": str(PROJECT), "ESTATE_SABOTAGE": sabotage},
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def end(self) -> None:
        """End what still runs."""
        for process in self.processes:
            if process.is_alive() and process.pid:
                os.kill(process.pid, signal.SIGCONT)
                process.kill()
            process.join(PATIENCE)


def until(seen: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is seen to have happened."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


def _settle(environment: dict[str, str]) -> None:
    for name in [each for each in os.environ if each.startswith("HEEDFUL_")]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(environment["ESTATE_FOLDER"])
    log = os.open(environment["ESTATE_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _command(environment: dict[str, str], arguments: Sequence[str], given: bytes, there: Connection) -> None:
    from click.testing import CliRunner

    import manage

    _settle(environment)
    done = CliRunner().invoke(manage.main, arguments, input=given)
    there.send((done.exit_code, done.stdout if done.exit_code == 0 else f"{done.output} {done.exception!r}"))
    there.close()


def _door(environment: dict[str, str], door: str, options: Sequence[str], sabotage: Sequence[str]) -> None:
    import importlib

    from tests.oracle.machines import enter
    from tests.oracle.sabotages import spoil

    _settle(environment)
    if environment["ESTATE_MACHINE"]:
        enter(environment["ESTATE_MACHINE"])
    module = importlib.import_module(door)
    for each in sabotage:
        spoil(each)
    sys.argv = [door, *options]
    sys.exit(module.main())
