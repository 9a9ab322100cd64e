"""What the tables of surveys keep true by themselves, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from surveys.domain.cells import Answers, Cell
from surveys.domain.survey_files import read_survey
from surveys.storage.invitations import Invitation
from surveys.storage.pressed_pages import Writing, write
from surveys.storage.responses import Answer, Response, answers_of
from surveys.storage.surveys import (
    SurveyState,
    SurveyVersion,
    all_published,
    close_survey,
    draft_number,
    drafted,
    due_surveys,
    find_survey,
    list_surveys,
    open_survey,
    published,
    store_draft,
)
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.survey_scenes import invitations, invited, opened, people

RESPONSE = {"survey_id": 1, "version": 1, "state": "open", "page": "", "started_at": NOON}


@pytest.fixture
def asked(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 2)
        invited(session, survey)
        yield session


def refused(session: Session, statement: Executable, name: str) -> None:
    with pytest.raises(IntegrityError) as told, session.begin_nested():
        session.execute(statement)
    assert name in str(told.value) or "UNIQUE" in str(told.value) or "FOREIGN KEY" in str(told.value)


def written(number: int, changed: Answers, **more: Any) -> Writing:
    """A press on a page of the survey's first version."""
    given: dict[str, Any] = {"response": None, "columns": {"page": "trip"}, **more}
    return Writing(kept=number, survey_id=1, version=1, began=NOON, changed=changed, **given)


def test_an_invitation_has_one_response(asked):
    number = invitations(asked)[0].id
    asked.execute(insert(Response).values(**RESPONSE, invitation_id=number))
    refused(asked, insert(Response).values(**RESPONSE, invitation_id=number), "uq_response_invitation_id")
    assert write(asked, [written(number, {"more": (Cell(text="x"),)})]) == [None]
    assert asked.scalars(select(Answer)).all() == []


def test_a_person_has_one_invitation_to_a_survey(asked):
    first = invitations(asked)[0]
    row = {"survey_id": 1, "address_key": first.address_key, "contact_id": 1, "created_at": NOON}
    refused(asked, insert(Invitation).values(**row), "uq_invitation_survey_id_address_key")


def test_a_response_belongs_to_a_version_and_is_complete_with_its_time(asked):
    number = invitations(asked)[0].id
    refused(asked, insert(Response).values(**{**RESPONSE, "version": 7}, invitation_id=number), "survey_version")
    completed = {**RESPONSE, "state": "complete"}
    refused(asked, insert(Response).values(**completed, invitation_id=number), "ck_response_completed")
    refused(asked, insert(Response).values(**{**RESPONSE, "state": "x"}, invitation_id=number), "ck_response_state")


def test_an_answer_is_stored_cell_by_cell_and_put_in_place_of_the_earlier_one(asked):
    number = invitations(asked)[0].id
    cells = (Cell("food", "bad", 1.0), Cell("weather", "na"))
    first = {"judged": cells, "more": (Cell(text="é\n漢"),), "nights": (Cell(number=2.5),)}
    (response,) = write(asked, [written(number, first)])
    assert response is not None
    assert answers_of(asked, response.id)["judged"] == cells
    before = answers_of(asked, response.id)
    second = {"judged": (Cell("food", "good", 3.0),), "more": ()}
    assert write(asked, [written(number, second, response=response, before=before)]) == [response]
    assert answers_of(asked, response.id) == {"judged": (Cell("food", "good", 3.0),), "nights": (Cell(number=2.5),)}
    refused(asked, insert(Answer).values(response_id=response.id, question=""), "ck_answer_question")


def test_one_draft_stands_beside_the_published_versions(asked):
    survey = find_survey(asked, "trip")
    changed = read_survey(BRANCHING.replace("Did you go?", "Did you travel?"))
    assert store_draft(asked, survey, changed, NOON) == 2
    assert store_draft(asked, survey, trip(), NOON) == 2
    assert draft_number(asked, survey) == 2
    table = insert(SurveyVersion).values(survey_id=survey.id, number=3, definition={})
    refused(asked, table, "uq_survey_version_draft")
    assert drafted(asked, survey) == published(asked, survey) == trip()
    with pytest.raises(NotFound):
        published(asked, survey, 2)
    open_survey(asked, survey, NOON)
    assert (survey.version, len(all_published(asked, survey))) == (2, 2)


def test_surveys_open_and_close_at_their_hours(asked):
    survey = find_survey(asked, "trip")
    survey.closes_at = NOON + timedelta(hours=1)
    asked.flush()
    assert due_surveys(asked, NOON) == ([], [])
    assert due_surveys(asked, NOON + timedelta(hours=1)) == ([], [survey])
    close_survey(asked, survey, NOON + timedelta(hours=1))
    with pytest.raises(Conflict):
        open_survey(asked, survey, NOON + timedelta(hours=2))
    assert survey.stage is SurveyState.CLOSED
    assert list_surveys(asked) == [survey]


def test_a_survey_that_is_not_there_is_told(asked):
    with pytest.raises(NotFound, match="There is no survey “nope”"):
        find_survey(asked, "nope")
