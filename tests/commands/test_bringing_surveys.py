"""`heedful survey import`: another program's survey becomes a draft, and what could not be carried is told."""

import json
from pathlib import Path

from tests.surveys.domain.foreign.foreign_samples import choice, surveyjs, xlsform

LEFT_OUT = {"type": "signaturepad", "name": "sig"}
FORM = surveyjs(choice("went", "yes", "no"), LEFT_OUT, {"name": "why", "visibleIf": "{x} = 1"})


def test_a_foreign_survey_becomes_a_draft_and_the_rest_is_told(house, tmp_path: Path):
    file = tmp_path / "ears.json"
    file.write_bytes(FORM)
    looked = house("survey", "import", file, "--dry-run", "--json")
    told = json.loads(looked.output)
    assert (told["name"], told["program"], told["questions"], told["made"]) == ("ears", "SurveyJS", 2, False)
    assert [note["place"] for note in told["notes"]] == ["question “sig”", "question “why”"]
    assert "ears" not in house("survey", "list").output
    made = house("survey", "import", file)
    assert made.exit_code == 0, made.output
    assert "SurveyJS: “Ears” is a draft now: 1 pages, 2 questions." in made.output
    assert "question “why”: The condition “{x} = 1” was left out: there is no question “x”." in made.output
    assert "ears" in house("survey", "list").output
    again = house("survey", "import", file)
    assert (again.exit_code, "Give this one another name with --name." in again.output) == (1, True)
    assert house("survey", "import", file, "--name", "ears-2").exit_code == 0


def test_a_file_that_is_no_survey_is_refused_and_one_without_losses_has_no_list(house, tmp_path: Path):
    file = tmp_path / "form.xlsx"
    file.write_bytes(b"PK, and no workbook")
    refused = house("survey", "import", file)
    assert (refused.exit_code, "This is no Excel file." in refused.output) == (1, True)
    file.write_bytes(xlsform([["type", "name", "label"], ["text", "why", "Why?"]], settings=[["form_title"], ["Farm"]]))
    looked = house("survey", "import", file, "--dry-run")
    assert looked.output == "XLSForm: “Farm” would be made: 1 pages, 1 questions.\n"
