"""`heedful run | serve | scheduler | send`: the processes that work all day."""

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

import click

from campaigns.mail.assurances import read_fleet
from commands.terminal import terminal
from contacts.services.open_house import PATIENCE
from core.errors import Misconfigured
from core.lifelines import end_with
from core.settings import Settings

PARTS = ("serve", "scheduler", "send")
HOUSEHOLD = "HEEDFUL_HOUSEHOLD_PROCESS"
"""In a part's environment: the number of the `heedful run` that started it."""
GRACE = 20.0
"""Seconds that a part gets to finish what it is doing."""
RESTART_AFTER = 1.0


@click.command()
def run() -> None:
    """Run web, clock and sender together until Ctrl+C; a part that dies is started again.

    Example: heedful run
    """
    with terminal(patience=PATIENCE) as opened:
        settings = opened.settings
    read_fleet(settings.smtp_url.get_secret_value())  # told once, here, and not by a sender that is started for ever
    require_free(settings)
    click.echo(f"Heedful is at http://{settings.host}:{settings.port}/console  (Ctrl+C ends it)", err=True)
    if settings.base_url != f"http://{settings.host}:{settings.port}":
        click.echo(f"Links in mails begin with {settings.base_url}", err=True)
    sys.exit(Household().keep())


class Household:
    """The parts of `heedful run` as processes of their own, so that one's fall is not the others'."""

    def __init__(self) -> None:
        self.ending = False
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def keep(self) -> int:
        """Start the parts and keep them until told to end; 0 if all ended well."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        while not self.ending:
            for part in PARTS:
                running = self.parts.get(part)
                if running is None or running.poll() is not None:
                    if running is not None:
                        click.echo(f"heedful: {part} ended with {running.returncode}; starting it again", err=True)
                        time.sleep(RESTART_AFTER)
                    self.parts[part] = self._start(part)
            time.sleep(0.2)
        return self._stop()

    def _start(self, part: str) -> subprocess.Popen[bytes]:
        # a session of its own: Ctrl+C reaches this process alone, which then ends the parts in order
        command, environment = [sys.executable, "-m", "manage", part], os.environ | {HOUSEHOLD: str(os.getpid())}
        return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own parts

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self.ending = True

    def _stop(self) -> int:
        for process in self.parts.values():
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self.parts.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return 0 if all(process.returncode in {0, -signal.SIGTERM} for process in self.parts.values()) else 1


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes.")
def serve(workers: int) -> None:
    """Run the web server: recipients' pages and the console.

    Example: heedful serve --workers 2
    """
    with terminal(patience=PATIENCE) as opened:
        settings = opened.settings
    require_free(settings)
    _become("granian", *_granian(settings, workers))


def _granian(settings: Settings, workers: int) -> list[str]:
    return [
        "--interface", "asgi",
        "--factory",
        "--host", settings.host,
        "--port", str(settings.port),
        "--workers", str(workers),
        "--loop", "uvloop",
        "--log-level", "warning",
        "--no-ws",
        "--respawn-failed-workers",
        "app:application",
    ]  # fmt: skip


@click.command()
def scheduler() -> None:
    """Run the clock: builds mailings that are due, reminds, opens and closes surveys, tidies.

    Example: heedful scheduler
    """
    _become("scheduler")


@click.command()
@click.option("--until-idle", is_flag=True, help="End when nothing is left to send.")
def send(*, until_idle: bool) -> None:
    """Run one sending process; start as many as you need, on PostgreSQL on any number of machines.

    Example: heedful send
    """
    _become("sender", *(["--until-idle"] if until_idle else []))


def require_free(settings: Settings) -> None:
    """Pass only if nobody listens on the port: two servers on one port would each get some of the requests.

    Raises:
        Misconfigured: somebody does, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Misconfigured(
                f"Nothing can listen on {settings.host}:{settings.port}: {error.strerror}.",
                remedy="Another Heedful may be running; end it, or set HEEDFUL_PORT.",
            ) from None


def _become(*module: str) -> None:
    """Turn this process into another door: no door imports another."""
    _end_with_the_household()
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606 - our own doors


def _end_with_the_household() -> None:
    """Let this part end when `heedful run` dies."""
    parent = os.environ.get(HOUSEHOLD)
    if parent is not None:
        end_with(int(parent))
