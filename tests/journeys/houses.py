"""A house for stories: the whole product over one database, led through its real doors, its clock standing still."""

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient
from time_machine import Traveller

import sender
from app import create_app
from contacts.domain.addresses import PepperRing, read_address
from contacts.storage.contacts import contact_by_key
from core.database import Database
from core.settings import Settings
from manage import main
from scheduler import Clock
from tests.journeys.mails import Mail, read_mails
from tests.web import browser, sign_in

TOPICS = "announcements;updates;offers;other;research;tracking"
GIVEN = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")
CAMPAIGN = """
name = "{name}"
title = "{title}"
topic = "{topic}"
template = "{template}"
subject = "{title}"

[content]
headline = "{title}"
body = "Faster, and **quieter**."
button_label = "Read on"
button_url = "https://www.example.org/{name}?a=1&b=2"

[[content.sections]]
title = "More"
text = "With [a note](https://www.example.org/notes#{name}) and another."
link_label = "The second page"
link_url = "https://www.example.com/second"

[schedule]
at = "{when}"
zone = "{zone}"
"""


@dataclass
class House:
    """One company's Heedful."""

    settings: Settings
    database: Database
    web: httpx2.Client
    folder: Path
    time: Traveller | None
    surroundings: pytest.MonkeyPatch
    seen: set[str] = field(default_factory=set, repr=False)

    def move_in(self) -> None:
        """Let the terminal find this house, and leave the test's logs alone."""
        self.surroundings.chdir(self.folder)
        for name, value in environment(self.settings).items():
            self.surroundings.setenv(name, value)
        self.surroundings.setattr("contacts.services.open_house.set_up_logs", lambda **_: None)

    def heedful(self, *arguments: str, given: bytes = b"", code: int = 0) -> str:
        """Run a `heedful` command as the terminal does; what it printed."""
        done = CliRunner().invoke(main, arguments, input=given)
        assert done.exit_code == code, f"{arguments}: {done.exit_code} {done.output} {done.exception!r}"
        return done.output

    def told(self, *arguments: str, given: bytes = b"", code: int = 0) -> dict[str, Any]:
        """What a command reports with --json."""
        facts: dict[str, Any] = json.loads(self.heedful(*arguments, "--json", given=given, code=code).splitlines()[0])
        return facts

    def bring(self, addresses: Iterable[str], topics: str = TOPICS, **columns: str) -> None:
        """Import people who said yes to these topics; more columns hold for all of them."""
        names = ["email", "topics", *columns]
        self.bring_table([names, *([each, topics, *columns.values()] for each in addresses)])

    def bring_table(self, rows: Iterable[Iterable[str]]) -> None:
        """Import people from a file of these rows, its header first."""
        table = self.folder / "people.csv"
        table.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
        assert not self.told("import", str(table), *GIVEN).get("rejected")

    def apply(
        self, name: str, *, topic: str = "announcements", when: str = "now", zone: str = "Europe/Berlin", more: str = ""
    ) -> dict[str, Any]:
        """Apply a campaign file; it is checked and scheduled for its hour."""
        template = "offer" if topic == "offers" else "announcement"
        facts = {"name": name, "title": name.title(), "topic": topic, "template": template, "when": when, "zone": zone}
        file = self.folder / f"{name}.toml"
        file.write_text(CAMPAIGN.format(**facts) + more, encoding="utf-8")
        return self.told("campaign", "apply", str(file))

    def tick(self) -> None:
        """One round of the clock."""
        clock = Clock(self.settings, self.database)
        for act in (clock.launch_due, clock.ask_who_signed_up, clock.mind_surveys, clock.tidy_up):
            clock.tick(act)
        clock.leadership.give_back()

    def send(self) -> list[Mail]:
        """Let a sender work until nothing is due; the mail that arrived."""
        asyncio.run(sender.send(self.settings, self.database, until_idle=True))
        return self.arrived()

    def arrived(self) -> list[Mail]:
        """The mail that arrived since this was asked last."""
        new = [mail for mail in read_mails(self.settings.mailbox_dir) if mail.name not in self.seen]
        self.seen |= {mail.name for mail in new}
        return new

    def run(self, name: str, **more: Any) -> dict[str, Mail]:
        """A whole campaign, from its file to the mailboxes; each receiver's mail."""
        self.apply(name, **more)
        self.tick()
        mails = self.send()
        self.tick()
        assert len({mail.to for mail in mails}) == len(mails), "somebody got it twice"
        return {mail.to: mail for mail in mails}

    def report(self, name: str) -> dict[str, Any]:
        """What became of a campaign."""
        return self.told("campaign", "report", name)

    def later(self, **gap: float) -> None:
        """Let time pass: `later(minutes=5)`."""
        assert self.time is not None, "this house's clock runs by itself"
        self.time.shift(timedelta(**gap))

    def change(self, **settings: Any) -> None:
        """Open the house again with other settings."""
        self.settings = self.settings.model_copy(update=settings)
        self.web = TestClient(
            create_app(self.settings, self.database), base_url=self.settings.base_url, follow_redirects=False
        )
        self.move_in()

    def forget(self, address: str) -> None:
        """Delete a contact, as a team may at any time."""
        with self.database.writing() as session:
            key = PepperRing.of(self.settings).peppers[0].keys(read_address(address)).own
            session.delete(contact_by_key(session, key))

    def as_operator(self) -> TestClient:
        """The browser, signed in to the console as an admin."""
        assert isinstance(self.web, TestClient)
        sign_in(self.web, self.database)
        return self.web


@contextmanager
def house_of(
    settings: Settings,
    database: Database,
    folder: Path,
    surroundings: pytest.MonkeyPatch,
    time: Traveller | None = None,
) -> Iterator[House]:
    """A house over an open database; its clock stands still where a traveller is given."""
    with browser(settings, database) as web:
        house = House(settings, database, web, folder, time, surroundings)
        house.move_in()
        yield house


def environment(settings: Settings) -> dict[str, str]:
    """The settings as the environment gives them to a process."""
    secrets = {name: getattr(settings, name).get_secret_value() for name in ("secret_key", "pepper", "smtp_url")}
    told = {name: str(value) for name, value in settings.model_dump().items()}
    return {f"HEEDFUL_{name.upper()}": value for name, value in (told | secrets).items()}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


STATES = ("planned", "claimed", "sent", "failed", "withheld", "unknown", "cancelled", "excluded")


def adds_up(told: dict[str, Any]) -> bool:
    """Whether everybody of the audience is in exactly one state (G7)."""
    return bool(told["audience"] == sum(told[state] for state in STATES))
