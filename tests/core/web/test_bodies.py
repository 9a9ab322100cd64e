"""How much of a request is read: little from strangers, more from the team, and a one-click's body never hinders it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from contacts.domain.addresses import Pepper, read_address
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.storage.blocks import blocks_of
from core.database import Database
from core.operators import Role
from core.tokens import Keyring
from core.web.visits import LARGEST_ATTACHMENT, LARGEST_CONSOLE, LARGEST_PUBLIC, LARGEST_UPLOAD, Place
from tests.web import csrf, sign_in

FORM = {"content-type": "application/x-www-form-urlencoded"}


def pieces(size: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    yield b"address=ann%40example.org&words="
    for _ in range(size // 65_536 + 1):
        yield b"x" * 65_536


@pytest.mark.parametrize("path", ["/unsubscribe", "/contact", "/console/sign-in"])
def test_strangers_cannot_send_more_than_a_page_holds(client: TestClient, path: str):
    assert client.post(path, content=b"x" * (LARGEST_PUBLIC + 1), headers=FORM).status_code == 413
    assert client.post(path, content=pieces(LARGEST_PUBLIC), headers=FORM).status_code == 413


@pytest.mark.parametrize("path", ["/unsubscribe", "/contact", "/console/sign-in"])
def test_what_no_database_keeps_comes_to_no_page(client: TestClient, path: str):
    fields = ("address", "message", "name", "email", "password")
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nann+2AA-@example.org\0\r\n' for name in fields
    ]
    kind = "multipart/form-data; charset=utf-7; boundary=x"
    answer = client.post(path, content="".join([*parts, "--x--\r\n"]), headers={"content-type": kind})
    assert answer.status_code < 500


def test_nothing_is_read_of_what_a_stranger_sends_to_the_console(client: TestClient):
    read: list[int] = []

    def noted() -> Iterator[bytes]:
        for number, piece in enumerate(pieces(LARGEST_PUBLIC)):
            read.append(number)
            yield piece

    for path in ("/console/imports", "/console/contacts", "/console/people"):
        assert client.post(path, content=noted(), headers=FORM).status_code == 401
    assert read == []


def test_a_form_of_the_console_has_its_limit_and_an_upload_a_wider_one(client: TestClient, database: Database):
    sign_in(client, database, Role.EDITOR)
    told = {"csrf": csrf(client, "/console/imports"), "q": "x" * (LARGEST_PUBLIC + 1)}
    assert client.post("/console/contacts", data=told).status_code == 200
    assert client.post("/console/contacts", content=pieces(LARGEST_CONSOLE), headers=FORM).status_code == 413
    file = {"file": ("people.csv", b"email\n" + b"ann@example.org\n" * (LARGEST_CONSOLE // 16 + 1))}
    assert client.post("/console/imports", data={"csrf": told["csrf"]}, files=file).status_code == 303


def test_g12_a_one_click_counts_whatever_comes_with_it(
    client: TestClient, database: Database, pepper: Pepper, keyring: Keyring
):
    bodies: tuple[bytes | Iterator[bytes], ...] = (
        b"x" * (LARGEST_PUBLIC + 1),
        pieces(LARGEST_PUBLIC),
        b"List-Unsubscribe=One-Click",
    )
    for number, body in enumerate(bodies):
        keys = pepper.keys(read_address(f"ann{number}@example.org"))
        link = "/u/" + unsubscribe_token(keyring, keys.own, 0, 12)
        assert client.post(link, content=body, headers=FORM).status_code == 200
        with database.reading() as session:
            assert [block.reason for block in blocks_of(session, keys.own)] == ["opt_out"]


def test_each_place_has_a_limit():
    def view(_visit):
        raise AssertionError

    assert Place("/", view).largest == LARGEST_PUBLIC
    assert Place("/", view, attachments=True).largest == LARGEST_ATTACHMENT
    assert Place("/", view, role=Role.ANALYST).largest == LARGEST_CONSOLE
    assert Place("/", view, role=Role.EDITOR, uploads=True).largest == LARGEST_UPLOAD
