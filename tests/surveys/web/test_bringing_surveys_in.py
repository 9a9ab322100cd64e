"""The console takes other programs' survey files: a draft, and a page of what could not be carried."""

from core.operators import Role
from surveys.storage.surveys import drafted, list_surveys
from tests.surveys.domain.foreign.foreign_samples import choice, surveyjs, xlsform
from tests.web import csrf, sign_in

HOME = "/console/surveys"
LOSSES = surveyjs(choice("went", "yes"), {"name": "<b>", "visibleIf": "{<i>} = 1 or"}, title="Ears")
WHOLE = xlsform([["type", "name", "label"], ["text", "why", "Why?"]], settings=[["form_title"], ["Farm"]])
BROKEN = {
    b"PK": "no Excel file", b'{"pages": []}': "no question in this file",
    b"<?xml version='1.0'?><!DOCTYPE a []><a/>": "declares a document type",
}  # fmt: skip


def bring(client, content: bytes, **fields: str):
    return client.post(HOME, data={"csrf": csrf(client, HOME), **fields}, files={"file": ("survey", content)})


def test_what_could_not_be_carried_is_told_on_a_page_that_leads_to_the_questions(client, database):
    sign_in(client, database, Role.EDITOR)
    page = bring(client, LOSSES)
    assert page.status_code == 200
    assert "What could not be carried from SurveyJS" in page.text
    assert "question “&lt;b&gt;”" in page.text
    assert "<i>" not in page.text
    with database.reading() as session:
        (stored,) = list_surveys(session)
        assert [each.name for each in drafted(session, stored).questions()] == ["went", "b"]
        assert f'href="{HOME}/{stored.id}/edit"' in page.text


def test_a_survey_without_losses_opens_at_once_under_the_title_given_and_a_broken_file_makes_none(client, database):
    sign_in(client, database, Role.EDITOR)
    assert bring(client, WHOLE, title="Harvest 2026").headers["location"].endswith("/edit?said=added")
    again = bring(client, WHOLE, title="Harvest 2026")
    assert "There is a survey named “harvest_2026” already." in again.text
    for content, said in BROKEN.items():
        assert said in bring(client, content).text
    with database.reading() as session:
        assert [each.name for each in list_surveys(session)] == ["harvest_2026"]
