"""The console's page for answers given elsewhere."""

import pytest
from sqlalchemy import func, select

from core.operators import Role
from surveys.storage.responses import Response
from surveys.web import answers_brought
from tests.surveys.survey_scenes import opened
from tests.web import csrf, sign_in

FILE = "went,reason,score,Colour\nyes,,9,red\nno,rain,,blue\n"


@pytest.fixture
def page(client, database) -> str:
    sign_in(client, database, Role.EDITOR)
    with database.writing() as session:
        return f"/console/surveys/{opened(session).id}/export/bring"


def sent(client, page: str, text: str, **fields: str):
    files = {"file": ("answers.csv", text.encode(), "text/csv")}
    return client.post(page, data={"csrf": csrf(client, page), **fields}, files=files)


def kept(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0


def test_a_file_is_looked_at_and_then_stored_once(client, database, page):
    assert "Look at the file" in client.get(page).text
    looked = sent(client, page, FILE, act="look")
    assert looked.status_code == 200
    assert "Colour" in looked.text
    assert kept(database) == 0
    stored = sent(client, page, FILE, act="store")
    assert "Responses stored: 2." in stored.text
    assert kept(database) == 2
    assert "Responses stored: 0." in sent(client, page, FILE, act="store").text
    assert kept(database) == 2


def test_faults_are_told_with_their_places_and_stop_the_file_or_their_rows(client, database, page, monkeypatch):
    faulty = FILE.replace("yes,,9", "<b>perhaps</b>,,9")
    looked = sent(client, page, faulty, act="look").text
    assert "Please choose one of the answers shown." in looked
    refused = sent(client, page, faulty, act="store")
    assert refused.status_code == 422
    assert "Rows with answers that this survey does not allow: 1" in refused.text
    assert kept(database) == 0
    assert "Responses stored: 1." in sent(client, page, faulty, act="store", partly="1").text
    monkeypatch.setattr(answers_brought, "MOST_ROWS", 1)
    assert "heedful survey import-answers" in sent(client, page, FILE, act="look").text
    assert client.post(page, data={"csrf": csrf(client, page), "act": "look"}).status_code == 422
