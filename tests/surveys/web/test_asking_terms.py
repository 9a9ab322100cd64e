"""What people are promised, chosen in the console and kept by the form behind their links."""

import pytest
from sqlalchemy import func, select

from core.operators import Role
from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.storage.invitations import Invitation
from surveys.storage.pseudonyms import SpentMark
from surveys.storage.responses import Response
from surveys.storage.surveys import close_survey, find_survey
from tests.conftest import NOON
from tests.surveys.survey_scenes import invitations, invited, opened, people
from tests.web import csrf, sign_in

WENT_NOT: tuple[tuple[str, dict[str, str]], ...] = (
    ("start", {"went": "no"}),
    ("why_not", {"reason": "ill"}),
    ("end", {}),
)


@pytest.fixture
def survey(client, database):
    sign_in(client, database, Role.ADMIN)
    with database.writing() as session:
        people(session, 2)
        return opened(session).id


def promise(client, survey: int, anonymity: str, **more: str):
    page = f"/console/surveys/{survey}"
    data = {"csrf": csrf(client, f"{page}/invite"), "anonymity": anonymity, "access": "invited", **more}
    return client.post(f"{page}/promise", data=data)


def test_g14_an_anonymous_survey_is_answered_by_the_address_of_its_page_alone(client, database, keyring, survey):
    assert promise(client, survey, "anonymous").status_code == 303
    with database.writing() as session:
        invited(session, find_survey(session, "trip"))
        number = invitations(session)[0].id
    link = "/s/" + keyring.sign(TokenKind.ANSWER, pack(number), ANSWER_MAC)
    assert "This survey is anonymous" in client.get(link).text
    here, ahead = link, ""
    for page, fields in WENT_NOT:
        said = client.post(here, data={"_page": page, "_go": "next", "_version": "1", **fields})
        assert said.status_code == 303
        ahead = said.headers["location"]
        here = ahead.partition("?")[0]
        assert here != link
    thanks = client.get(ahead).text
    assert "cannot be changed or taken back" in thanks
    assert "You have already answered" in client.get(link).text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SpentMark)) == 1
        response = session.scalars(select(Response)).one()
        assert session.get_one(Invitation, response.invitation_id).contact_id == 0
    assert "1 answer waits to be released" in client.get(f"/console/surveys/{survey}/invite").text


def test_a_promise_that_cannot_be_taken_back_is_refused_with_the_reason(client, database, survey):
    assert promise(client, survey, "confidential", unlink_days="30").status_code == 303
    for wrong in (
        {"anonymity": "secret"},
        {"unlink_days": "many"},
        {"unlink_days": "9999"},
        {"access": "all"},
    ):
        assert promise(client, survey, **({"anonymity": "confidential"} | wrong)).status_code == 409
    with database.writing() as session:
        invited(session, find_survey(session, "trip"))
    assert "cannot be changed any more" in promise(client, survey, "identified").text
    page = f"/console/surveys/{survey}"
    early = client.post(f"{page}/unlink", data={"csrf": csrf(client, f"{page}/invite")})
    assert "Close the survey first" in early.text
    with database.writing() as session:
        close_survey(session, find_survey(session, "trip"), NOON)
    done = client.post(f"{page}/unlink", data={"csrf": csrf(client, f"{page}/invite")})
    assert "Nobody can tell any more who gave which answers." in client.get(done.headers["location"]).text
