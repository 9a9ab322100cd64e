"""Databases that can be taken away: a PostgreSQL that is restarted, and a small disk that is filled."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.databases import _as_somebody, _programs

OPTIONS = (
    "full_page_writes=off",
    "fsync=off",
    "max_connections=100",
    "min_wal_size=32MB",
    "max_wal_size=64MB",
    "shared_buffers=32MB",
)


@dataclass
class Server:
    """A PostgreSQL of our own."""

    folder: Path
    listen: str = ""
    port: int = 5432
    prefix: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its database."""
        where = f"host={self.folder}&port={self.port}"
        return f"postgresql://heedful@/postgres?{where}"

    def make(self) -> None:
        """Make a cluster."""
        self.folder.chmod(0o755)
        programs, somebody = _programs(), _as_somebody(self.folder)
        command: list[str | Path] = [
            *somebody,
            programs / "initdb",
            "--no-sync",
            "-A",
            "trust",
            "-U",
            "heedful",
            "-E",
            "UTF8",
        ]
        done = subprocess.run([*command, "-D", self.folder / "data"], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it answers."""
        somebody = _as_somebody(self.folder)
        command: list[str | Path] = [*self.prefix, *somebody, _programs() / "postgres", "-D", self.folder / "data"]
        command += ["-k", self.folder, "-p", str(self.port), "-c", f"listen_addresses={self.listen}"]
        for option in OPTIONS:
            command += ["-c", option]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < deadline, (self.folder / "server.log").read_text()[-2000:]
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends every session in order, SIGQUIT lets it fall."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process = None


@dataclass(frozen=True)
class Disk:
    """A small file system that can be filled; `sized` is false where this machine does not let us make one."""

    folder: Path
    sized: bool

    @contextmanager
    def full(self) -> Iterator[None]:
        """Nothing fits on it any more."""
        filler = self.folder / "filler"
        try:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"\0" * (1 << 20))
            with filler.open("ab", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"\0" * 512)
            yield
        finally:
            filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk of so many megabytes: a tmpfs, which only root may mount."""
    folder.mkdir(exist_ok=True)
    mounted = os.getuid() == 0 and shutil.which("mount") is not None
    if mounted:
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)]
        mounted = subprocess.run(mounting, check=False, capture_output=True).returncode == 0
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
