"""Results for other programs: figures, tables and rates as JSON, by the same filters."""

import pytest
from sqlalchemy import update

from core.operators import Role
from surveys.storage.surveys import Survey
from tests.api import program
from tests.surveys.answered_scenes import answered, answered_anonymously
from tests.surveys.survey_scenes import opened
from tests.surveys.web.test_result_pages import RESPONSES


@pytest.fixture
def survey(database):
    with database.writing() as session:
        found = opened(session)
        answered(session, found, RESPONSES)
        return found.id


def test_results_tables_and_rates_are_told_by_the_same_filters(client, database, survey):
    caller = program(client, database, Role.ANALYST)
    told = caller.post(
        "/surveys/results", {"survey": survey, "where": ["went=yes", "score>=5"], "population": 40}
    ).json()
    assert (told["responses"], told["everybody"], told["withheld"], told["weighted"]) == (15, 60, False, False)
    assert told["where"] == ["“Did you go?” is “Yes”", "“Would you recommend it?” is “5” or more"]
    went = next(each for each in told["questions"] if each["name"] == "went")
    assert (went["answered"], went["tally"]["shares"][0]["count"]) == (15, 15)
    assert not any("text" in share for share in went["tally"]["shares"])
    crossed = caller.post(
        "/surveys/crosstab",
        {"survey": survey, "rows": ["went"], "banner": ["judged:food"], "adjust": "holm", "minimum_base": 5},
    ).json()
    (table,) = crossed["tables"]
    assert [each["letter"] for each in table["columns"]] == ["A", "B", "C", "D"]
    assert table["association"]["df"] == 2
    assert "Holm" in " ".join(table["formulas"])
    rates = caller.post("/surveys/response-rates", {"survey": survey, "e": 0.5}).json()
    assert (rates["invited"], rates["e"], rates["rates"]["RR1"]) == (60, 0.5, 1.0)
    for path, wrong in (
        ("results", {"where": ["x"]}),
        ("results", {"population": 3}),
        ("crosstab", {"rows": ["went"]}),
        ("response-rates", {"e": 2.0}),
    ):
        assert caller.post(f"/surveys/{path}", {"survey": survey, **wrong}).status_code == 422
    assert caller.post("/surveys/results", {"survey": 9999}).status_code == 404


def test_g14_hidden_counts_are_null_and_too_few_are_told_nothing_of(client, database):
    with database.writing() as session:
        found = opened(session)
        session.execute(update(Survey).values(anonymity="anonymous"))
        answered_anonymously(session, found, [*RESPONSES[:40], {"went": "other", "score": 3}])
        number = found.id
    caller = program(client, database, Role.ANALYST)
    told = caller.post("/surveys/results", {"survey": number}).json()
    went = next(each for each in told["questions"] if each["name"] == "went")
    assert [share["count"] for share in went["tally"]["shares"]] == [None, 20, None]
    few = caller.post("/surveys/results", {"survey": number, "where": ["went=other"]}).json()
    assert (few["withheld"], few["responses"], few["questions"]) == (True, None, [])
    table = caller.post("/surveys/crosstab", {"survey": number, "rows": ["score"], "banner": ["went"]}).json()[
        "tables"
    ][0]
    assert None in [cell for row in table["cells"] for cell in row["cells"]] or "few each" in str(table["columns"])
