"""The links of an invitation's mail: a rating that pre-selects, a page for who does not want to take part (G11)."""

import re

import pytest
from starlette.testclient import TestClient

from core.database import Database
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack
from surveys.storage.invitations import Invitation
from tests.surveys.services.test_whom_to_ask import RATED
from tests.surveys.survey_scenes import counted, invitations, invited, opened, people


@pytest.fixture
def link(database: Database, keyring: Keyring) -> str:
    with database.writing() as session:
        survey = opened(session, RATED)
        people(session, 1)[0].locale = "en"
        invited(session, survey)
        return "/s/" + keyring.sign(TokenKind.ANSWER, pack(invitations(session)[0].id), ANSWER_MAC)


def checked(page: str) -> list[str]:
    inputs = re.findall(r'<input type="radio"[^>]*>', page)
    return [found[1] for each in inputs if " checked" in each and (found := re.search(r'value="(\d+)"', each))]


def test_g11_a_number_of_the_mail_is_marked_on_the_page_and_stored_by_a_press_alone(
    client: TestClient, database: Database, link: str
):
    with database.reading() as session:
        before = counted(session)
    assert checked(client.get(link).text) == []
    page = client.get(f"{link}?score=9").text
    assert checked(page) == ["9"]
    assert "notice bad" not in page
    assert checked(client.get(f"{link}?score=99").text) == []
    assert client.head(f"{link}?score=9").status_code == 200
    with database.reading() as session:
        assert counted(session) == before
    client.post(link, data={"_page": "first", "_go": "next", "_version": "1", "score": "7"})
    assert checked(client.get(f"{link}?page=first&score=2").text) == ["7"], "what was answered stays"


def test_g11_declining_takes_a_press_on_the_page_that_the_mail_leads_to(
    client: TestClient, database: Database, link: str
):
    page = client.get(f"{link}?decline=1").text
    assert 'value="decline"' in page
    with database.reading() as session:
        assert invitations(session)[0].declined_at is None
    assert "You will get no reminder" in client.post(link, data={"_go": "decline"}, follow_redirects=True).text
    with database.reading() as session:
        assert session.get_one(Invitation, 1).declined_at is not None
    assert "You told us" in client.get(f"{link}?decline=1").text
