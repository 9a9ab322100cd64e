"""Files added to answers over the real application: kept with them, gone with them, and saved by the team alone."""

import pytest

from core.operators import Role
from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.domain.anonymity import Anonymity
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.naming_checks import require_nobody_named
from surveys.domain.survey_files import read_survey
from surveys.services.apply_survey import apply_survey
from surveys.storage.added_files import Upload, uploads_of
from surveys.storage.responses import answers_of, response_to
from surveys.storage.surveys import open_survey
from tests.conftest import NOON
from tests.surveys.survey_scenes import invitations, invited, people
from tests.web import browser, sign_in

ASKED = """
name = "papers"
title = "Your papers"
[[page]]
name = "one"
[[page.question]]
name = "paper"
kind = "file"
text = "Please add your paper"
types = "pdf text"
megabytes = 1
[[page.question]]
name = "why"
kind = "text"
text = "What is in it?"
required = true
[[page]]
name = "two"
[[page.question]]
name = "more"
kind = "text"
text = "More?"
"""
PDF = ("paper.pdf", b"%PDF-1.7 one startxref 9 %%EOF", "application/pdf")
OTHER = ("other.pdf", b"%PDF-1.7 another startxref 9 %%EOF", "application/pdf")
EVIL = ("paper.pdf", b"MZ\x90\x00", "application/pdf")


def one_asked(database, keyring, definition=ASKED):
    with database.writing() as session:
        survey = apply_survey(session, read_survey(definition), at=NOON).survey
        open_survey(session, survey, NOON)
        people(session, 1)
        invited(session, survey)
        (invitation,) = invitations(session)
        link = "/s/" + keyring.sign(TokenKind.ANSWER, pack(invitation.id), ANSWER_MAC)
        return invitation.id, survey.id, link


@pytest.fixture
def asked(database, settings, keyring):
    found = one_asked(database, keyring)
    with browser(settings, database) as client:
        yield client, *found


def kept(database):
    with database.reading() as session:
        return [(each.name, each.content) for each in session.query(Upload).order_by(Upload.response_id)]


def send(asked, file=None, page="one", **fields):
    client, _number, _survey, link = asked
    posted = {"_page": page, "_version": "1", "_go": "next", **fields}
    return client.post(link + "/files", data=posted, files={"paper-file": file or ("", b"")})


def test_a_file_is_kept_with_the_answer_and_saved_by_the_team(asked, database):
    client, number, survey_id, link = asked
    assert 'enctype="multipart/form-data"' in client.get(link).text
    faulty = send(asked, PDF)
    assert faulty.status_code == 422  # the other question lacks its answer
    assert "Added: paper.pdf." in faulty.text
    assert kept(database) == [("paper.pdf", PDF[1])]
    assert send(asked, why="All of it").status_code == 303
    client.post(link, data={"_page": "two", "_version": "1", "_go": "next", "more": "x"})
    with database.reading() as session:
        response = response_to(session, number)
        assert response is not None
        assert response.done
        assert answers_of(session, response.id)["paper"][0].text == "paper.pdf"
        assert uploads_of(session, survey_id, after=(response.id, "paper")) == []
        place = f"/console/surveys/{survey_id}/files"
        address = f"{place}/{response.id}/paper"
    assert client.get(address).status_code == 303
    sign_in(client, database, Role.EDITOR)
    assert "paper.pdf" in client.get(place).text
    saved = client.get(address)
    assert saved.content == PDF[1]
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert client.get(address + "x").status_code == 404


def test_a_file_can_be_replaced_and_taken_away_and_a_wrong_one_changes_nothing(asked, database):
    send(asked, PDF, why="x")
    refused = send(asked, EVIL, why="x")
    assert "This is not a file of these types: pdf, text." in refused.text
    assert "Please add your paper" in refused.text
    assert kept(database) == [("paper.pdf", PDF[1])]
    send(asked, OTHER, why="x")
    assert kept(database) == [("other.pdf", OTHER[1])]
    send(asked, OTHER, why="y")
    assert kept(database) == [("other.pdf", OTHER[1])]
    send(asked, **{"paper-away": "1", "why": "x"})
    assert kept(database) == []


def test_a_required_file_can_be_taken_away_and_is_owed_then(database, settings, keyring):
    owed = ASKED.replace("megabytes = 1", "megabytes = 1\nrequired = true")
    *_numbers, link = one_asked(database, keyring, owed)
    with browser(settings, database) as client:
        asked = (client, 0, 0, link)
        assert send(asked, PDF, why="x").status_code == 303
        assert "Take this file away again" in client.get(link + "?page=one").text
        gone = send(asked, **{"paper-away": "1", "why": "x"})
        assert (gone.status_code, kept(database)) == (422, [])
        assert "Please add a file." in gone.text
        assert "Added:" not in gone.text
        assert send(asked, OTHER, **{"paper-away": "1", "why": "x"}).status_code == 303
        assert kept(database) == [("other.pdf", OTHER[1])]


def test_g11_a_file_for_nothing_that_is_asked_is_not_kept(asked, database):
    client, _number, _survey, link = asked
    assert send(asked, PDF, page="two").status_code == 303
    assert send(asked, PDF, page="nowhere").status_code == 303
    client.post(link, data={"_page": "one", "_go": "next", "why": "x", "paper": "x", "_file-paper": "a" * 40 + ".1.x"})
    with database.reading() as session:
        assert uploads_of(session, asked[2]) == []
    assert kept(database) == []
    assert send(asked, PDF, _go="decline").status_code == 303
    assert kept(database) == []


def test_g14_nobody_is_asked_for_a_file_where_answers_are_kept_apart_from_people():
    survey = read_survey(ASKED)
    require_nobody_named(survey, Anonymity.IDENTIFIED)
    for mode in (Anonymity.CONFIDENTIAL, Anonymity.ANONYMOUS):
        with pytest.raises(BadDefinition, match="question “paper”"):
            require_nobody_named(survey, mode)


def test_g13_a_file_beside_a_childs_age_is_not_kept(database, settings, keyring):
    aged = ASKED.replace('kind = "text"\ntext = "What is in it?"', 'kind = "number"\nage = true\ntext = "Your age?"')
    *_numbers, link = one_asked(database, keyring, aged)
    with browser(settings, database) as client:
        posted = {"_page": "one", "_version": "1", "_go": "next", "why": "9"}
        client.post(link + "/files", data=posted, files={"paper-file": PDF})
        assert kept(database) == []
        assert "nothing was stored" in client.get(link).text
