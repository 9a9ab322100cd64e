"""A scratch folder in which the demo runs the product: its own database, settings and mailbox, its own processes."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

PROJECT = Path(__file__).parents[1]
STOPPING = 15.0
"""Seconds that the product has to stop before it is killed."""

POLL = 0.3
Found = TypeVar("Found")


class DemoFailed(Exception):
    """Something did not go as the demo promises; the message says what."""


class Scratch:
    """The folder, the settings and the commands of one demo run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "heedful.db"
        self.mailbox = folder / "data" / "mailbox"
        self.log = folder / "heedful.log"
        self.in_short: dict[str, str] = {}
        """The figures that the last lines repeat."""
        self._environment = _settings(self)

    def command(self, *arguments: str, given: str = "") -> str:
        """Run a `heedful` command to its end and return what it printed.

        Raises:
            DemoFailed: it ended with another code than 0.
        """
        done = subprocess.run(
            [sys.executable, "-m", "manage", *arguments],
            cwd=self.folder,
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DemoFailed(f"heedful {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def report(self, *arguments: str) -> dict[str, Any]:
        """Run a command with --json and return what it reports."""
        told: dict[str, Any] = json.loads(self.command(*arguments, "--json"))
        return told

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Keep `heedful run` going, from its first answer until the block ends."""
        with self.log.open("wb") as log:
            product = subprocess.Popen(
                [sys.executable, "-m", "manage", "run"],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                self.wait_for(lambda: _answers(self.base_url), "the web server to answer", product, 30)
                yield product
            finally:
                _stop(product)

    def wait_for(
        self,
        found: Callable[[], Found | None],
        what: str,
        product: subprocess.Popen[bytes],
        seconds: float = 60,
    ) -> Found:
        """Ask again and again until there is an answer.

        Raises:
            DemoFailed: the product ended, or `seconds` passed.
        """
        until = time.monotonic() + seconds
        while not (answer := found()):
            if product.poll() is not None:
                raise DemoFailed(f"heedful run ended with {product.returncode}; its log says:\n{self._last_lines()}")
            if time.monotonic() > until:
                raise DemoFailed(f"Waited {seconds:.0f} s in vain for {what}; the log says:\n{self._last_lines()}")
            time.sleep(POLL)
        return answer

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])


def _settings(scratch: Scratch) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEEDFUL_")}
    return kept | {
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
        "HEEDFUL_DATABASE_URL": f"sqlite:///{scratch.database}",
        "HEEDFUL_DATA_DIR": str(scratch.folder / "data"),
        "HEEDFUL_SMTP_URL": "capture:",
        "HEEDFUL_BASE_URL": scratch.base_url,
        "HEEDFUL_HOST": "127.0.0.1",
        "HEEDFUL_PORT": str(scratch.port),
        "HEEDFUL_SECRET_KEY": secrets.token_urlsafe(36),
        "HEEDFUL_PEPPER": secrets.token_urlsafe(36),
        "HEEDFUL_SENDER_NAME": "Halcyon Audio",
        "HEEDFUL_SENDER_EMAIL": "news@halcyon.example.org",
        "HEEDFUL_SENDER_POSTAL_ADDRESS": "Halcyon Audio Ltd\n12 Kestrel Row\nBristol BS1 4ND\nUnited Kingdom",
        "HEEDFUL_PRIVACY_URL": "https://halcyon.example.org/privacy",
        "HEEDFUL_UNSUBSCRIBE_MAILTO": "leave@halcyon.example.org",
        "HEEDFUL_TIME_ZONE": "Europe/London",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _answers(base_url: str) -> bool:
    try:
        with urlopen(f"{base_url}/healthz", timeout=2) as response:  # noqa: S310 - our own http server on loopback
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP's OK
    except (URLError, OSError):
        return False


def _stop(product: subprocess.Popen[bytes]) -> None:
    if product.poll() is None:
        product.terminate()
        try:
            product.wait(STOPPING)
        except subprocess.TimeoutExpired:
            product.kill()
            product.wait()
