"""A house whose web server, clock and sender each have a narrow role of PostgreSQL's (P7), and own nothing."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from time_machine import Traveller

import sender
from commands.grants import CLOCK, DOORS, SENDER, WEB, quoted, role_statements
from core.database import Database
from core.settings import Settings
from scheduler import Clock
from tests.journeys.houses import House
from tests.journeys.mails import Mail
from tests.web import browser

PREFIX = f"heedful_t{os.getpid()}"


@contextmanager
def narrow_roles(url: str) -> Iterator[dict[str, str]]:
    """The address of the database for each door, by its own role; the roles are gone afterwards."""
    with closing(Database(url)) as owner:
        name = str(make_url(url).database)
        for _ in range(2):  # however often it is run
            with owner.writing() as session:
                for statement in role_statements(PREFIX, name, "public"):
                    session.execute(text(statement))
        yield {door: _as_role(url, f"{PREFIX}_{door}") for door in (*DOORS, "run")}
        with owner.writing() as session:
            for door in ("run", *DOORS):
                session.execute(text(f"DROP OWNED BY {quoted(f'{PREFIX}_{door}')}"))
                session.execute(text(f"DROP ROLE {quoted(f'{PREFIX}_{door}')}"))


def _as_role(url: str, role: str) -> str:
    made = make_url(url).update_query_dict({"options": f"-c role={role}"})
    return made.render_as_string(hide_password=False)


@dataclass
class NarrowHouse(House):
    """A house of three roles; `database` is the web server's."""

    doors: dict[str, Database] = field(default_factory=dict)

    def tick(self) -> None:
        """One round of the clock, under its own role."""
        clock = Clock(self.settings, self.doors[CLOCK])
        acts = (clock.launch_due, clock.ask_who_signed_up, clock.mind_surveys, clock.tidy_up, clock.finish_erasures)
        for act in (*acts, clock.forget):
            act()

    def send(self) -> list[Mail]:
        """Let a sender work until nothing is due, under its own role."""
        asyncio.run(sender.send(self.settings, self.doors[SENDER], until_idle=True))
        return self.arrived()


@contextmanager
def narrow_house_of(
    settings: Settings, url: str, folder: Path, surroundings: pytest.MonkeyPatch, time: Traveller | None = None
) -> Iterator[NarrowHouse]:
    """A house over a PostgreSQL database; the terminal has the web server's role."""
    with narrow_roles(url) as urls, ExitStack() as stack:
        doors = {door: stack.enter_context(closing(Database(each))) for door, each in urls.items()}
        narrow = settings.model_copy(update={"database_url": urls[WEB]})
        web = stack.enter_context(browser(narrow, doors[WEB]))
        house = NarrowHouse(narrow, doors[WEB], web, folder, time, surroundings, doors=doors)
        house.move_in()
        yield house
