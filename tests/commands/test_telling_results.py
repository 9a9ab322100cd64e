"""`heedful survey results`, `crosstab`, `response-rates`: the same figures on the terminal."""

import json
from datetime import timedelta
from typing import Any

import pytest

from core.clock import now
from core.database import Database
from surveys.domain.weighting_plans import Plan
from surveys.services.weigh_answers import keep_plan
from tests.conftest import NOON
from tests.surveys.answered_scenes import answered
from tests.surveys.survey_scenes import opened
from tests.surveys.web.test_result_pages import RESPONSES


@pytest.fixture
def told(house, tmp_path):
    """A house whose survey was answered sixty times and is weighted."""
    database = Database(f"sqlite:///{tmp_path / 'heedful.db'}")
    with database.writing() as session:
        survey = opened(session)
        times: dict[str, Any] = {"completed_at": NOON + timedelta(minutes=3), "pace": {"start": 12}}
        answered(session, survey, [*RESPONSES, {"went": "other", "score": 9}], **times)
        keep_plan(session, survey, Plan(("went",), ({"yes": 60, "no": 30, "other": 10},)), at=now())
    database.close()
    return house


def test_results_are_printed_for_people_and_for_programs(told):
    printed = told("survey", "results", "trip", "--where", "score>=5", "--population", "5000").output
    assert "“Would you recommend it?” is “5” or more" in printed
    assert "NPS" in printed
    assert "mean" in printed
    facts = json.loads(told("survey", "results", "trip", "--where", "went=yes", "--plain", "--json").output)
    assert (facts["responses"], facts["questions"]["went"]["base"]) == (30, 30)
    whole = json.loads(told("survey", "results", "trip", "--json").output)
    assert "design_effect" in whole
    page = {"name": "start", "text": "Did you go?", "stopped": 0, "share": 0, "seconds": 12}
    assert (whole["minutes"], whole["pages"]) == (3, [page])
    assert "to end: 3.0 minutes" in printed
    assert "0 stopped at  Did you go?, median 12 s" in printed
    wrong = told("survey", "results", "trip", "--where", "nothing=1")
    assert (wrong.exit_code, "There is no question “nothing”" in wrong.output) == (1, True)


def test_crosstabs_are_printed_with_tests_and_formulas(told):
    given = ("survey", "crosstab", "trip", "--rows", "score", "--rows", "how", "--banner", "judged:food")
    printed = told(*given, "--adjust", "holm", "--plain").output
    assert "chi-square" in printed
    assert "Holm" in printed
    assert "mean" in printed
    tables = json.loads(told(*given, "--json").output)["tables"]
    assert [table["rows"] for table in tables] == ["score", "how"]


def test_response_rates_are_printed(told):
    assert "RR6" in told("survey", "response-rates", "trip").output
    facts = json.loads(told("survey", "response-rates", "trip", "--e", "0.5", "--json").output)
    assert (facts["invited"], facts["rates"]["RR1"]) == (61, 1.0)
