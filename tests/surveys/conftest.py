"""Surveys' tests ask for the same things as all others."""

import pytest

from core.database import Base, Database
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, SurveyCampaign, SurveyVersion

MAPPED = (Survey, SurveyVersion, SurveyCampaign, Invitation, Response, Answer)


@pytest.fixture(autouse=True)
def _tables(request: pytest.FixtureRequest) -> None:
    if "database" in request.fixturenames:
        database: Database = request.getfixturevalue("database")
        Base.metadata.create_all(database.engine, tables=[Base.metadata.tables[each.__tablename__] for each in MAPPED])
