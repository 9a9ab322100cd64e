"""The web server killed with no warning: its worker ends too, and nothing holds the port with yesterday's settings."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from core.database import Database
from core.settings import Settings
from tests.journeys.houses import free_port
from tests.journeys.running import PATIENCE, running
from tests.patience import comes_to_an_end

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the kernel tells of a parent's death on Linux"),
]


def children(number: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def until_free(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_free(port):
        assert time.monotonic() < deadline, "a worker lives on"
        time.sleep(0.1)


def on_a_port(settings: Settings) -> Settings:
    port = free_port()
    return settings.model_copy(update={"port": port, "base_url": f"http://127.0.0.1:{port}"})


def test_a_worker_ends_with_its_server(settings: Settings, database: Database, tmp_path: Path):
    changed = on_a_port(settings)
    with comes_to_an_end(), running(changed, tmp_path, "serve") as product:
        assert children(product.process.pid), "the worker is a process of its own"
        product.process.kill()
        product.process.wait()
        until_free(changed.port)


def test_a_worker_below_the_household_ends_with_its_server(settings: Settings, database: Database, tmp_path: Path):
    changed = on_a_port(settings)
    with comes_to_an_end(), running(changed, tmp_path) as product:
        [(server, worker)] = [(each, below[0]) for each in children(product.process.pid) if (below := children(each))]
        os.kill(server, signal.SIGKILL)
        product.until(lambda: not Path(f"/proc/{worker}").exists(), "the worker's end")
        product.until(product.healthy, "a new server")
