"""Stories: whatever happens, through whatever doors, in whatever order, mail goes to whom the judge says."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine

from core.database import Database
from tests.conftest import NOON, a_postgresql_database, a_sqlite_database, made_settings
from tests.journeys.houses import House, house_of
from tests.oracle.permission_model import World
from tests.oracle.story_acts import Act
from tests.oracle.telling import Teller, as_prose, shortened, story

STORIES = int(os.environ.get("HEEDFUL_TEST_STORIES", "12"))
"""How many stories are told on each database; a soak asks for hundreds."""
FIRST = int(os.environ.get("HEEDFUL_TEST_FIRST_STORY", "1"))
"""Each story has a number, and is the same on every machine."""
Opened = Callable[[], AbstractContextManager[House]]


def a_house(template: Any, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens a house over a fresh database for each story; the template says of which kind."""

    @contextmanager
    def open_one() -> Iterator[House]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fresh = (
                a_sqlite_database(template, folder) if isinstance(template, Path) else a_postgresql_database(template)
            )
            with fresh as url, time_machine.travel(NOON, tick=False) as time:
                database = Database(url)
                with house_of(made_settings(url, folder), database, folder, monkeypatch, time) as house:
                    yield house
                database.close()

    return open_one


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, monkeypatch) -> Opened:
    """A house of each kind in turn."""
    return a_house(request.getfixturevalue(f"{request.param}_template"), monkeypatch)


def tell(opened: Opened, acts: list[Act]) -> str:
    """Let a story happen in a fresh house; what went wrong, empty where nothing did."""
    with opened() as house:
        try:
            Teller(house, World()).tell(acts)
        except AssertionError as error:
            return str(error) or "something was not as it should be"
    return ""


def test_mail_goes_to_whom_the_judge_says_and_to_no_other(opened):
    for seed in range(FIRST, FIRST + STORIES):
        acts = story(seed)
        if tell(opened, acts):
            short = shortened(acts, lambda some: bool(tell(opened, some)))
            pytest.fail(f"story {seed}:\n{as_prose(short)}\n{tell(opened, short)}", pytrace=False)
