"""Stories: whatever happens, through whatever doors, in whatever order, mail goes to whom the judge says."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from core.database import Database
from tests.conftest import NOON, a_postgresql_database, a_sqlite_database, made_settings
from tests.journeys.houses import House, house_of
from tests.oracle.permission_model import World
from tests.oracle.story_acts import (
    DOORS,
    SOURCES,
    TOPICS,
    Act,
    Campaign,
    Chose,
    Complained,
    Deleted,
    Imported,
    OptedOut,
    Scanned,
    Stopped,
    TimePasses,
)

STORIES = int(os.environ.get("HEEDFUL_TEST_STORIES", "12"))
"""How many stories are told on each database; a soak asks for thousands."""
PEOPLE = ("ann@gmail.com", "a.nn+shop@gmail.com", "bob@example.org", "bob+x@example.org", "cem@example.com")
who = st.sampled_from(PEOPLE)
topics = st.lists(st.sampled_from((*TOPICS, "tracking")), max_size=3, unique=True).map(tuple)
ACTS = st.one_of(
    st.builds(
        Imported,
        who,
        topics=topics,
        source=st.sampled_from(SOURCES),
        notice=st.booleans(),
        stops=st.sampled_from(("", "", "", "updates", "everything", "research")),
        child=st.sampled_from((False, False, False, True)),
    ),
    st.builds(OptedOut, who, door=st.sampled_from(sorted(DOORS))),
    st.builds(Stopped, who, scope=st.sampled_from(("everything", "marketing", "updates", "research", "tracking"))),
    st.builds(Complained, who),
    st.builds(Scanned, who),
    st.builds(Deleted, who),
    st.builds(Chose, who, ticks=topics),
    st.builds(TimePasses, st.just("nobody"), days=st.sampled_from((1, 8, 31, 95))),
    st.builds(Campaign, st.just("nobody"), topic=st.sampled_from(TOPICS)),
)
Opened = Callable[[], AbstractContextManager[House]]


def live(house: House, story: list[Act]) -> None:
    """Let a story happen, and compare who gets each campaign with what the judge says."""
    world = World()
    for number, act in enumerate(story, 1):
        note(f"{number}. {act.told()}")
        if isinstance(act, Campaign):
            expected = act.expected(world)
            got = set(house.run(f"c{number}", topic=act.topic))
            assert got == expected, f"after {number} acts {act.topic} went to {got}, the judge says {expected}"
        else:
            act.do(house)
        act.judge(world)


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, monkeypatch) -> Opened:
    """Opens a house over a fresh database for each story, of each kind in turn."""
    template = request.getfixturevalue(f"{request.param}_template")

    @contextmanager
    def open_one() -> Iterator[House]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fresh = (
                a_sqlite_database(template, folder) if request.param == "sqlite" else a_postgresql_database(template)
            )
            with fresh as url, time_machine.travel(NOON, tick=False) as time:
                database = Database(url)
                with house_of(made_settings(url, folder), database, folder, monkeypatch, time) as house:
                    yield house
                database.close()

    return open_one


@settings(max_examples=STORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=st.lists(ACTS, min_size=2, max_size=9), last=st.sampled_from(TOPICS))
def test_mail_goes_to_whom_the_judge_says_and_to_no_other(opened, story, last):
    with opened() as house:
        live(house, [*story, Campaign("nobody", topic=last)])
