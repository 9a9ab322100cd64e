"""The console's sign-up forms: written, corrected, previewed, counted, and given away as HTML."""

import re
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from contacts.storage.signup_forms import SignupForm
from core.database import Database
from core.operators import Role
from core.tokens import Keyring
from tests.contacts.signing_up import NEWSLETTER, add_newsletter, confirm_path, count, filled_in
from tests.forms import fields
from tests.web import csrf, sign_in

LIST = "/console/forms"
NEW = f"{LIST}/new"
WRITTEN = {
    "name": "newsletter",
    "title": "Our newsletter",
    "wording": "We write to you.",
    "topic": ["updates", "offers"],
    "language": "",
    "active": "1",
}


def written(client: TestClient, **changes: object) -> dict[str, object]:
    return WRITTEN | changes | {"csrf": csrf(client, NEW)}


def test_an_editor_writes_a_form_that_people_then_find(client: TestClient, database: Database):
    sign_in(client, database, Role.EDITOR)
    assert "No sign-up forms yet" in client.get(LIST).text
    answer = client.post(NEW, data=written(client))
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/forms/1?said=saved")
    assert client.get("/join/newsletter").status_code == 200
    page = client.get(f"{LIST}/1")
    assert fields(page.text)["topic"] == ["updates", "offers"]
    assert "Our newsletter" in client.get(LIST).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Not a name"}, "name"),
        ({"title": ""}, "title"),
        ({"wording": " "}, "wording"),
        ({"topic": []}, "topics"),
        ({"topic": ["everything"]}, "topics"),
        ({"topic": ["partner:unknown"]}, "topics"),
        ({"language": "?"}, "language"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_saved(
    client: TestClient, database: Database, change: dict[str, object], field: str
):
    sign_in(client, database, Role.EDITOR)
    page = client.post(NEW, data=written(client, **change))
    assert (page.status_code, count(database, SignupForm)) == (422, 0)
    assert f'href="#f-{field}"' in page.text


def test_a_name_is_given_once(client: TestClient, database: Database, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    sign_in(client, database, Role.EDITOR)
    page = client.post(NEW, data=written(client))
    assert page.status_code == 422
    assert "There is a form of this name already." in page.text


def test_a_form_is_changed_and_closed_and_keeps_its_name(client: TestClient, database: Database, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    sign_in(client, database, Role.EDITOR)
    changed = written(client, name="another", title="News", topic=["updates"])
    changed.pop("active")
    assert client.post(f"{LIST}/1", data=changed).status_code == 303
    with database.reading() as session:
        form = session.get(SignupForm, 1)
        assert form is not None
        assert (form.name, form.title, form.topics, form.active) == ("newsletter", "News", ["updates"], False)
    assert client.get("/join/newsletter").status_code == 404
    assert client.get(f"{LIST}/1/preview").status_code == 200


def test_the_figures_say_who_asked_confirmed_and_waits(
    client: TestClient, database: Database, keyring: Keyring, noon: datetime
):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    for name in ("ann", "bob", "cem"):
        client.post("/join/newsletter", data=filled_in(f"{name}@example.org"))
    client.post(confirm_path(database, keyring))
    sign_in(client, database, Role.EDITOR)
    assert re.findall(r'<td class="n">(\d+)</td>', client.get(LIST).text) == ["3", "1", "2"]
    page = client.get(f"{LIST}/1").text
    assert re.findall(r"<dd>(\d+)", page) == ["3", "1", "2"]
    assert "@example" not in page


def test_the_preview_can_be_framed_by_the_console_alone_and_sent_from_nowhere(
    client: TestClient, database: Database, noon: datetime
):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    assert client.get(f"{LIST}/1/preview").status_code == 303
    sign_in(client, database, Role.EDITOR)
    policy = client.get(f"{LIST}/1/preview").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'none'" in client.get("/join/newsletter").headers["content-security-policy"]


def test_the_html_for_another_site_is_a_plain_form(client: TestClient, database: Database, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    sign_in(client, database, Role.EDITOR)
    (html,) = fields(client.get(f"{LIST}/1").text)["snippet"]
    assert html.startswith('<form action="http://127.0.0.1:8025/join/newsletter" method="post">')
    assert html.count("checkbox") == len(NEWSLETTER.topics)
    assert not re.search(r"<script|<style|<link|<img|<iframe|src=|on\w+=", html)


def test_an_analyst_does_not_reach_the_forms(client: TestClient, database: Database, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    sign_in(client, database, Role.ANALYST)
    for path in (LIST, NEW, f"{LIST}/1", f"{LIST}/1/preview"):
        assert client.get(path).status_code == 403
