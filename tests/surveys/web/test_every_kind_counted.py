"""Every kind of question from the press to the console: counted, drawn, crossed and exported in every format."""

import pytest

from core.operators import Role
from surveys.domain.turns import Turn
from surveys.services.apply_survey import apply_survey
from surveys.services.respond import press
from surveys.storage.answer_sheets import Link
from surveys.storage.surveys import open_survey
from tests.conftest import NOON
from tests.surveys.domain.every_kind import PAGES, answer_to, every_kind
from tests.surveys.survey_scenes import invitations, invited, people
from tests.web import browser, sign_in

FORMATS = ("csv", "xlsx", "sav", "dta", "json", "parquet")


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def counted(database, settings):
    with database.writing() as session:
        survey = apply_survey(session, every_kind(), at=NOON).survey
        open_survey(session, survey, NOON)
        people(session, 2)
        invited(session, survey)
        for each in invitations(session):
            for page, names in PAGES.items():
                posted = {field: values for name in names for field, values in answer_to(name).items()}
                step = press(session, Link(each.id), Turn(page, posted), at=NOON).step
                assert step is not None
                assert not step.faults
        number = survey.id
    with browser(settings, database) as client:
        sign_in(client, database, Role.EDITOR)
        yield client, f"/console/surveys/{number}"


def test_every_kind_is_counted_drawn_and_exported(counted):
    client, place = counted
    results = client.get(place)
    assert results.status_code == 200
    for question in every_kind().questions():
        if question.kind not in {"statement", "file"}:
            assert question.text in results.text, question.name
    for form in FORMATS:
        exported = client.get(f"{place}/export/file?format={form}&people=1")
        assert exported.status_code == 200, form
        assert len(exported.content) > 100
    for page in ("/export/codebook", "/edit", "/preview", "/file", "/crosstab"):
        assert client.get(place + page).status_code == 200, page
    for name in ("several_pictures", "ranking", "slider", "matrix_number", "datetime", "file", "hidden"):
        assert client.get(f"{place}/edit/{name}").status_code == 200, name
