"""An office for stories in a real browser: the whole product as processes of its own, and a browser before it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ADMIN = "admin@example.org"
PASSWORD = "a long enough password"
WIDTHS = (360, 1280)
JUDGED = frozenset({(360, "light"), (1280, "dark")})
SERIOUS = frozenset({"serious", "critical"})
PATIENCE = 60


@dataclass
class Office:
    """Where the product runs, and what the browser complained about."""

    url: str
    folder: Path
    complaints: list[str] = field(default_factory=list)

    @property
    def mailbox(self) -> Path:
        """Where the captured mail lies."""
        return self.folder / "data" / "mailbox"

    def page(self, browser: Browser, *, scripts: bool = True) -> Page:
        """A page of a fresh browser window; what it says to its console is kept."""
        context = browser.new_context(java_script_enabled=scripts, base_url=self.url)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    """The product with its first operator, running until the story ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    office = Office(f"http://127.0.0.1:{port}", folder)
    (folder / "password").write_text(PASSWORD)
    environment = _environment(office.url, port)
    heedful = [sys.executable, "-m", "manage"]
    init = [*heedful, "init", "--email", ADMIN, "--password-file", "password"]
    subprocess.run(init, cwd=folder, env=environment, check=True, capture_output=True)
    with (folder / "run.log").open("wb") as log:
        run = subprocess.Popen([*heedful, "run"], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"{office.url}/healthz", run, folder)
        yield office
    finally:
        run.send_signal(signal.SIGINT)
        try:
            run.wait(30)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait(10)


def _environment(url: str, port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HEEDFUL_")}
    return ours | {
        "PYTHONPATH": str(ROOT),
        "HEEDFUL_PORT": str(port),
        "HEEDFUL_BASE_URL": url,
        "HEEDFUL_SENDER_NAME": "Halcyon Audio",
        "HEEDFUL_SENDER_EMAIL": "news@example.org",
        "HEEDFUL_SENDER_POSTAL_ADDRESS": "Halcyon Audio, 1 Example Street, Exampletown",
        "HEEDFUL_PRIVACY_URL": "https://www.example.org/privacy",
    }


def _wait_for(url: str, run: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            assert run.poll() is None, (folder / "run.log").read_text()
            assert time.monotonic() < deadline, "the product did not start"
            time.sleep(0.05)


def look(page: Page, name: str, *, judged: bool = True) -> None:
    """See a page narrow and wide, light and dark: nothing sticks out, axe finds nothing serious; keep pictures."""
    ARTIFACTS.mkdir(exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            page.screenshot(path=ARTIFACTS / f"{name}-{width}-{scheme}.png", full_page=True)
            if judged and (width, scheme) in JUDGED:
                assert serious(page) == [], (name, width, scheme)


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds that keeps people out."""
    found: list[dict[str, Any]] = Axe().run(page, options={"iframes": False}).response["violations"]
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found if each["impact"] in SERIOUS]
