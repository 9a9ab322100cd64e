import io
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from contacts.storage.contacts import Contact
from contacts.storage.imports import latest_imports
from core.database import Database
from core.operators import Role
from core.settings import Settings
from tests.patience import until
from tests.web import csrf, sign_in

LIST = "/console/imports"
FILE = """Email;Vorname;Land;Abgemeldet
lena@example.org;Lena;DE;
kenji@example.com;賢治;JP;
not an address;X;DE;
tom@example.org;Tom;GB;ja
"""


def sent(client: TestClient, text: str = FILE, name: str = "people.csv") -> str:
    files = {"file": (name, io.BytesIO(text.encode()), "text/csv")}
    answer = client.post(LIST, data={"csrf": csrf(client, LIST)}, files=files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def filled(client: TestClient, page: str, **more: object) -> dict[str, object]:
    known = {"source": "purchase", "source_time": "2026-10-01", "evidence": "order form", "consents": ["updates"]}
    return {"csrf": csrf(client, page), "then": "begin"} | known | more


def finished(client: TestClient, path: str) -> str:
    until(lambda: 'hx-trigger="every 1s"' not in client.get(path).text, "the end of the import")
    return client.get(path).text


def test_a_file_goes_in_column_by_column_and_the_report_adds_up(
    client: TestClient, database: Database, settings: Settings
) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client)
    shown = client.get(waiting).text
    assert "lena@example.org" in shown
    assert "Encoding utf-8, 4 columns" in shown
    answer = client.post(waiting, data=filled(client, waiting, consents=["updates"]))
    run = answer.headers["location"].split("?")[0]
    page = finished(client, run)
    assert "contacts added" in page
    assert "rows rejected" in page
    rejects = client.get(f"{run}/rejects")
    assert "not an address" in rejects.text
    assert rejects.headers["content-disposition"].startswith("attachment")
    with database.reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 3
    assert not list((settings.data_dir / "uploads").iterdir())
    assert "people.csv" in client.get(LIST).text


def test_an_uploaded_file_is_readable_by_its_owner_only(
    client: TestClient, database: Database, settings: Settings
) -> None:
    sign_in(client, database, Role.EDITOR)
    sent(client)
    modes = {path.stat().st_mode & 0o777 for path in (settings.data_dir / "uploads").iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize("field", ["source", "source_time", "evidence"])
def test_p6_source_time_and_evidence_are_asked_for_beside_their_fields(
    client: TestClient, database: Database, field: str
) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client)
    answer = client.post(waiting, data=filled(client, waiting) | {field: ""})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert "order form" in answer.text or field == "evidence"
    with database.reading() as session:
        assert latest_imports(session) == []


def test_p6_a_moment_that_is_none_or_still_to_come_is_said_beside_its_field(
    client: TestClient, database: Database
) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client)
    for written in ("soon", "2099-01-01"):
        answer = client.post(waiting, data=filled(client, waiting, source_time=written))
        assert answer.status_code == 422
        assert 'id="e-source_time"' in answer.text
    with database.reading() as session:
        assert latest_imports(session) == []


def test_looking_again_reads_the_file_with_other_choices(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client)
    again = filled(client, waiting) | {"then": "look", "header": "no", "encoding": "windows-1252"}
    page = client.post(waiting, data=again).text
    assert "Encoding cp1252" in page
    assert "is a person already" in page


def test_a_file_without_a_known_address_column_asks_which_one_it_is(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client, "a,b\nx@example.org,y@example.org\nz@example.org,q@example.org\n")
    page = client.get(waiting)
    assert page.status_code == 422
    assert "address" in page.text
    form = filled(client, waiting) | {"column": ["a", "b"], "field": ["address", "ignore"]}
    answer = client.post(waiting, data=form)
    assert answer.status_code == 303, answer.text
    finished(client, answer.headers["location"].split("?")[0])


def test_an_empty_file_and_no_file_are_refused_at_once(
    client: TestClient, database: Database, settings: Settings
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, LIST)}
    assert "Choose a file." in client.post(LIST, data=form).text
    empty = client.post(LIST, data=form, files={"file": ("x.csv", io.BytesIO(b"\n"), "text/csv")})
    assert empty.status_code == 422
    assert not list((settings.data_dir / "uploads").iterdir())


def test_a_suppression_list_opts_everybody_out_and_needs_no_source(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client, "email\nlena@example.org\n")
    form = {"csrf": csrf(client, waiting), "then": "begin", "mode": "restrict"}
    answer = client.post(waiting, data=form)
    assert "opt-outs recorded" in finished(client, answer.headers["location"].split("?")[0])


def test_a_file_that_is_gone_and_a_strange_key_are_calm(client: TestClient, database: Database, tmp_path: Path) -> None:
    sign_in(client, database, Role.EDITOR)
    assert client.get(f"{LIST}/new/{'0' * 32}").status_code == 404
    assert client.get(f"{LIST}/new/..%2F..%2Fetc").status_code == 404
    assert client.get(f"{LIST}/999").status_code == 404


def test_an_import_that_cannot_begin_says_why(client: TestClient, database: Database, settings: Settings) -> None:
    sign_in(client, database, Role.EDITOR)
    waiting = sent(client)
    with database.writing() as session:
        from contacts.storage.peppers import Canary

        session.query(Canary).update({"value": "another pepper"})
    answer = client.post(waiting, data=filled(client, waiting))
    assert answer.status_code == 500
    assert "HEEDFUL_PEPPER" in answer.text
