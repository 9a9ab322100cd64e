import re

import pytest
from starlette.testclient import TestClient

from core.database import Database
from core.operators import Role
from core.web.rendering import STATIC, TEMPLATES
from tests.web import csrf, sign_in

PAGES = (
    "/console",
    "/console/contacts",
    "/console/segments",
    "/console/segments/new",
    "/console/imports",
    "/console/campaigns",
    "/console/campaigns/new",
    "/console/mailbox",
    "/console/operators",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_a_title_and_marks_its_place(
    client: TestClient, database: Database, path: str
) -> None:
    sign_in(client, database)
    page = client.get(path).text
    assert page.count("<h1>") == 1
    assert re.search(r"<title>\S.* · Heedful</title>", page)
    assert page.count('aria-current="page"') >= 1
    assert 'href="#content"' in page


ANALYSTS = {"Overview", "Contacts", "Segments", "Campaigns", "Surveys", "Sending", "Policy"}
EDITORS = ANALYSTS | {"People", "Requests", "Import", "Sign-up forms", "Mailbox"}
ADMINS = EDITORS | {"Topics", "Partners", "Operators", "API tokens"}


@pytest.mark.parametrize(("role", "reached"), [(Role.ANALYST, ANALYSTS), (Role.EDITOR, EDITORS), (Role.ADMIN, ADMINS)])
def test_the_navigation_shows_what_the_role_reaches(
    client: TestClient, database: Database, role: Role, reached: set[str]
) -> None:
    sign_in(client, database, role)
    navigation = client.get("/console").text.split("<nav", 1)[1].split("</nav>", 1)[0]
    shown = set(re.findall(r'<li><a href="[^"]*"[^>]*>([^<]+)</a>', navigation))
    assert shown == reached


def test_no_template_needs_an_inline_style_or_script() -> None:
    """The policy forbids both; a mail's own templates are no pages."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.is_relative_to(TEMPLATES / "email"):
            continue
        source = path.read_text()
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=\"", source), path
        assert "hx-on" not in source, path


def test_everything_a_page_loads_is_served_from_here() -> None:
    for path in sorted(TEMPLATES.rglob("base.html")):
        assert not re.search(r'(?:src|href)="https?:', path.read_text()), path
    assert "http" not in (STATIC / "console.css").read_text()
    assert "http" not in (STATIC / "public.css").read_text()


def test_htmx_is_the_version_that_the_readme_names() -> None:
    from hashlib import sha256

    digest = sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest()
    assert digest in (STATIC / "README.md").read_text()


def test_a_message_is_shown_by_its_key_and_never_as_free_text(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    assert "Saved." in client.get("/console/segments?said=saved").text
    assert "gotcha" not in client.get("/console/segments?said=gotcha").text


def test_operators_are_added_changed_and_closed_on_their_page(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    page = "/console/operators"
    form = {"csrf": csrf(client, page)}
    new = {"email": "jun@example.org", "name": "Jun", "role": "editor", "password": "short"}
    refused = client.post(page, data=form | new)
    assert refused.status_code == 422
    assert 'id="e-password"' in refused.text
    assert client.post(page, data=form | new | {"password": "a good long password"}).status_code == 303
    assert "jun@example.org" in client.get(page).text
    assert client.post(f"{page}/2", data=form | {"act": "close"}).status_code == 303
    assert "reopen" in client.get(page).text
