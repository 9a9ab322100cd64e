from email.message import EmailMessage

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from campaigns.mail.capture import store
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.web import browser, csrf, sign_in

LIST = "/console/mailbox"


def mail(subject: str, html: str = "<p>Hello <script>alert(1)</script></p>") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "News <news@example.org>", "x@example.org", subject
    made.set_content("Hello in words")
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def letters(settings: Settings) -> list[str]:
    folder = settings.mailbox_dir
    return [store(folder, f"reader{number}@example.org", mail(f"Mail {number}")) for number in range(3)]


def test_an_empty_mailbox_says_what_lands_here(client: TestClient, database: Database, settings: Settings) -> None:
    sign_in(client, database, Role.EDITOR)
    assert "No mail yet" in client.get(LIST).text
    real = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:2525")})
    with browser(real, database) as other:
        sign_in(other, database, Role.ADMIN)
        assert "Mail leaves for the world" in other.get(LIST).text


def test_a_mail_is_shown_as_its_reader_would_see_it(client: TestClient, database: Database, letters: list[str]) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(f"{LIST}/{letters[1]}").text
    assert "Mail 1" in page
    assert f'src="{LIST}/{letters[1]}/html"' in page
    assert "Hello in words" in client.get(f"{LIST}/{letters[1]}", params={"part": "text"}).text
    assert "Subject: Mail 1" in client.get(f"{LIST}/{letters[1]}", params={"part": "headers"}).text


def test_the_html_of_a_mail_is_sealed(client: TestClient, database: Database, letters: list[str]) -> None:
    sign_in(client, database, Role.EDITOR)
    answer = client.get(f"{LIST}/{letters[0]}/html")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_mail_can_be_taken_away_byte_for_byte(client: TestClient, database: Database, letters: list[str]) -> None:
    sign_in(client, database, Role.EDITOR)
    answer = client.get(f"{LIST}/{letters[0]}/raw")
    assert answer.content.startswith(b"Delivered-To: reader0@example.org\r\nFrom: News")
    assert b"\r\nSubject: Mail 0\r\n" in answer.content
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_p1_mail_is_found_by_recipient_without_an_address_in_a_url(
    client: TestClient, database: Database, letters: list[str]
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, LIST)}
    page = client.post(LIST, data=form | {"to": "READER2"}).text
    assert "reader2@example.org" in page
    assert "reader1@example.org" not in page
    assert "to=" not in page
    assert "No mail to that address" in client.post(LIST, data=form | {"to": "nobody"}).text


def test_a_mail_without_html_opens_as_text(client: TestClient, database: Database, settings: Settings) -> None:
    name = store(settings.mailbox_dir, "a@example.org", mail("Plain", html=""))
    sign_in(client, database, Role.EDITOR)
    page = client.get(f"{LIST}/{name}").text
    assert "Hello in words" in page
    assert "<iframe" not in page


def test_the_mailbox_turns_pages(client: TestClient, database: Database, settings: Settings) -> None:
    for number in range(55):
        store(settings.mailbox_dir, f"r{number}@example.org", mail(f"Mail {number}"))
    sign_in(client, database, Role.EDITOR)
    assert f"{LIST}?from=50" in client.get(LIST).text
    second = client.get(LIST, params={"from": "50"}).text
    assert "r4@example.org" in second
    assert "r5@example.org" not in second


def test_p1_the_mailbox_is_closed_to_analysts(client: TestClient, database: Database, letters: list[str]) -> None:
    sign_in(client, database, Role.ANALYST)
    for path in (LIST, f"{LIST}/{letters[0]}", f"{LIST}/{letters[0]}/html", f"{LIST}/{letters[0]}/raw"):
        assert client.get(path).status_code == 403


def test_a_strange_name_is_a_calm_404(client: TestClient, database: Database, letters: list[str]) -> None:
    sign_in(client, database, Role.EDITOR)
    assert client.get(f"{LIST}/..%2f..%2fetc").status_code == 404
    assert client.get(f"{LIST}/nothing/html").status_code == 404
