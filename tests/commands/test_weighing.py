"""`heedful survey weights`: targets from a file are kept, told, used by the results, and dropped."""

import json

import pytest

from core.database import Database
from tests.surveys.answered_scenes import answered
from tests.surveys.survey_scenes import opened
from tests.surveys.web.test_result_pages import RESPONSES

TARGETS = "trim = 5\n\n[went]\nyes = 60\nno = 40\n"


@pytest.fixture
def told(house, tmp_path):
    """A house whose survey was answered sixty times."""
    database = Database(f"sqlite:///{tmp_path / 'heedful.db'}")
    with database.writing() as session:
        answered(session, opened(session), RESPONSES)
    database.close()
    return house


def test_targets_are_set_from_a_file_shown_as_one_used_and_dropped(told, tmp_path):
    file = tmp_path / "census.toml"
    file.write_text(TARGETS)
    assert "are not weighted" in told("survey", "weights", "show", "trip").output
    facts = json.loads(told("survey", "weights", "set", "trip", file, "--json").output)
    assert (facts["method"], facts["questions"], facts["greatest_difference"]) == ("raking", "went", 0)
    shown = told("survey", "weights", "show", "trip").output
    assert shown.startswith("# method: raking")
    assert shown.endswith(TARGETS)
    assert "design_effect" in json.loads(told("survey", "results", "trip", "--json").output)
    assert "effective_n" in told("survey", "weights", "set", "trip", file, "--trim", "3").output
    assert json.loads(told("survey", "weights", "show", "trip", "--json").output)["targets"]["trim"] == 3
    assert json.loads(told("survey", "weights", "drop", "trip", "--json").output) == {"name": "trip", "weighted": False}
    assert json.loads(told("survey", "weights", "show", "trip", "--json").output)["targets"] is None


def test_a_spreadsheet_is_taken_and_what_cannot_be_fitted_is_refused_and_keeps_what_was(told, tmp_path):
    sheet = tmp_path / "census.csv"
    sheet.write_text("went,target\nyes,50\nno,50\n")
    assert "post-stratification" in told("survey", "weights", "set", "trip", sheet).output
    for text, said in (
        ("went,target\nyes,50\nmaybe,50\n", "Nobody"),
        ("gone,target\nyes,1\n", "“gone” is no question"),
    ):
        sheet.write_text(text)
        refused = told("survey", "weights", "set", "trip", sheet)
        assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    sheet.write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in told("survey", "weights", "set", "trip", sheet).output
    assert "post-stratification" in told("survey", "weights", "show", "trip").output
