from datetime import datetime

from starlette.testclient import TestClient

from campaigns.services.apply_campaign import apply_draft
from contacts.domain.facts import Kind
from core.clock import now
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import add_reader, add_readers, make_draft, scheduled, sending, tell
from tests.surveys.survey_scenes import invited, opened, people
from tests.web import sign_in

HOME = "/console"


def test_where_all_is_new_it_says_what_to_do_first(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(HOME).text
    assert "Nobody to write to yet" in page
    assert "/console/imports" in page


def test_an_analyst_is_told_who_can_begin(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.ANALYST)
    assert "An editor can import a file of contacts." in client.get(HOME).text


def test_it_shows_what_is_under_way_and_what_is_next(client: TestClient, database: Database, noon: datetime) -> None:
    with database.writing() as session:
        add_readers(session, 3)
        sending(session)
        scheduled(session, make_draft("summer", title="Summer"))
        apply_draft(session, make_draft("autumn", title="Autumn"), at=noon)
    sign_in(client, database, Role.ANALYST)
    page = client.get(HOME).text
    assert "Spring" in page
    assert "0 / 3" in page
    assert "Summer" in page
    assert "Autumn" not in page


def test_it_counts_who_left_lately_once_each(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        reader = add_reader(session, "left@example.org")
        tell(session, reader, Kind.OPT_OUT, ["offers", "everything"], at=now())
    sign_in(client, database, Role.ANALYST)
    page = client.get(HOME).text
    assert '<dt>Opted out in 7 days</dt><dd>1<span class="note">1 in 30 days</span></dd>' in page


def test_it_shows_open_surveys_with_their_answers(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        people(session, 2)
        survey = opened(session)
        invited(session, survey)
        title = survey.title
    sign_in(client, database, Role.EDITOR)
    assert title in client.get(HOME).text
    assert f"Was invited to the survey: {title}" in client.get("/console/contacts/1").text


def test_it_counts_topic_by_topic_who_may_be_written_to(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        add_readers(session, 4)
        tell(session, add_reader(session, "kid@example.org"), Kind.CHILD, ["everything"])
    sign_in(client, database, Role.ANALYST)
    page = client.get(f"{HOME}/mailable").text
    assert '<th scope="row">Product announcements</th><td class="n">4</td><td class="n">80.0 %</td>' in page
    assert '<th scope="row">Special offers</th><td class="n">0</td>' in page
