"""The console's pages for topics: added, renamed, limited, archived, reopened, by admins alone."""

from datetime import datetime

import pytest
from starlette.testclient import TestClient

from contacts.domain.addresses import Pepper
from contacts.storage.frequencies import all_frequencies
from contacts.storage.topics import topic_named
from core.clock import now
from core.database import Database
from core.operators import Role
from tests.contacts.people import add_permitted
from tests.web import csrf, sign_in

LIST = "/console/topics"
EVENTS = {"group": "marketing", "name": "events", "title": "Events", "description": "Where to meet us"}


@pytest.fixture
def form(client: TestClient, database: Database):
    sign_in(client, database)
    mark = {"csrf": csrf(client, LIST)}

    def post(path: str, **fields: str):
        return client.post(path, data=mark | fields)

    return post


def test_the_lattice_is_listed_with_its_limits(client: TestClient, form) -> None:
    page = client.get(LIST).text
    for title in ("everything", "all marketing", "Special offers", "all partners", "Surveys"):
        assert title in page
    assert "4 in 90 days" in page, "research may tire nobody (P4)"
    assert "1 in 30 days" in page, "partners come occasionally (P3)"


def test_a_topic_is_added_and_everything_knows_it(client: TestClient, form) -> None:
    answer = form(LIST, **EVENTS)
    assert answer.headers["location"] == f"{LIST}/marketing:events?said=added"
    assert "Where to meet us" in client.get(answer.headers["location"]).text
    assert "Events" in client.get(LIST).text
    for page in ("/console/campaigns/new", "/console/segments/new", "/console/mailable"):
        assert "Events" in client.get(page).text, page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "Ä"}, "cannot be the name of a new topic"),
        ({"title": " "}, "A topic needs a title."),
        ({"title": "special offers"}, "has this title already"),
        ({"group": "partner"}, "cannot be the name of a new topic"),
        ({"description": "x" * 501}, "longer than 500 characters"),
    ],
)
def test_a_mistake_is_said_and_every_value_is_kept(form, fields: dict[str, str], said: str) -> None:
    answer = form(LIST, **(EVENTS | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Where to meet us" in answer.text or "description" in fields


def test_limits_are_set_and_read_back(client: TestClient, form, database: Database) -> None:
    assert form(f"{LIST}/offers", act="limit", cap="4/30", quiet="21:00-08:00").status_code == 303
    assert form(f"{LIST}/everything", act="limit", cap="8 in 30", quiet="").status_code == 303
    page = client.get(f"{LIST}/offers").text
    assert 'value="4/30"' in page
    assert 'value="21:00-08:00"' in page
    assert "8/30" in page, "what holds above it is told"
    with database.reading() as session:
        assert all_frequencies(session, at=now())["offers"].operator == "admin@example.org"


@pytest.mark.parametrize(("cap", "quiet"), [("often", ""), ("", "9pm"), ("0/3", ""), ("", "08:00-07:30")])
def test_a_limit_that_cannot_be_is_not_set(form, database: Database, cap: str, quiet: str) -> None:
    answer = form(f"{LIST}/offers", act="limit", cap=cap, quiet=quiet)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    with database.reading() as session:
        assert "offers" not in all_frequencies(session, at=now())


def test_a_topic_is_renamed_archived_and_reopened(
    client: TestClient, form, database: Database, pepper: Pepper, noon: datetime
) -> None:
    with database.writing() as session:
        add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
    page = f"{LIST}/offers"
    form(page, act="rename", title="Bargains", description="")
    with database.reading() as session:
        assert topic_named(session, "offers").title == "Bargains"
    assert "1 contact once said yes." in client.get(page).text
    form(page, act="archive", why="none this year")
    assert "archived" in client.get(page).text
    assert "Bargains" not in client.get("/console/campaigns/new").text
    form(page, act="reopen")
    assert "Bargains" in client.get("/console/campaigns/new").text


def test_what_is_no_topic_is_not_found_and_what_is_no_act_changes_nothing(client: TestClient, form) -> None:
    assert client.get(f"{LIST}/nothing").status_code == 404
    assert form(f"{LIST}/nothing", act="archive").status_code == 404
    assert form(f"{LIST}/offers", act="delete").status_code == 422
    assert form(f"{LIST}/marketing", act="archive").status_code == 404, "a group is for good"


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR])
def test_only_admins_keep_topics(client: TestClient, database: Database, role: Role) -> None:
    sign_in(client, database, role)
    assert client.get(LIST).status_code == 403
    assert "/console/topics" not in client.get("/console").text
