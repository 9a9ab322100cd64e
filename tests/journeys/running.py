"""The whole product as processes of their own: `heedful run` on free ports of this machine, and what it logged."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from core.settings import Settings
from tests.journeys.houses import environment

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@dataclass
class Running:
    """A running product."""

    process: subprocess.Popen[bytes]
    web: httpx2.Client
    log: Path

    def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait until something is seen to have happened."""
        deadline = time.monotonic() + PATIENCE
        while not seen():
            assert self.process.poll() is None, f"it ended: {self.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"waited in vain for {what}: {self.log.read_text()[-2000:]}"
            time.sleep(0.1)

    def healthy(self) -> bool:
        """Whether the web server answers."""
        try:
            return self.web.get("/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def end(self) -> int:
        """End it in good order; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def running(settings: Settings, folder: Path, *command: str) -> Iterator[Running]:
    """`heedful run`, or another command that serves, from its first answer until the block ends."""
    log = folder / "heedful.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEEDFUL_")}
    with log.open("wb") as stream, httpx2.Client(base_url=settings.base_url, timeout=30) as web:
        process = subprocess.Popen(
            [sys.executable, "-m", "manage", *(command or ("run",))],
            cwd=folder,
            env=kept | environment(settings) | {"PYTHONPATH": str(PROJECT)},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        product = Running(process, web, log)
        try:
            product.until(product.healthy, "the web server")
            yield product
        finally:
            if process.poll() is None:
                product.end()
