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
    told = caller.get(f"/surveys/{survey}/results?where=went=yes&where=score>=5&population=40").json()
    assert (told["responses"], told["everybody"], told["withheld"], told["weighted"]) == (15, 60, False, False)
    assert told["where"] == ["“Did you go?” is “Yes”", "“Would you recommend it?” is “5” or more"]
    went = next(each for each in told["questions"] if each["name"] == "went")
    assert (went["answered"], went["tally"]["shares"][0]["count"]) == (15, 15)
    assert not any("text" in share for share in went["tally"]["shares"])
    crossed = caller.get(f"/surveys/{survey}/crosstab?rows=went&banner=judged:food&adjust=holm&minimum_base=5").json()
    (table,) = crossed["tables"]
    assert [each["letter"] for each in table["columns"]] == ["A", "B", "C", "D"]
    assert table["association"]["df"] == 2
    assert "Holm" in " ".join(table["formulas"])
    rates = caller.get(f"/surveys/{survey}/response-rates?e=0.5").json()
    assert (rates["invited"], rates["e"], rates["rates"]["RR1"]) == (60, 0.5, 1.0)
    for wrong in ("results?where=x", "crosstab?rows=went", "response-rates?e=2", "results?population=3"):
        assert caller.get(f"/surveys/{survey}/{wrong}").status_code == 422
    assert caller.get("/surveys/9999/results").status_code == 404


def test_g14_hidden_counts_are_null_and_too_few_are_told_nothing_of(client, database):
    with database.writing() as session:
        found = opened(session)
        session.execute(update(Survey).values(anonymity="anonymous"))
        answered_anonymously(session, found, [*RESPONSES[:40], {"went": "other", "score": 3}])
        number = found.id
    caller = program(client, database, Role.ANALYST)
    told = caller.get(f"/surveys/{number}/results").json()
    went = next(each for each in told["questions"] if each["name"] == "went")
    assert [share["count"] for share in went["tally"]["shares"]] == [None, 20, None]
    few = caller.get(f"/surveys/{number}/results?where=went=other").json()
    assert (few["withheld"], few["responses"], few["questions"]) == (True, None, [])
    table = caller.get(f"/surveys/{number}/crosstab?rows=score&banner=went").json()["tables"][0]
    assert None in [cell for row in table["cells"] for cell in row["cells"]] or "few each" in str(table["columns"])
